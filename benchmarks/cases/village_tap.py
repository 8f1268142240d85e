"""Taps per second of A's cards at B's tills, over HTTP and a longer line, beside bare signed round trips."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench, Timing
from benchmarks.processes import free_port
from benchmarks.reference.bare_pair import BarePair, bare_pair, wallet
from benchmarks.slow_line import slow_line
from benchmarks.tills import Paid, pay
from kit.ids import new_id
from node.demo.filling import fill
from node.demo.village import make_nodes, stop_all
from tests.village.faults.books import broken, differences, payments, posted
from tests.village.faults.money import MUCH, agree_on_all, new_cards, wait_for_agreement, wait_for_cards
from tests.village.faults.nodes import ShelteredNode

TILLS = (1, 8, 32, 128)
ADDED_MS = (0, 30)
PRICE = 250
SLOWEST = 1.3
"""One tap, beside the bare one."""
LEAST = 1_000
"""Taps per second at the most tills."""
P99_MS = 125.0
"""At the longer line, however many tills."""
TO = "bare signed round trips, same rows"
NUMBERS = count()


@dataclass
class Village:
    """Our two nodes, the cards of the first, and what tills of the second were told."""

    issuer: ShelteredNode
    acceptor: ShelteredNode
    uids: Sequence[str]
    acknowledged: list[str] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)

    def ask(self, till: int) -> tuple[dict[str, str], bytes]:
        """The next payment of a till: each has a card of its own."""
        headers = {
            "authorization": f"Bearer {self.acceptor.secrets['api_token']}",
            "content-type": "application/json",
            "idempotency-key": str(new_id()),
        }
        tap, lines = {"uid": self.uids[till]}, [{"label": "Limonade artisanale", "amount": PRICE}]
        return headers, json.dumps({"tap": tap, "lines": lines, "point": "Bar"}).encode()

    def pay(self, tills: int, seconds: float) -> Timing:
        """So many tills at once."""
        paid = pay(self.acceptor.hidden, "/api/v1/village-spends", self.ask, tills, seconds)
        self.acknowledged += [json.loads(answer)["id"] for answer in paid.answers]
        self.refused += [*paid.refused, *(one for one in paid.answers if b'"state":"ok"' not in one)]
        return paid.timing


@dataclass
class Bare:
    """The reference, likewise."""

    pair: BarePair
    acknowledged: set[str] = field(default_factory=set)

    def ask(self, till: int) -> tuple[dict[str, str], bytes]:
        headers = {"authorization": "Bearer till", "content-type": "application/json"}
        lines = [{"label": "Limonade artisanale", "amount": PRICE}]
        sale = {"key": str(next(NUMBERS)), "card": wallet(till), "amount": PRICE, "lines": lines}
        return headers, json.dumps(sale).encode()

    def pay(self, tills: int, seconds: float) -> Timing:
        paid: Paid = pay(self.pair.port, "/tap", self.ask, tills, seconds)
        self.acknowledged |= {json.loads(answer)["id"] for answer in paid.answers}
        return paid.timing


def run(bench: Bench) -> None:
    """Slices of ours and of the reference take turns; a ratio is the middle one of its rounds."""
    with our_nodes(bench.folder / "ours") as village:
        for added in ADDED_MS:
            with lines(village, added) as ports, bare_pair(bench.folder / f"bare-{added}", *ports) as pair:
                _measure(bench, village, Bare(pair), added)
        _check(bench, village)


@contextmanager
def our_nodes(folder: Path) -> Iterator[Village]:
    """Two nodes that exchange and have agreed; the first one's cards hold enough for a long evening."""
    made = make_nodes(folder, free_port(), 2)
    nodes = [ShelteredNode(one.key, one.port, one.folder, hidden=one.port) for one in made]
    issuer, acceptor = nodes
    for node in nodes:
        fill(node)
        agree_on_all(node)
    uids = new_cards(issuer, max(TILLS), MUCH)
    try:
        for node in nodes:
            node.start()
        wait_for_agreement(issuer, acceptor)
        wait_for_cards(acceptor, issuer)
        yield Village(issuer, acceptor, uids)
    finally:
        stop_all(list(nodes))


@contextmanager
def lines(village: Village, added: int) -> Iterator[tuple[int, int]]:
    """The way to both issuers, so many milliseconds longer: the bare one's public and hidden port."""
    issuer, public = village.issuer, free_port()
    if not added:
        yield public, public
        return
    hidden = free_port()
    issuer.stop()
    issuer.hidden = free_port()
    with ExitStack() as stack:
        stack.enter_context(slow_line(public, hidden, added))
        stack.enter_context(slow_line(issuer.port, issuer.hidden, added))
        issuer.start()
        issuer.wait_until_ready()
        yield public, hidden


def _measure(bench: Bench, village: Village, bare: Bare, added: int) -> None:
    seconds, rounds = bench.among((0.15, 1), (0.8, 3), (3.0, 5))
    village.pay(8, seconds)
    bare.pay(8, seconds)
    for tills in TILLS:
        ours, beside = list[Timing](), list[Timing]()
        for _ in range(rounds):
            ours.append(village.pay(tills, seconds))
            beside.append(bare.pay(tills, seconds))
        _compare(bench, f"{tills} tills, {added} ms added", (ours, beside), tills, added)
    bench.check("the reference adds up", bare.pair.broken(bare.acknowledged) == "")


def _compare(
    bench: Bench, case: str, rounds: tuple[list[Timing], list[Timing]], tills: int, added: int
) -> None:
    ours, beside = rounds
    rates, theirs = [one.per_second for one in ours], [one.per_second for one in beside]
    ratio = median(mine / other for mine, other in zip(rates, theirs, strict=True))
    figures = _joined(ours).figures() | {"per_second": median(rates)}
    bench.add(
        case,
        database="sqlite",
        clients=tills,
        **figures,
        reference=TO,
        reference_per_second=median(theirs),
        reference_p50_ms=_joined(beside).percentile_ms(0.5),
        ratio=ratio,
    )
    if tills == 1:
        bench.promise(f"{case}: one tap takes at most {SLOWEST} times the bare one", ratio * SLOWEST >= 1)
    if tills == max(TILLS) and not added:
        bench.promise(f"{case}: at least {LEAST} taps per second", figures["per_second"] >= LEAST)
    if added:
        bench.promise(f"{case}: p99 under {P99_MS:.0f} ms", figures["p99_ms"] < P99_MS)


def _joined(parts: Sequence[Timing]) -> Timing:
    return Timing([one for part in parts for one in part.each], sum(part.whole for part in parts))


def _check(bench: Bench, village: Village) -> None:
    """Each acknowledged payment is there once, at the issuer and in the mirror, and nothing else."""
    issuer, acceptor = village.issuer, village.acceptor
    kept, sums = payments(acceptor), posted(issuer, acceptor)
    told = village.acknowledged
    bench.check("every till was told yes", not village.refused)
    bench.check("no payment was acknowledged twice", len(told) == len(set(told)))
    bench.check("what the acceptor keeps is what tills were told", set(told) == kept.keys())
    legs = [leg for payment in kept.values() for leg in payment.legs]
    bench.check("every payment is posted once at the issuer", sums == {leg.id: PRICE for leg in legs})
    bench.check("the mirror is the issuer's, line by line", not list(differences(issuer, acceptor)))
    bench.check("both ledgers verify", broken(issuer) == "" and broken(acceptor) == "")
