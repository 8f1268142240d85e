"""One seed from beginning to end: an evening with faults, then five quiet minutes, then the last look."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from msgspec import Struct

from wallet.between.due import hold_is_over, lot_is_over
from wallet.between.shapes import Agreement, GrantKept, Handle
from wallet.ledger.shapes import Asset
from wallet.simulation.debts import Debts
from wallet.simulation.disputes import Disputes
from wallet.simulation.drawing import draw_village
from wallet.simulation.ending import Ending
from wallet.simulation.faults import NIGHT, Faults
from wallet.simulation.liar import Liar
from wallet.simulation.network import Network
from wallet.simulation.node import Node
from wallet.simulation.office import Office
from wallet.simulation.options import HEALED, MINUTE, draw
from wallet.simulation.paying import Paying
from wallet.simulation.shapes import Counts, Currency, Village, Violation
from wallet.simulation.store import Asked, Drawers
from wallet.simulation.story import Story
from wallet.simulation.tills import Tills
from wallet.simulation.timeline import START, Timeline
from wallet.simulation.watch import Watch

JOBS_EVERY: Final = 2 * MINUTE
"""As `wallet.jobs` frees holds."""
HEALED_BEAT: Final = 10_000
"""Milliseconds between two beats, as in a running node."""
LAST_ROUND: Final = 8
DRAINED: Final = MINUTE + 1_000
"""After it, nothing that was on its way when the faults stopped still is."""


class Result(Struct):
    """What came of one seed."""

    seed: int
    counts: Counts
    invariant: str = ""
    """The one that was broken; "" when all held."""
    where: str = ""
    story: list[str] = []


class World:
    """The village of a seed, its people, its faults and who watches."""

    def __init__(self, seed: int, *, is_told: bool = False, is_recorded: bool = False) -> None:
        self.options = draw(seed)
        self.counts, self.story, self.timeline = Counts(), Story(is_told), Timeline()
        self._chances = Random(f"seed {seed}")  # noqa: S311 - a seed is to be repeated
        self.village = draw_village(self.options, self._chance())
        self.nodes: dict[str, Node] = {}
        self.network = Network(
            self.options, self.timeline, self._chance(), self.counts, self.story, self._arrive, self._clock
        )
        self.tills = Tills(self.timeline, self._chance(), self.counts, self.story)
        debts = Debts(self.village, self.nodes, self.timeline, self._chance(), self.counts, self.story)
        self.debts = debts
        self.watch = Watch(self.village, self.timeline, self.counts, debts.look_later)
        self.faults = Faults(
            self.options, self.nodes, self.network, self.tills, self.timeline, self._chance(), self.counts,
            self.story,
        )  # fmt: skip
        for origin in self.village.origins:
            self._open(origin, is_recorded)
        self.paying = Paying(self.village, self.nodes, self.tills, self._chance(), self.story)
        self.office = Office(self.village, self.nodes, self.tills, self._chance(), self.story)
        self.liar = self._lie() if self.village.liar else None
        self._people = self._chance()
        self.disputes = Disputes(self.nodes, self.timeline, self._chance(), self.counts, self.story)
        self._acts = self._weights()

    def _chance(self) -> Random:
        """Each has its own, so that a change in one leaves what others draw."""
        return Random(self._chances.getrandbits(64))  # noqa: S311 - a seed is to be repeated

    def _open(self, origin: str, is_recorded: bool) -> None:
        drawers = Drawers(origin, is_recorded=is_recorded)
        node = Node(
            origin, drawers, self.timeline, self.network, self.watch, self._chance(),
            tell=self.tills.tell, crashed=self.faults.fall,
        )  # fmt: skip
        self.nodes[origin] = node
        furnish(drawers, self.village)
        self.watch.add(node)

    def _lie(self) -> Liar:
        node = self.nodes[self.village.liar]
        liar = Liar(node, self.village, self.watch.talk, self._chance(), self.counts, self.story)
        node.tamper = liar.tamper
        return liar

    def _arrive(self, sender: str, to: str, items: Sequence[bytes]) -> None:
        self.nodes[to].hear(sender, items)

    def _clock(self, origin: str) -> int:
        return self.nodes[origin].ms

    def run(self) -> None:
        """Play everything. Raises Violation."""
        self._fill()
        self._every(JOBS_EVERY, self._jobs)
        self._every(self.options.beat, self._beat)
        self._evening(self.options.evening)
        if self.options.has_night:
            self._night()
            self._evening(self.options.evening // 2)
        self._heal()
        Ending(self.watch, self.tills).look()
        self.counts.virtual = self.timeline.now - START
        self.counts.events = self.timeline.acts
        self.counts.losses = sum(
            receipt.kind == "loss"
            for watches in self.watch.of.values()
            for receipt in watches.ledger.receipts.values()
        )

    def _night(self) -> None:
        """It falls in the middle of what people do, so that some of it is only taken up a day later."""
        for _ in range(LAST_ROUND):
            self.paying.tap_mixed()
            self._run(self._people.randint(0, 100))
        if self.liar is not None:
            self.liar.set_aside()
            self.liar.set_aside()
        self._run(self._people.randint(0, 400))
        self.faults.night()
        self._run(NIGHT)
        if self.liar is not None:
            self.liar.capture_more()

    def _evening(self, lasting: int) -> None:
        self.faults.plan(lasting)
        self._until = self.timeline.now + lasting
        self._act()
        self._run(lasting)

    def _heal(self) -> None:
        """What people began is answered; then it is quiet for five minutes."""
        if self.liar is not None:
            self.liar.is_quiet = True
        self.faults.end()
        self._run(DRAINED)
        self.debts.look_at_waiting()
        self.tills.abandon(self.nodes)
        self._every(HEALED_BEAT, self._beat)
        self._run(HEALED)

    def _run(self, lasting: int) -> None:
        self.timeline.run(self.timeline.now + lasting)

    def _every(self, wait: int, act: Callable[[], None]) -> None:
        def again() -> None:
            act()
            self.timeline.after(wait, again)

        self.timeline.after(wait, again)

    def _act(self) -> None:
        """Somebody does something, and then somebody else."""
        if self.timeline.now >= self._until:
            return
        self._people.choices(list(self._acts), weights=list(self._acts.values()))[0]()
        wait = int(self._people.expovariate(1 / self.options.pace))
        self.timeline.after(wait, self._act)

    def _weights(self) -> dict[Callable[[], None], float]:
        pay, office, debts = self.paying, self.office, self.debts
        acts: dict[Callable[[], None], float] = {
            pay.tap: 40, pay.tap_mixed: 25, pay.give_back: 8, office.give_voucher: 3, office.cash_out: 1,
            office.sell_here: 3, office.merge: 0.4, office.lose_card: 0.6, office.pause: 0.6,
            office.revoke: 0.3, debts.set_off: 4, debts.settle: 6,
        }  # fmt: skip
        if self.options.refills:
            acts[office.load] = 12
        if self.options.is_indebted:
            acts |= {debts.settle: 40, pay.give_back: 25}
        if self.options.is_contested:
            acts |= {self.disputes.contest: 9, self.disputes.end: 7}
        if self.liar is not None:
            acts[self.liar.act] = 25
        return acts

    def _fill(self) -> None:
        """What people hold when the evening begins."""
        for currency in self.village.currencies:
            for person in self.village.people:
                if self._people.random() < 0.8:
                    self.office.give(currency, person, self._people.choice((300, 1_000, 3_000, 8_000)))

    def _jobs(self) -> None:
        """What a node does by itself with time."""
        for node in self.nodes.values():
            if not node.is_up:
                continue
            holds = self.watch.of[node.me].ledger.open_holds
            over = [one.id for one in holds if one.until is not None and one.until <= node.now]
            lots = [
                one for one in node.drawers.ledger.held.values() if one.has_expired(node.now) and one.free > 0
            ]
            for hold in over:
                node.ask([hold_is_over(hold)])
            for lot in lots:
                node.ask([lot_is_over(lot.id, lot.touched)])
            self.counts.late += len(over)

    def _beat(self) -> None:
        """At night there is less to say."""
        if self.timeline.now > self._until and not self.network.is_healed and self._people.random() < 0.98:
            return
        for agreed in self.village.agreements:
            self.nodes[agreed.acceptor].beat(agreed.issuer)


def furnish(drawers: Drawers, village: Village) -> None:
    """Put what was agreed into the drawers of one node."""
    rows: list[object] = []
    for currency in village.currencies:
        is_ours = currency.issuer == drawers.me
        if is_ours or any(one.acceptor == drawers.me for one in _about(village, currency)):
            rows.append(_asset(currency, is_ours))
    rows += [one for one in village.agreements if drawers.me in {one.issuer, one.acceptor}]
    rows += [one for one in village.grants if drawers.me in {one.issuer, one.acceptor}]
    for person in village.people:
        rows.append(
            Handle(handle=person.handles[drawers.me], wallet=person.wallets[drawers.me], home=person.home)
        )
    put_rows(drawers, rows)
    if drawers.asked is not None:
        drawers.asked.append(Asked("row", tuple(rows)))


def put_rows(drawers: Drawers, rows: Sequence[object]) -> None:
    """Rows that services write, put there by hand."""
    for row in rows:
        if isinstance(row, Asset):
            drawers.ledger.currencies[row.id] = row
        elif isinstance(row, Agreement):
            peer = row.acceptor if row.issuer == drawers.me else row.issuer
            drawers.kept_agreements[peer, row.asset] = row
        elif isinstance(row, Handle):
            drawers.kept_handles[row.handle] = row
            drawers.ledger.people.add(row.wallet)
        elif isinstance(row, GrantKept):
            drawers.kept_grants[row.id] = row


def _about(village: Village, currency: Currency) -> Sequence[Agreement]:
    return [one for one in village.agreements if one.asset == currency.wire]


def _asset(currency: Currency, is_ours: bool) -> Asset:
    """The issuer knows it by its code, others by its name on the wire."""
    asset = currency.asset
    code = asset.code if is_ours else currency.wire
    return Asset(asset.id, code, asset.nature, asset.reach, is_ours=is_ours)


def play(seed: int, *, is_told: bool = False) -> Result:
    """One seed; a violation is part of the result."""
    world = World(seed, is_told=is_told)
    result = Result(seed, world.counts)
    try:
        world.run()
    except Violation as violation:
        result.invariant, result.where = violation.invariant, violation.where
        world.story.tell(world.timeline.now, f"VIOLATION {violation}")
    result.story = world.story.lines
    return result
