"""Sales per second paid by Passes at tills, over HTTP, beside a bare route that keeps the same rows."""

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from subprocess import Popen
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.bench import Bench, Timing
from benchmarks.processes import ROOT, first_answer, free_port
from benchmarks.tills import headers_of, pay
from config.settings import load_settings
from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Refusal
from kit.ids import new_id
from kit.seal import Seal
from node.commands.data import run_checks
from node.demo.filling import fill
from node.demo.village import make_nodes, stop_all
from pos_api import proofs
from pos_api.models.operator import CASHIER
from pos_api.principal import Device
from pos_api.queries import who
from pos_api.service import holding, operators, pairing
from pos_api.service.operators import OperatorValues
from pos_api.service.pairing import NewDevice
from pos_api.taps import close_tap
from sales.queries.catalogue import catalogue
from tests.village.faults.books import rows
from tests.village.faults.money import MUCH, agree_on_all, new_cards, opened
from tests.village.faults.nodes import ShelteredNode
from wallet.cards.reading import Tap

TILLS = (1, 8, 32, 128)
SHARE = 0.25
"""Of what the bare route does."""
TO = "bare route, same rows"
BY = Principal(name="bench")
BALANCES = (
    "SELECT c.uid, a.credits - a.debits FROM pass_card c "
    "JOIN ledger_account a ON replace(a.owner, '-', '') = lower(hex(c.wallet_id)) AND a.kind = 'wallet'"
)
SOLD = "SELECT series, count(*), max(number), sum(total) FROM sale WHERE device IN ({}) GROUP BY series"


@dataclass(frozen=True)
class Pos:
    """One paired till in somebody's hands, and the card that pays at it."""

    device: Device
    token: str
    operator: str
    uid: str


@dataclass
class Ours:
    """A node with its tills, what they sell, and what they were told."""

    node: ShelteredNode
    seal: Seal
    tills: Sequence[Pos]
    point: str
    line: dict[str, str]
    price: int
    told: Counter[str] = field(default_factory=Counter)
    refused: list[bytes] = field(default_factory=list)

    def sell(self, tills: int, seconds: float) -> Timing:
        """So many tills at once, each with a tap of its own card."""
        refs = [close_tap(self.seal, one.device.id, Tap(uid=one.uid)) for one in self.tills[:tills]]

        def ask(number: int) -> tuple[dict[str, str], bytes]:
            till = self.tills[number]
            payment = {"means": "pass", "amount": self.price, "tap": refs[number]}
            said = {
                "id": str(new_id()), "at": clock.now().isoformat(), "point": self.point,
                "lines": [self.line], "payments": [payment], "total": self.price,
            }  # fmt: skip
            more = {"hameau-operator": till.operator}
            return dict(headers_of(till.token, **more)), json.dumps(said).encode()

        paid = pay(self.node.hidden, "/api/pos/v1/sales", ask, tills, seconds)
        self.told.update(json.loads(answer)["sale"]["series"] for answer in paid.answers)
        self.refused += paid.refused
        return paid.timing


@dataclass
class Bare:
    """The reference, likewise."""

    port: int
    file: Path
    price: int
    told: int = 0

    def sell(self, tills: int, seconds: float) -> Timing:
        point = str(UUID(int=5))

        def ask(number: int) -> tuple[dict[str, str], bytes]:
            line = {"label": "Demi", "quantity": "1", "unit_price": self.price, "vat_rate": 2000}
            said = {
                "id": str(new_id()), "at": clock.now().isoformat(), "till": number, "point": point,
                "lines": [line], "total": self.price,
            }  # fmt: skip
            return dict(headers_of("till")), json.dumps(said).encode()

        paid = pay(self.port, "/sales", ask, tills, seconds)
        self.told += len(paid.answers)
        return paid.timing

    def kept(self) -> int:
        with closing(sqlite3.connect(self.file)) as base:
            found: int = base.execute("SELECT count(*) FROM journal").fetchone()[0]
        return found


def run(bench: Bench) -> None:
    """Slices of ours and of the reference take turns; a ratio is the middle one of its rounds."""
    numbers = bench.among((1, 16), TILLS, TILLS)
    with (
        our_node(bench.folder / "ours", max(numbers)) as ours,
        bare(bench.folder / "bare.db", ours.price) as beside,
    ):
        seconds, rounds = bench.among((0.3, 1), (1.5, 3), (5.0, 5))
        for side in (ours, beside):
            side.sell(8, seconds)
        for tills in numbers:
            pairs = [(ours.sell(tills, seconds), beside.sell(tills, seconds)) for _ in range(rounds)]
            _compare(bench, tills, pairs)
        bench.check("the reference kept what it said", beside.kept() == beside.told)
        _check(bench, ours)


@contextmanager
def our_node(folder: Path, count: int) -> Iterator[Ours]:
    """One node of the demonstration, with a till, an operator and a card for each client."""
    made = make_nodes(folder, free_port(), 1)[0]
    node = ShelteredNode(made.key, made.port, made.folder, hidden=made.port)
    fill(node)
    agree_on_all(node)
    uids = new_cards(node, count, MUCH)
    with opened(node) as app:
        tills = app.db.write(
            lambda session: [_till(session, app, number, uid) for number, uid in enumerate(uids)]
        )
        with app.db.read() as session:
            shop = catalogue(session)
        listed = shop.points[0].products
        price_of = {one.id: one.prices[0] for one in shop.products if one.id in listed and _is_plain(one)}
        product, price = next(iter(price_of.items()))
        line = {"product": str(product), "price": str(price.id), "quantity": "1"}
        seal, amount = app.seal, price.amount or 0
    node.start()
    try:
        node.wait_until_ready()
        yield Ours(node, seal, tills, str(shop.points[0].id), line, amount)
    finally:
        stop_all([node])


def _is_plain(product: Any) -> bool:
    return (product.sort, product.unit, product.is_sold_out) == ("product", "piece", False) and bool(
        product.prices[0].amount
    )


def _till(session: Session, app: App, number: int, uid: str) -> Pos:
    code = proofs.code_hash(app.seal, f"{number:06d}")
    pairing.make_code(session, BY, code, name=f"Till {number}")
    token, held = proofs.new_token(proofs.DEVICE_PREFIX), proofs.new_token(proofs.OPERATOR_PREFIX)
    made = pairing.pair(session, "bench", code, NewDevice(proofs.hash_of(token)))
    if isinstance(made, Refusal):
        raise made
    device = who.device(made)
    said = OperatorValues(f"B{number}", f"Bench {number}", frozenset(CASHIER))
    operator = operators.create(session, BY, said).id
    session.flush()
    holding.open_session(session, device, operator, proofs.hash_of(held))
    return Pos(device, token, held, uid)


@contextmanager
def bare(file: Path, price: int) -> Iterator[Bare]:
    """The reference, serving."""
    port = free_port()
    process = Popen([sys.executable, "-m", "benchmarks.reference.bare_till", str(port), str(file)], cwd=ROOT)
    try:
        first_answer(port, "/ready")
        yield Bare(port, file, price)
    finally:
        process.kill()
        process.wait()


def _compare(bench: Bench, tills: int, pairs: Sequence[tuple[Timing, Timing]]) -> None:
    ours, beside = (_joined([pair[side] for pair in pairs]) for side in (0, 1))
    ratio = median(mine.per_second / other.per_second for mine, other in pairs)
    bench.add(
        f"{tills} at once",
        database="sqlite",
        clients=tills,
        **ours.figures(),
        reference=TO,
        reference_per_second=beside.per_second,
        reference_p50_ms=beside.percentile_ms(0.5),
        ratio=ratio,
    )
    bench.promise(f"{tills} at once: at least {SHARE:.0%} of the bare route", ratio >= SHARE)


def _joined(parts: Sequence[Timing]) -> Timing:
    return Timing([one for part in parts for one in part.each], sum(part.whole for part in parts))


def _check(bench: Bench, ours: Ours) -> None:
    """Each sale that was told is there once, without a gap, and taken once from its card."""
    bench.check("every till was told yes", not ours.refused)
    wanted = ", ".join(f"x'{one.device.id.hex}'" for one in ours.tills)
    sold = {
        series: (count, last, total) for series, count, last, total in rows(ours.node, SOLD.format(wanted))
    }
    told = {series: (count, count, count * ours.price) for series, count in ours.told.items()}
    bench.check("the journal holds what tills were told, without a gap", sold == told)
    by_uid = {one.uid: ours.told[one.device.series] for one in ours.tills}
    held = {uid: amount for uid, amount in rows(ours.node, BALANCES) if uid in by_uid}
    right = {uid: MUCH - count * ours.price for uid, count in by_uid.items()}
    bench.check("zero wrong balances", held == right)
    settings = load_settings(ours.node.config)
    bench.check("journal and ledger verify", run_checks(settings.node.database, settings)["ok"])
