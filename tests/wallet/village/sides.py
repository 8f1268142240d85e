"""Two issuers and a farm that sells, in memory, with one clock: any of them may die, any word be lost."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from msgspec import structs

from tests.wallet.village.keepers import BIRTH, InMemory
from wallet.between import messages as m
from wallet.between.completing import statement_for, to_say
from wallet.between.decide import decide
from wallet.between.desk import milliseconds
from wallet.between.events import AnyEvent, Begin, GiveUp, Hear
from wallet.between.opening import open_desk
from wallet.between.shapes import Agreement, GrantKept, Handle, Leg, Payment, transaction_id
from wallet.ledger import requests as ask
from wallet.ledger.shapes import NODE, NOSTRO, WALLET, Asset

CAFE, PRIMARY, FARM = "https://cafe.example", "https://primary.example", "https://farm.example"
ISSUES = {CAFE: "cafe.example/eur", PRIMARY: "primary.example/net"}
IDS = {CAFE: UUID(int=11), PRIMARY: UUID(int=12)}
CAMILLE = UUID(int=21)
LOADED = 2_000


class Sides:
    """The farm sells; the café and the primary issue. `now` is everybody's clock."""

    def __init__(self) -> None:
        self.now = BIRTH
        self.nodes = {one: InMemory(one) for one in (CAFE, PRIMARY, FARM)}
        for issuer in (CAFE, PRIMARY):
            self._furnish(issuer)

    @property
    def ms(self) -> int:
        return milliseconds(self.now)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)

    def begin(self, *issuers: str, amount: int = 500, mode: m.Mode = "post") -> Payment:
        """A till of the farm: the intent is durable, nothing was said."""
        payment = self.sale(*(issuers or (CAFE,)), amount=amount, mode=mode)
        self.decide(FARM, Begin(payment=payment))
        return payment

    def sale(self, *issuers: str, amount: int = 500, mode: m.Mode = "post") -> Payment:
        legs = tuple(self._leg(issuer, amount, mode) for issuer in issuers)
        return Payment(id=uuid4(), kind="sale", made=self.ms, deadline=self.ms + 1_500, legs=legs)

    def decide(self, node: str, *events: AnyEvent) -> list[bytes]:
        """Answers, once everything is kept."""
        outcomes = self.nodes[node].run(events, self.now)
        return [answer for outcome in outcomes for answer in outcome.answers]

    def die_deciding(self, node: str, *events: AnyEvent) -> None:
        """It decides, and dies before its commit: nothing is kept, nothing is said."""
        before = self.nodes[node].shown()
        desk = open_desk(self.nodes[node].drawers, node, events, self.now)
        decide(desk, events)
        assert self.nodes[node].shown() == before

    def asked(self, payment: Payment) -> list[tuple[str, bytes]]:
        """What the completer says about it now."""
        return list(to_say(self.kept(payment)))

    def say(self, sender: str, to: str, *items: bytes) -> list[bytes]:
        return self.decide(to, *self.heard(sender, *items))

    def heard(self, sender: str, *items: bytes) -> list[Hear]:
        return [Hear(peer=sender, body=one, message=m.decode(one)) for one in items]

    def ask(self, payment: Payment) -> list[tuple[str, bytes]]:
        """What is asked arrives; the answers, which may be lost."""
        return [
            (issuer, answer)
            for issuer, item in self.asked(payment)
            for answer in self.say(FARM, issuer, item)
        ]

    def drive(self, payment: Payment) -> Payment:
        """The completer, until there is nothing to say; every answer arrives."""
        for _ in range(6):
            for issuer, answer in self.ask(payment):
                self.say(issuer, FARM, answer)
        return self.kept(payment)

    def give_up(self, payment: Payment, *, offline: bool = False) -> None:
        """The till's time is over."""
        self.decide(FARM, GiveUp(payment=payment.id, may_be_offline=offline))

    def kept(self, payment: Payment) -> Payment:
        return self.nodes[FARM].drawers.kept_payments[payment.id]

    def statement(self) -> None:
        """The farm asks the café for what it misses; its answer arrives."""
        mirrors = self.nodes[FARM].drawers.kept_mirrors
        (mirror,) = [one for one in mirrors.values() if one.issuer == CAFE] or [
            self.nodes[CAFE].drawers.kept_mirrors[CAFE, FARM, ISSUES[CAFE]]
        ]
        start = mirror if mirrors else structs.replace(mirror, seq=0, hash="0" * 64, balance=0)
        self.say(CAFE, FARM, *self.say(FARM, CAFE, statement_for(start, self.ms)))

    def grant(self) -> GrantKept:
        """What the farm may take while the café cannot be asked."""
        given = GrantKept(
            id=uuid4(), issuer=CAFE, acceptor=FARM, asset=ISSUES[CAFE], per_tap=600, per_card=1_000,
            per_card_day=1_000, node_max=1_000, since=self.ms - 1, until=self.ms + 86_400_000,
            hotlist_age=86_400, bearer="issuer",
        )  # fmt: skip
        for node in (CAFE, FARM):
            self.nodes[node].add_grant(given)
        return given

    def balance(self, node: str, kind: str) -> int:
        held = self.nodes[node].drawers.ledger.held.values()
        return sum(one.balance for one in held if one.place.kind == kind)

    def held(self, node: str) -> int:
        return sum(one.held for one in self.nodes[node].drawers.ledger.held.values())

    def release(self, payment: Payment) -> None:
        """A hold is over at its issuer."""
        held = transaction_id(FARM, "charge", payment.legs[0].id)
        self.nodes[CAFE].ledger(ask.Release(id=uuid4(), content="end", refers=held), self.now)

    def alarms(self, node: str = FARM) -> list[str]:
        return [one.what for one in self.nodes[node].drawers.alarms]

    def _leg(self, issuer: str, amount: int, mode: m.Mode) -> Leg:
        charge = m.Charge(
            id=uuid4(), made=self.ms, asset=ISSUES[issuer], epoch=1, handle="h", amount=amount,
            exp=self.ms + 600_000, mode=mode, card="c",
        )  # fmt: skip
        return Leg(
            id=charge.id, issuer=issuer, asset=charge.asset, currency=IDS[issuer], handle="h", amount=amount,
            ask=m.encode(charge), card="c",
        )  # fmt: skip

    def _furnish(self, issuer: str) -> None:
        asset, money = ISSUES[issuer], IDS[issuer]
        agreed = Agreement(
            issuer=issuer, acceptor=FARM, asset=asset, currency=money, epoch=1, per_tap=1_000,
            per_card_day=9_000, per_minute=9_000, node_max=9_000,
        )  # fmt: skip
        for node in (issuer, FARM):
            keeper = self.nodes[node]
            keeper.add_asset(Asset(money, asset, "money", "network", is_ours=node == issuer), issuer)
            keeper.agree(agreed)
        keeper = self.nodes[issuer]
        keeper.add_wallet(CAMILLE)
        keeper.add_handle(Handle(handle="h", wallet=CAMILLE, home=issuer))
        keeper.ledger(
            ask.Load(
                id=uuid4(), content="x", kind="top_up", asset=money, to=ask.Holder(CAMILLE), amount=LOADED
            ),
            BIRTH,
        )


def is_paid(sides: Sides, payment: Payment, amount: int = 500, issuers: Sequence[str] = (CAFE,)) -> None:
    """The till was told yes; each issuer gave exactly the amount, and the farm's books say the same."""
    assert sides.kept(payment).state == "ok"
    for issuer in issuers:
        assert sides.balance(issuer, WALLET) == LOADED - amount
        assert sides.balance(issuer, NODE) == amount
        assert sides.held(issuer) == 0
    assert sides.balance(FARM, NOSTRO) == -amount * len(issuers)


def is_undone(sides: Sides, payment: Payment) -> None:
    """The till was told no; nobody has paid."""
    assert sides.kept(payment).state == "failed"
    for issuer in (CAFE, PRIMARY):
        assert (sides.balance(issuer, WALLET), sides.held(issuer)) == (LOADED, 0)
        assert sides.balance(issuer, NODE) == 0
    if sides.nodes[CAFE].drawers.kept_mirrors:
        sides.statement()
    assert sides.balance(FARM, NOSTRO) == 0
