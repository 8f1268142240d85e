"""The model between nodes: any evening of one till and one issuer, two keepers each, one auditor.

`HAMEAU_MODEL_STEPS` asks for a longer one. Words are lost, late, out of order, and said again.
"""

import ast
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from kit.db import Base, Database
from migrations.models import load_models
from tests.wallet.village import auditor
from tests.wallet.village.auditor import Auditor
from tests.wallet.village.keepers import BIRTH, InMemory, InTables, Keeper
from tests.wallet.village.played import Node
from wallet.between import messages as m
from wallet.between.completing import statement_for, to_say
from wallet.between.desk import milliseconds
from wallet.between.events import Begin, GiveUp, Hear
from wallet.between.shapes import Agreement, Handle, Leg, Payment
from wallet.ledger import requests as ask
from wallet.ledger.shapes import NODE, NOSTRO, Asset, Place

STEPS = int(os.environ.get("HAMEAU_MODEL_STEPS", "1000"))
AN_EVENING = 50
FAST = (Phase.explicit, Phase.generate)
"""A long run also looks for the shortest evening that fails."""
CAFE, FARM, EUR = "https://cafe.example", "https://farm.example", "cafe.example/eur"
MONEY, CAMILLE = UUID(int=11), UUID(int=21)
LOADED, PER_TAP, MOST = 3_000, 1_000, 10**9
VERBS = ("cancel", "capture", "refund", "charge")
AMOUNTS = st.sampled_from([1, 70, 300, 900, 1_000, 1_001])


class Evening(RuleBasedStateMachine):
    """`databases` are the two empty ones of the tables; `pool` is what is under way, in both directions."""

    databases: ClassVar[Callable[[], tuple[Database, Database]]]

    def __init__(self) -> None:
        super().__init__()
        cafes, farms = type(self).databases()
        self.cafe = Node(InMemory(CAFE), InTables(cafes, CAFE))
        self.farm = Node(InMemory(FARM), InTables(farms, FARM))
        for node in (self.cafe, self.farm):
            node.furnish(_furnish)
        self.auditor = Auditor(LOADED, PER_TAP)
        self.now, self.count, self.is_honest = BIRTH, 0, True
        self.once: set[tuple[str, UUID]] = set()
        self.pool: list[tuple[str, bytes]] = []

    @property
    def ms(self) -> int:
        return milliseconds(self.now)

    @rule(amount=AMOUNTS, mode=st.sampled_from(["post", "hold"]))
    def begin(self, amount: int, mode: m.Mode) -> None:
        charge = m.Charge(
            id=self._id(), made=self.ms, asset=EUR, epoch=1, handle="h", amount=amount,
            exp=self.ms + 600_000, mode=mode,
        )  # fmt: skip
        self._begin("sale", charge.id, amount, m.encode(charge))

    @precondition(lambda self: self.sales("ok"))
    @rule(which=st.integers(0, 99), amount=AMOUNTS)
    def refund(self, which: int, amount: int) -> None:
        sales = self.sales("ok")
        sale, new = sales[which % len(sales)], self._id()
        said = m.Refund(id=new, made=self.ms, charge=sale.legs[0].id, amount=amount)
        self._begin("refund", new, amount, m.encode(said), refers=sale.id)

    @rule()
    def say(self) -> None:
        """The completer: everything that waits is said, again."""
        self.pool += [(CAFE, item) for one in self.payments() for _, item in to_say(one)]

    @precondition(lambda self: self.pool)
    @rule(which=st.integers(0, 999), stays=st.booleans())
    def arrive(self, which: int, stays: bool) -> None:
        """Any word that is under way arrives; it may come once more."""
        place = which % len(self.pool)
        to, item = self.pool[place] if stays else self.pool.pop(place)
        self._hear(to, item)

    @precondition(lambda self: self.pool)
    @rule(which=st.integers(0, 999))
    def get_lost(self, which: int) -> None:
        self.pool.pop(which % len(self.pool))

    @precondition(lambda self: self.sales("open"))
    @rule(which=st.integers(0, 99))
    def give_up(self, which: int) -> None:
        waiting = self.sales("open")
        self.farm.run([GiveUp(payment=waiting[which % len(waiting)].id)], self.now)

    @precondition(lambda self: self.payments())
    @rule(which=st.integers(0, 99), amount=AMOUNTS, verb=st.sampled_from(VERBS))
    def altered(self, which: int, amount: int, verb: str) -> None:
        """Somebody with the farm's key says something else under an id of the farm."""
        kept = self.payments()
        leg = kept[which % len(kept)].legs[0]
        said: dict[str, Callable[[], m.Message]] = {
            "cancel": lambda: m.Cancel(id=leg.id, made=0, reason="else"),
            "capture": lambda: m.Capture(id=leg.id, made=0, amount=amount),
            "refund": lambda: m.Refund(id=leg.id, made=0, charge=leg.id, amount=amount),
            "charge": lambda: m.Charge(
                id=leg.id, made=0, asset=EUR, epoch=1, handle="h", amount=amount, exp=self.ms + 9
            ),
        }
        if (verb, leg.id) not in self.once:
            self.once.add((verb, leg.id))
            self.pool.append((CAFE, m.encode(said[verb]())))
            self.is_honest = False

    @rule()
    def compare(self) -> None:
        held = [one for one in self.farm.memory.kept_mirrors.values() if one.issuer == CAFE]
        self.pool += [(CAFE, statement_for(one, self.ms)) for one in held]

    @rule(minutes=st.sampled_from([0, 1, 11]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes, milliseconds=7)

    def teardown(self) -> None:
        """Everything arrives in the end: what tills were told is what the issuer gave."""
        while self.pool:
            self._hear(*self.pool.pop())
        for one in self.sales("open"):
            self.farm.run([GiveUp(payment=one.id)], self.now)
        for _ in range(6):
            self.say()
            self._ask_for_lines()
            while self.pool:
                self._hear(*self.pool.pop(0))
        for node in (self.cafe, self.farm):
            node.compare()
        self._judge()

    def _ask_for_lines(self) -> None:
        mirror = self.farm.memory.kept_mirrors.get((CAFE, FARM, EUR))
        after = mirror.seq if mirror else 0
        asked = m.Statement(id=self._id(), made=self.ms, asset=EUR, epoch=1, after=after)
        self.pool.append((CAFE, m.encode(asked)))

    def _judge(self) -> None:
        owed = _balance(self.cafe, Place(MONEY, NODE, FARM))
        assert owed == self.auditor.owed
        assert _balance(self.farm, Place(MONEY, NOSTRO, CAFE)) == -owed
        if not self.is_honest:  # whoever has the key may undo what the till was told: the books still agree
            return
        for one in self.payments():
            (leg,) = one.legs
            given = self.auditor.paid(str(leg.id))
            assert one.is_final
            if one.state == "ok":
                assert given == (-leg.amount if one.kind == "refund" else leg.amount)
            else:
                assert given == 0

    def payments(self) -> list[Payment]:
        return list(self.farm.memory.kept_payments.values())

    def sales(self, state: str) -> list[Payment]:
        return [one for one in self.payments() if one.state == state and one.kind == "sale"]

    def _hear(self, to: str, item: bytes) -> None:
        node, peer = (self.cafe, FARM) if to == CAFE else (self.farm, CAFE)
        (outcome,) = node.run([Hear(peer=peer, body=item, message=m.decode(item))], self.now)
        for answer in outcome.answers:
            if to == CAFE and isinstance(m.decode(answer), m.Receipt):
                self.auditor.look(item, answer, self.ms)
            self.pool.append((peer, answer))

    def _begin(self, kind: Any, new: UUID, amount: int, said: bytes, refers: UUID | None = None) -> None:
        leg = Leg(id=new, issuer=CAFE, asset=EUR, currency=MONEY, handle="h", amount=amount, ask=said)
        payment = Payment(
            id=self._id(), kind=kind, made=self.ms, deadline=self.ms + 1_500, legs=(leg,), refers=refers
        )
        self.farm.run([Begin(payment=payment)], self.now)

    def _id(self) -> UUID:
        self.count += 1
        return UUID(int=self.count << 64 | 1, version=4)


def _balance(node: Node, place: Place) -> int:
    account = node.memory.ledger.held.get(place.account_id)
    return account.balance if account else 0


def _furnish(keeper: Keeper) -> None:
    ours = keeper.me == CAFE
    keeper.add_asset(Asset(MONEY, EUR, "money", "local", is_ours=ours), CAFE)
    keeper.agree(
        Agreement(
            issuer=CAFE,
            acceptor=FARM,
            asset=EUR,
            currency=MONEY,
            epoch=1,
            per_tap=PER_TAP if ours else MOST,
            per_card_day=MOST,
            per_minute=MOST,
            node_max=MOST,
        )
    )
    if ours:
        keeper.add_wallet(CAMILLE)
        keeper.add_handle(Handle(handle="h", wallet=CAMILLE, home=CAFE))
        keeper.ledger(
            ask.Load(
                id=UUID(int=99),
                content="x",
                kind="top_up",
                asset=MONEY,
                to=ask.Holder(CAMILLE),
                amount=LOADED,
            ),
            BIRTH,
        )


@pytest.fixture
def databases(tmp_path: Path) -> Callable[[], tuple[Database, Database]]:
    """A function that opens two empty SQLite databases; those before are closed."""
    load_models()
    model = tmp_path / "model.db"
    database = Database(f"sqlite:///{model}", durable=False)
    database.define(Base.metadata.create_all)
    database.close()
    opened: list[Database] = []

    def make() -> tuple[Database, Database]:
        while opened:
            opened.pop().close()
        for name in ("cafe", "farm"):
            for file in tmp_path.glob(f"{name}.db*"):
                file.unlink()
            shutil.copyfile(model, tmp_path / f"{name}.db")
            opened.append(Database(f"sqlite:///{tmp_path / f'{name}.db'}", durable=False))
        return opened[0], opened[1]

    return make


def test_any_evening_is_what_the_auditor_expects(databases: Callable[[], tuple[Database, Database]]) -> None:
    class Tonight(Evening):
        pass

    Tonight.databases = staticmethod(databases)
    bounds = settings(
        max_examples=max(1, STEPS // AN_EVENING),
        stateful_step_count=AN_EVENING,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink) if STEPS > 1_000 else FAST,
        print_blob=True,
    )
    run_state_machine_as_test(Tonight, settings=bounds)


def test_the_auditor_knows_no_rule() -> None:
    source = Path(str(auditor.__file__)).read_text()
    imported = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Import | ast.ImportFrom)]
    names = {getattr(one, "module", None) or one.names[0].name for one in imported}
    assert names == {"json", "dataclasses", "hashlib", "typing"}
    assert len(source.splitlines()) < 130
