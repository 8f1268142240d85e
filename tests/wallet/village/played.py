"""An evening between two nodes, drawn by lot: what is said gets lost, comes twice, comes late."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from tests.wallet.village.keepers import BIRTH, InMemory, Keeper
from wallet.between import messages as m
from wallet.between.completing import abort_of, ack_for, statement_for, to_say
from wallet.between.contesting import contest, ending
from wallet.between.desk import milliseconds
from wallet.between.events import AnyEvent, Begin, Confirm, GiveUp, Hear, Outcome, Suggest
from wallet.between.shapes import Agreement, Clearing, GrantKept, Handle, Leg, Payment
from wallet.ledger import requests as ask
from wallet.ledger.shapes import Asset, Line

CAFE, FARM = "https://cafe.example", "https://farm.example"
EURO, HOURS, EGGS = UUID(int=11), UUID(int=12), UUID(int=13)
CAMILLE, LEO, FARMHAND = UUID(int=21), UUID(int=22), UUID(int=23)
GRANT = UUID(int=31)
ISSUED = {"cafe.example/eur": EURO, "cafe.example/h": HOURS, "farm.example/eggs": EGGS}
ASSETS = (
    (Asset(EURO, "cafe.example/eur", "money", "network"), CAFE),
    (Asset(HOURS, "cafe.example/h", "time", "network"), CAFE),
    (Asset(EGGS, "farm.example/eggs", "money", "network"), FARM),
)


class Node:
    """One node, played by memory; the other keepers hear what it hears."""

    def __init__(self, memory: InMemory, *others: Keeper) -> None:
        self.me = memory.me
        self.memory = memory.drawers
        self.keepers: tuple[Keeper, ...] = (memory, *others)

    def furnish(self, step: Callable[[Keeper], None]) -> None:
        for keeper in self.keepers:
            step(keeper)

    def run(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]:
        """Raises AssertionError when the keepers do not answer the same bytes."""
        first, *others = (keeper.run(events, now) for keeper in self.keepers)
        for other in others:
            assert other == first
        return first

    def compare(self) -> None:
        first, *others = (keeper.shown() for keeper in self.keepers)
        for other in others:
            for what, rows in first.items():
                assert other[what] == rows, what


class Evening:
    """`cafe` issues euros and hours, `farm` issues eggs; each takes what the other issues."""

    def __init__(self, cafe: Node, farm: Node, seed: int) -> None:
        self.cafe, self.farm = cafe, farm
        self.lot, self.now = Random(seed), BIRTH  # noqa: S311 - a play, no secret
        for node in (cafe, farm):
            node.furnish(self._furnish)

    def play(self, steps: int) -> None:
        acts = [self.pay] * 6 + [self.post] * 9 + [self.give_up] * 2
        acts += [self.refund, self.compare_notes, self.settle, self.confirm, self.lie, self.abort]
        acts += [self.contest, self.end]
        for _ in range(steps):
            self.now += timedelta(milliseconds=self.lot.randrange(1, 40_000))
            self.lot.choice(acts)()
        for _ in range(8):
            self.post(loss=0.0)

    def id(self) -> UUID:
        return UUID(int=self.lot.getrandbits(128), version=4)

    @property
    def ms(self) -> int:
        return milliseconds(self.now)

    def pay(self) -> None:
        """Some tills at once."""
        node, other = self._sides()
        events = [Begin(payment=self._sale(node, other), local=None) for _ in range(self.lot.randrange(1, 5))]
        if self.lot.random() < 0.3:
            events.append(self._with_local_part(node, other))
        node.run(events, self.now)

    def _sale(self, node: Node, other: Node, local: UUID | None = None) -> Payment:
        assets = [asset for asset in ISSUED if f"https://{asset.split('/')[0]}" == other.me]
        chosen = self.lot.sample(assets, self.lot.randrange(1, len(assets) + 1))
        mode: m.Mode = "hold" if len(chosen) > 1 or local or self.lot.random() < 0.3 else "post"
        legs = tuple(self._leg(other, asset, mode) for asset in chosen)
        return Payment(
            id=self.id(), kind="sale", made=self.ms, deadline=self.ms + 1500, legs=legs,
            local=local, local_amount=5 if local else 0, point="bar", content="c",
        )  # fmt: skip

    def _leg(self, other: Node, asset: str, mode: m.Mode) -> Leg:
        new, amount = self.id(), self.lot.choice((10, 70, 300, 900))
        handle = self.lot.choice(("h_camille", "h_leo", "h_nobody", "h_lost"))
        charge = m.Charge(
            id=new, made=self.ms, asset=asset, epoch=1, handle=handle, amount=amount,
            exp=self.ms + 600_000, mode=mode, card=self.lot.choice(("", "card")), till="bar",
        )  # fmt: skip
        return Leg(
            id=new, issuer=other.me, asset=asset, currency=ISSUED[asset], handle=handle,
            amount=amount, ask=m.encode(charge), card=charge.card,
        )  # fmt: skip

    def _with_local_part(self, node: Node, other: Node) -> Begin:
        asset = EURO if node is self.cafe else EGGS
        local = ask.Spend(
            id=self.id(), content="c", payers=(ask.Holder(CAMILLE if node is self.cafe else FARMHAND),),
            lines=(Line("x", 5),), accepts=frozenset({asset}), until=self.now + timedelta(hours=1),
        )  # fmt: skip
        return Begin(payment=self._sale(node, other, local.id), local=local)

    def post(self, loss: float = 0.2) -> None:
        """Say what waits, in one envelope or several; answers and questions get lost, or come twice."""
        for node, other in ((self.cafe, self.farm), (self.farm, self.cafe)):
            waiting = [item for one in node.memory.kept_payments.values() for _, item in to_say(one)]
            waiting += [one.ask for one in node.memory.kept_clearings.values() if _is_open(one)]
            self._carry(node, other, waiting, loss)

    def _carry(self, source: Node, target: Node, items: Sequence[bytes], loss: float) -> None:
        arriving = [one for one in items for _ in range(self._copies(loss))]
        self.lot.shuffle(arriving)
        while arriving:
            together, arriving = arriving[:7], arriving[7:]
            events = [Hear(peer=source.me, body=one, message=m.decode(one)) for one in together]
            outcomes = target.run(events, self.now)
            answers = [one for outcome in outcomes for one in outcome.answers]
            if answers:
                self._carry(target, source, answers, loss)

    def _copies(self, loss: float) -> int:
        drawn = self.lot.random()
        return 0 if drawn < loss else 2 if drawn < loss * 1.5 else 1

    def give_up(self) -> None:
        node, _ = self._sides()
        waiting = [one.id for one in node.memory.kept_payments.values() if one.state == "open"]
        events = [GiveUp(payment=one, may_be_offline=self.lot.random() < 0.5) for one in waiting[:3]]
        node.run(events, self.now)

    def refund(self) -> None:
        node, _ = self._sides()
        kept = node.memory.kept_payments.values()
        paid = [one for one in kept if one.state == "ok" and one.kind == "sale"]
        if paid:
            node.run([Begin(payment=self._refund_of(self.lot.choice(paid)))], self.now)

    def _refund_of(self, sale: Payment) -> Payment:
        leg, new = self.lot.choice(sale.legs), self.id()
        amount = self.lot.randrange(1, leg.amount + 1)
        said = m.encode(m.Refund(id=new, made=self.ms, charge=leg.id, amount=amount))
        back = Leg(
            id=new, issuer=leg.issuer, asset=leg.asset, currency=leg.currency, handle=leg.handle,
            amount=amount, ask=said,
        )  # fmt: skip
        return Payment(
            id=self.id(), kind="refund", made=self.ms, deadline=self.ms, legs=(back,), refers=sale.id
        )

    def compare_notes(self) -> None:
        """Beats, statements, signatures of where both are."""
        node, other = self._sides()
        heads = m.Beat(id=self.id(), made=self.ms, version=1, epoch=1)
        held = [one for one in node.memory.kept_mirrors.values() if one.issuer == other.me]
        asked = [statement_for(one, self.ms) for one in held] + [ack_for(one, self.ms) for one in held]
        self._carry(node, other, [m.encode(heads), *asked], 0.1)

    def settle(self) -> None:
        node, other = self._sides()
        asset = self.lot.choice(list(ISSUED))
        amount = self.lot.choice((10, 100))
        edge = m.Edge(node.me, other.me, asset, amount)
        back = m.Edge(other.me, node.me, self.lot.choice(list(ISSUED)), amount)
        both = self.lot.random() < 0.5
        clearing = Clearing(
            id=self.id(), peer=other.me, kind="setoff" if both else "settlement",
            edges=(edge, back) if both else (edge,), state="proposed", is_ours=True, hash="", ask=b"",
            made=self.ms, reference="VIR",
        )  # fmt: skip
        node.run([Suggest(clearing=clearing)], self.now)

    def contest(self) -> None:
        """Somebody contests a line, a part of it or more than it is."""
        node, _ = self._sides()
        lines = sorted(node.memory.kept_lines.values(), key=lambda one: one.key)
        if lines:
            kept = self.lot.choice(lines[-8:])
            amount = max(1, abs(kept.line.delta) + self.lot.choice((0, 0, -1, 1)))
            one = contest(kept, node.me, self.id(), amount, self.ms, reason="tapped twice")
            node.run([Suggest(clearing=one)], self.now)

    def end(self) -> None:
        """Somebody offers how a dispute ends."""
        node, _ = self._sides()
        ended = {one.about.refers for one in node.memory.kept_clearings.values() if one.about}
        for one in list(node.memory.kept_clearings.values()):
            if one.kind == "dispute" and one.id not in ended:
                offer = ending(one, self.id(), self.lot.choice(("holder", "payer")), self.ms)
                node.run([Suggest(clearing=offer)], self.now)

    def settled(self, right: bool) -> None:
        """The café has paid ten of its euros by bank; the farm says whether they came."""
        edge, new = m.Edge(CAFE, FARM, "cafe.example/eur", 10), self.id()
        clearing = Clearing(
            id=new, peer=FARM, kind="settlement", edges=(edge,), state="proposed", is_ours=True, hash="",
            ask=b"", made=self.ms, reference="VIR",
        )  # fmt: skip
        self.cafe.run([Suggest(clearing=clearing)], self.now)
        self.post(loss=0.0)
        self.farm.run([Confirm(clearing=new, is_right=right)], self.now)
        self.post(loss=0.0)

    def confirm(self) -> None:
        for node in (self.cafe, self.farm):
            waiting = [one for one in node.memory.kept_clearings.values() if one.state == "waiting"]
            right = self.lot.random() < 0.7
            node.run([Confirm(clearing=one.id, is_right=right) for one in waiting], self.now)

    def abort(self) -> None:
        for node, other in ((self.cafe, self.farm), (self.farm, self.cafe)):
            open_ones = [one for one in node.memory.kept_clearings.values() if _is_open(one)]
            self._carry(node, other, [abort_of(one) for one in open_ones[:1]], 0.0)

    def lie(self) -> None:
        """Ids that say something else, and answers that nobody asked for."""
        node, other = self._sides()
        old = [leg for one in node.memory.kept_payments.values() for leg in one.legs if leg.ask]
        for leg in old[-2:]:
            said = m.decode(leg.ask)
            other_words = m.Cancel(id=said.id, made=said.made + 1, reason="?")
            receipt = m.Receipt(id=leg.id, made=0, verb="charge", req="?", outcome="posted", at=0, amount=1)
            self._carry(node, other, [m.encode(other_words), m.encode(receipt)], 0.0)

    def _sides(self) -> tuple[Node, Node]:
        sides = [self.cafe, self.farm] if self.lot.random() < 0.3 else [self.farm, self.cafe]
        return sides[0], sides[1]

    def _furnish(self, keeper: Keeper) -> None:
        for asset, issuer in ASSETS:
            is_ours = issuer == keeper.me
            keeper.add_asset(Asset(asset.id, asset.code, asset.nature, asset.reach, is_ours=is_ours), issuer)
            keeper.agree(
                Agreement(
                    issuer=issuer,
                    acceptor=FARM if issuer == CAFE else CAFE,
                    asset=asset.code,
                    currency=asset.id,
                    epoch=1,
                    per_tap=5000,
                    per_card_day=2000,
                    per_minute=3000,
                    node_max=6000,
                )
            )
        for wallet in (CAMILLE, LEO, FARMHAND):
            keeper.add_wallet(wallet)
        for name, wallet in (("h_camille", CAMILLE), ("h_leo", LEO), ("h_lost", LEO)):
            status = "lost" if name == "h_lost" else "active"
            keeper.add_handle(Handle(handle=name, wallet=wallet, home=CAFE, status=status))
        keeper.add_grant(grant())
        for number, (currency, wallet) in enumerate(self._loads(keeper.me)):
            load = ask.Load(
                id=UUID(int=100 + number), content="x", kind="top_up", asset=currency,
                to=ask.Holder(wallet), amount=4000,
            )  # fmt: skip
            keeper.ledger(load, BIRTH)

    def _loads(self, me: str) -> list[tuple[UUID, UUID]]:
        ours = [EURO, HOURS] if me == CAFE else [EGGS]
        return [(asset, wallet) for asset in ours for wallet in (CAMILLE, LEO, FARMHAND)]


def grant() -> GrantKept:
    """What the farm may accept while the café cannot be asked."""
    start = milliseconds(BIRTH)
    return GrantKept(
        id=GRANT, issuer=CAFE, acceptor=FARM, asset="cafe.example/eur", per_tap=500, per_card=900,
        per_card_day=900, node_max=2000, since=start, until=start + 86_400_000, hotlist_age=86_400,
        bearer="issuer",
    )  # fmt: skip


def _is_open(one: Clearing) -> bool:
    return one.is_ours and one.state == "proposed"
