"""A neighbour of a node under test: it keeps its books in memory, and signs what it says.

The node itself decides with its own tables (`wallet.village`). Answers may be lost, late, or never asked for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.actors import RemoteActor
from federation.models.peers import ACTIVE, Peer
from kit import clock
from kit.app import App
from kit.ids import new_id
from tests.factories.money import ODILE
from wallet import flows
from wallet.between import messages as m
from wallet.between.completing import abort_of, ack_for, statement_for, to_say
from wallet.between.desk import milliseconds
from wallet.between.envelope import Said, open_envelope, seal
from wallet.between.events import AnyEvent, Begin, Confirm, GiveUp, Hear, Outcome, Suggest
from wallet.between.memory import MemoryDrawers
from wallet.between.shapes import Agreement, Clearing, Handle, Leg, Mirror, Payment
from wallet.ledger import requests as ask
from wallet.ledger.book import open_book
from wallet.ledger.decide import decide as decide_ledger
from wallet.ledger.shapes import Asset
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageEnvelope, VillageItem
from wallet.models.village_cards import VillageHandle
from wallet.schemas import TopUp
from wallet.service.wallets import new_wallet
from wallet.village_store.decider import KIND, Batch
from wallet.village_store.drawers import SqlDrawers

LIMITS: dict[str, Any] = {"per_tap": 5_000, "per_card_day": 10_000, "per_minute": 40_000, "node_max": 30_000}


@dataclass
class Puppet:
    """`theirs` is the neighbour's currency, `ours` is that of the node; each takes the other's."""

    app: App
    origin: str
    theirs: UUID
    ours: UUID
    books: MemoryDrawers
    key: Ed25519PrivateKey
    limits: dict[str, Any]

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]

    @property
    def me(self) -> str:
        return self.app.settings.node.url

    @property
    def their_asset(self) -> str:
        return f"{self.host}/sous"

    @property
    def our_asset(self) -> str:
        return f"{self.me.partition('://')[2]}/local"

    # At our till

    def tap(
        self, amount: int, point: str = "Bar", *, heard: bool = True, local: UUID | None = None
    ) -> Payment:
        """A Pass of the neighbour pays at our till; with `heard` False its answer is lost."""
        payment = self.begin(amount, point)
        self.drive(payment.id, heard=heard)
        return self.payment(payment.id)

    def begin(self, amount: int, point: str = "Bar", mode: m.Mode = "post") -> Payment:
        """Our till asks; nothing is said yet."""
        now, leg_id = self.ms(), uuid4()
        charge = m.Charge(
            id=leg_id, made=now, asset=self.their_asset, epoch=1, handle="h_lou", amount=amount,
            exp=now + 600_000, mode=mode, till=point,
        )  # fmt: skip
        leg = Leg(
            id=leg_id, issuer=self.origin, asset=self.their_asset, currency=self.theirs, handle="h_lou",
            amount=amount, ask=m.encode(charge),
        )  # fmt: skip
        payment = Payment(
            id=new_id(), kind="sale", made=now, deadline=now + 1_500, legs=(leg,), point=point,
            by=str(ODILE.person_id), content="c",
        )  # fmt: skip
        self.decide(Begin(payment=payment))
        return payment

    def drive(self, payment_id: UUID, *, heard: bool = True) -> None:
        """Say what the payment waits for; the neighbour answers."""
        for _peer, item in list(to_say(self.payment(payment_id))):
            answers = self.say(item)
            if heard:
                self.hear(answers)

    def give_up(self, payment_id: UUID) -> None:
        """The till waits no longer."""
        self.decide(GiveUp(payment=payment_id))

    def refund(self, sale: Payment, amount: int) -> Payment:
        """We give a part of a payment back."""
        now, back_id = self.ms(), uuid4()
        said = m.Refund(id=back_id, made=now, charge=sale.legs[0].id, amount=amount)
        leg = Leg(
            id=back_id, issuer=self.origin, asset=self.their_asset, currency=self.theirs, handle="h_lou",
            amount=amount, ask=m.encode(said),
        )  # fmt: skip
        payment = Payment(
            id=new_id(), kind="refund", made=now, deadline=now + 1_500, legs=(leg,), refers=sale.id,
            point=sale.point, by="", content="c",
        )  # fmt: skip
        self.decide(Begin(payment=payment))
        self.drive(payment.id)
        return self.payment(payment.id)

    # At its till

    def tapped_there(self, amount: int, point: str = "Atelier") -> UUID:
        """A Pass of ours pays at the neighbour's till: the id of the charge."""
        charge = m.Charge(
            id=uuid4(), made=self.ms(), asset=self.our_asset, epoch=1, handle="h_sam", amount=amount,
            exp=self.ms() + 600_000, till=point,
        )  # fmt: skip
        leg = Leg(
            id=charge.id, issuer=self.me, asset=self.our_asset, currency=self.ours, handle="h_sam",
            amount=amount, ask=m.encode(charge),
        )  # fmt: skip
        payment = Payment(
            id=new_id(), kind="sale", made=charge.made, deadline=charge.made + 1_500, legs=(leg,), content="c"
        )
        self.books.submit([Begin(payment=payment)], clock.now())
        self.exchange([leg.ask])
        return charge.id

    # Agreement

    def sign(self) -> None:
        """Each asks the other for its lines, and both sign how far they agree."""
        mirror = self.mirror(self.origin, self.me, self.their_asset)
        if mirror is not None:
            self.hear(self.say(statement_for(mirror, self.ms())))
            self.hear(
                self.say(ack_for(self.mirror(self.origin, self.me, self.their_asset) or mirror, self.ms()))
            )
        held = self.books.kept_mirrors.get((self.me, self.origin, self.our_asset))
        if held is not None:
            self.exchange([statement_for(held, self.ms())])
            held = self.books.kept_mirrors[held.key]
            self.exchange([ack_for(held, self.ms())])

    def proposes(self, amount: int, reference: str) -> Clearing:
        """It says that it paid us by bank transfer."""
        edge = m.Edge(self.origin, self.me, self.their_asset, amount)
        clearing = self._clearing("settlement", (edge,), reference)
        self.books.submit([Suggest(clearing=clearing)], clock.now())
        self.hear([self.books.kept_clearings[clearing.id].ask])
        return clearing

    def asks_again(self, clearing: Clearing) -> None:
        """It says its proposal once more, and hears what we say by now."""
        self.exchange([self.books.kept_clearings[clearing.id].ask])

    def answer_to(self, clearing_id: UUID, *, is_right: bool = True) -> None:
        """It hears our proposal, and answers it; a person there says whether the money came."""
        with self.app.db.read() as session:
            (kept,) = SqlDrawers(session.connection(), self.me).clearings([clearing_id])
        self.hear(self.say(kept.ask))
        if self.books.kept_clearings[clearing_id].state == "waiting":
            self.books.submit([Confirm(clearing=clearing_id, is_right=is_right)], clock.now())
            self.hear(self.say(kept.ask))

    def answer_to_end(self, clearing_id: UUID, *, is_signed: bool) -> None:
        """It is asked to forget our proposal, which it has signed, or never heard of and hears of later."""
        with self.app.db.read() as session:
            (kept,) = SqlDrawers(session.connection(), self.me).clearings([clearing_id])
        if is_signed:
            self.say(kept.ask)
            self.books.submit([Confirm(clearing=clearing_id, is_right=True)], clock.now())
        self.hear(self.say(abort_of(kept)))
        if not is_signed:
            self.hear(self.say(kept.ask))
            assert not self.books.alarms, "a proposal that its end overtook accuses nobody"

    # What carries it

    def exchange(self, items: Sequence[bytes]) -> None:
        """The neighbour says something, and hears our answers."""
        for answer in [one for outcome in self.hear(items) for one in outcome.answers]:
            self.say(answer)

    def say(self, item: bytes) -> list[bytes]:
        """The neighbour hears an item of ours: its answers."""
        heard = Hear(peer=self.me, body=item, message=m.decode(item))
        (outcome,) = self.books.submit([heard], clock.now())
        return list(outcome.answers)

    def hear(self, items: Sequence[bytes]) -> list[Outcome]:
        """We hear what the neighbour says, in one envelope under its signature."""
        if not items:
            return []
        events = tuple(Hear(peer=self.origin, body=item, message=m.decode(item)) for item in items)
        outcomes: list[Outcome] = self.app.db.submit(KIND, Batch(events=events, said=self._said(items)))
        return outcomes

    def decide(self, event: AnyEvent) -> Outcome:
        outcome: Outcome = self.app.db.submit(KIND, Batch(events=(event,)))[0]
        return outcome

    def payment(self, payment_id: UUID) -> Payment:
        with self.app.db.read() as session:
            (found,) = SqlDrawers(session.connection(), self.me).payments([payment_id])
            return found

    def mirror(self, issuer: str, holder: str, asset: str) -> Mirror | None:
        with self.app.db.read() as session:
            found = SqlDrawers(session.connection(), self.me).mirrors([self.origin])
            return next((one for one in found if one.key == (issuer, holder, asset)), None)

    def ms(self) -> int:
        return milliseconds(clock.now())

    def _said(self, items: Sequence[bytes]) -> Said:
        body = seal(
            items, self.origin, self.me, kid=f"{self.origin}/actor#key", at=self.ms(), sign=self.key.sign
        )
        return open_envelope(body, self.me, self.ms(), self.is_right)

    def is_right(self, _kid: str, signed: bytes, sig: bytes) -> bool:
        """Whether the neighbour signed it."""
        self.key.public_key().verify(sig, signed)
        return True

    def last_signature(self, session: Session) -> bytes:
        """Of the newest envelope in which it agreed with us."""
        wanted = select(VillageEnvelope.sig).join(VillageItem).where(VillageItem.kind == "ack")
        found = session.scalars(
            wanted.where(VillageEnvelope.peer == self.origin).order_by(VillageEnvelope.id)
        )
        return [bytes(sig) for sig in found][-1]

    def _clearing(self, kind: str, edges: tuple[m.Edge, ...], reference: str) -> Clearing:
        return Clearing(
            id=new_id(), peer=self.me, kind="setoff" if kind == "setoff" else "settlement", edges=edges,
            state="proposed", is_ours=True, hash="", ask=b"", made=self.ms(), reference=reference,
        )  # fmt: skip


def move_in(
    app: App, ours: UUID, origin: str = "https://tournevis.example", name: str = "L’Atelier Tournevis",
    look: tuple[int, str] = (3, "#D0122D"), **limits: int,
) -> Puppet:  # fmt: skip
    """A neighbour moves in: it is a peer, both take each other's money, one of its Passes is full."""
    theirs = uuid4()
    puppet = Puppet(
        app, origin, theirs, ours, MemoryDrawers(origin), Ed25519PrivateKey.generate(), {**LIMITS, **limits}
    )
    app.db.write(lambda session: _furnish(session, puppet, name, look))
    _furnish_books(puppet)
    return puppet


@contextmanager
def at(moment: datetime, more: timedelta = timedelta()) -> Iterator[None]:
    """It is `moment`, and time goes on: each look at the clock takes a few milliseconds."""
    ticks = count(0, 29)
    clock.use_clock(lambda: moment + more + timedelta(milliseconds=next(ticks)))
    try:
        yield
    finally:
        clock.use_clock(None)


def _furnish(session: Session, puppet: Puppet, name: str, look: tuple[int, str]) -> None:
    now, actor = clock.now(), f"{puppet.origin}/actor"
    session.add(
        Peer(
            actor_uri=actor,
            origin=puppet.origin,
            state=ACTIVE,
            gives={},
            since=now,
            pulled_at=None,
            pull_etags={},
        )
    )
    profile = {"id": actor, "name": name, "vil:pennant": look[0], "vil:accent": look[1]}
    session.add(
        RemoteActor(
            uri=actor,
            origin=puppet.origin,
            type="Group",
            name=name,
            username="",
            url=puppet.origin,
            inbox="",
            shared_inbox="",
            outbox="",
            upcoming="",
            profile=profile,
            fetched_at=now,
            used_at=now,
            gone_at=None,
        )
    )
    session.add(
        Currency(
            id=puppet.theirs,
            code=puppet.their_asset,
            issuer=puppet.origin,
            nature="money",
            reach="local",
            scale=2,
            at_par=True,
            created_at=now,
            name=f"Sous de {name}",
            symbol="€",
            icon="coins",
            where_spent=puppet.host,
            gift_days=None,
            archived_at=None,
        )
    )
    session.flush()
    for issuer, acceptor, asset, currency in _both_ways(puppet):
        session.add(
            VillageAgreement(
                peer=puppet.origin,
                asset=asset,
                issuer=issuer,
                acceptor=acceptor,
                currency_id=currency,
                epoch=1,
                **puppet.limits,
                takes=True,
                is_paused_here=False,
                is_paused_there=False,
                rev=1,
                noted_rev=1,
                changed_at=now,
            )
        )
    if session.get(VillageHandle, "h_sam") is not None:
        return
    wallet = new_wallet(session)
    session.add(
        VillageHandle(handle="h_sam", wallet_id=wallet.id, home=puppet.me, rev=1, status="active", card="")
    )
    session.flush()


def _both_ways(puppet: Puppet) -> tuple[tuple[str, str, str, UUID], ...]:
    return (
        (puppet.me, puppet.origin, puppet.our_asset, puppet.ours),
        (puppet.origin, puppet.me, puppet.their_asset, puppet.theirs),
    )


def _furnish_books(puppet: Puppet) -> None:
    """The neighbour's side: both currencies, both agreements, a wallet with a thousand."""
    books = puppet.books
    for issuer, acceptor, asset, currency in _both_ways(puppet):
        is_its = issuer == puppet.origin
        books.ledger.currencies[currency] = Asset(currency, asset, "money", "local", is_ours=is_its)
        books.kept_agreements[puppet.me, asset] = Agreement(
            issuer=issuer, acceptor=acceptor, asset=asset, currency=currency, epoch=1, **puppet.limits
        )
    wallet = uuid4()
    books.ledger.people.add(wallet)
    books.kept_handles["h_lou"] = Handle(handle="h_lou", wallet=wallet, home=puppet.origin)
    load = ask.Load(
        id=uuid4(), content="x", kind="top_up", asset=puppet.theirs, to=ask.Holder(wallet), amount=100_000
    )
    books.ledger.keep(decide_ledger(open_book(books.ledger, [load]), [load], clock.now()))


def fill_sam(app: App, currency: UUID, amount: int = 15_000) -> None:
    """The Pass of ours that pays elsewhere is topped up."""
    with app.db.read() as session:
        handle = session.get_one(VillageHandle, "h_sam")
        wallet = handle.wallet_id
    flows.top_up(app, ODILE, TopUp(asset=currency, amount=amount, wallet=wallet))
