"""Three nodes of one street, each with its own database and key; two of them may be anybody.

The café issues euros and its tables decide (`wallet.village`); the farm sells, and issues eggs. The mill is
another peer of the café. Everything that is said is sealed, opened and kept as between real nodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Raw
from sqlalchemy.orm import Session

from federation.models.actors import ActorKey
from federation.multikey import encode_key
from kit.db import Database
from tests.wallet.village.keepers import BIRTH, InTables
from wallet.between import messages as m
from wallet.between.completing import to_say
from wallet.between.desk import milliseconds
from wallet.between.envelope import UnknownKey, open_envelope, seal
from wallet.between.events import AnyEvent, Begin, GiveUp, Hear, Outcome
from wallet.between.items import read_item
from wallet.between.shapes import Agreement, Clearing, GrantKept, Handle, Leg, Payment
from wallet.between.strict import Malformed
from wallet.checks import CHECKS
from wallet.ledger import requests as ask
from wallet.ledger.shapes import Asset
from wallet.village_store.decider import Batch

CAFE, FARM, MILL = "https://cafe.example", "https://farm.example", "https://mill.example"
EUR, EGGS = "cafe.example/eur", "farm.example/eggs"
IDS = {EUR: UUID(int=11), EGGS: UUID(int=12)}
CAMILLE, LEO = UUID(int=21), UUID(int=22)
H_CAMILLE, H_LEO, H_LOST = "h_camille", "h_leo", "h_lost"
LOADED = 5_000
KEYS = {one: Ed25519PrivateKey.from_private_bytes(one.encode()[:32].ljust(32)) for one in (CAFE, FARM, MILL)}
STRANGER = Ed25519PrivateKey.from_private_bytes(b"nobody that anybody ever met".ljust(32))


def kid(origin: str) -> str:
    return f"{origin}/actor#ed25519"


@dataclass
class Clock:
    now: datetime = BIRTH + timedelta(hours=1)

    @property
    def ms(self) -> int:
        return milliseconds(self.now)

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Node:
    """A node that decides with its own tables."""

    keeper: InTables
    clock: Clock
    others: dict[str, Ed25519PublicKey] = field(default_factory=dict)

    @property
    def me(self) -> str:
        return self.keeper.me

    def opens(self, body: bytes) -> list[bytes]:
        """Hear a sealed envelope; the answers. Raises NotHeard."""
        said = open_envelope(body, self.me, self.clock.ms, self._verify)
        events: list[AnyEvent] = []
        for item in said.items:
            try:
                events.append(Hear(peer=said.peer, body=item, message=read_item(item)))
            except Malformed:
                continue  # logged, and nothing more
        outcomes = self._decides(Batch(events=tuple(events), said=said)) if events else []
        return [answer for outcome in outcomes for answer in outcome.answers]

    def does(self, *events: AnyEvent) -> list[Outcome]:
        return self._decides(Batch(events=events))

    def _decides(self, batch: Batch) -> list[Outcome]:
        (outcomes,) = self.keeper.batches([batch], self.clock.now)
        return list(outcomes)

    def verify(self) -> list[str]:
        """What `hameau verify` finds wrong."""
        with self.keeper.database.read() as session:
            return [f"{where}: {why}" for check in CHECKS for where, why in check.run(session) if why]

    def payments(self) -> dict[UUID, Payment]:
        return {one.id: one for one in self.keeper.shown()["payments"]}

    def money(self) -> dict[str, Any]:
        """All that is money: accounts, lines, mirrors, what was answered, what tills were told."""
        shown = self.keeper.shown()
        rows = self.keeper.rows(
            "SELECT id, debits, credits, held FROM ledger_account "
            "WHERE debits + credits + held > 0 ORDER BY id"
        )
        kept = ("lines", "mirrors", "answers", "payments", "clearings", "checkpoints", "grants")
        return {"accounts": [tuple(row) for row in rows]} | {name: shown[name] for name in kept}

    def alarms(self) -> list[str]:
        return [one[0] for one in self.keeper.shown()["alarms"]]

    def proofs(self) -> list[bytes]:
        """The items that are kept with their signatures."""
        return [bytes(row[0]) for row in self.keeper.rows("SELECT body FROM village_item")]

    def balance(self, kind: str, owner: str = "") -> int:
        where = f"kind = '{kind}'" + (f" AND owner = '{owner}'" if owner else "")
        sql = f"SELECT coalesce(sum(credits - debits), 0) FROM ledger_account WHERE {where}"  # noqa: S608
        rows = self.keeper.rows(sql)
        return int(rows[0][0])

    def _verify(self, key: str, signed: bytes, sig: bytes) -> bool:
        try:
            self.others[key].verify(sig, signed)
        except KeyError:
            raise UnknownKey(key) from None
        except InvalidSignature:
            return False
        return True


def letter(sender: str, to: str, clock: Clock, *items: bytes, key: Ed25519PrivateKey | None = None) -> bytes:
    """A sealed envelope; `key` when somebody else signs in that name."""
    return seal(items, sender, to, kid=kid(sender), at=clock.ms, sign=(key or KEYS[sender]).sign)


@dataclass
class Street:
    """The café and the farm; `clock` is everybody's."""

    cafe: Node
    farm: Node
    clock: Clock

    def node(self, origin: str) -> Node:
        return self.cafe if origin == CAFE else self.farm

    def say(self, sender: str, to: str, *items: bytes) -> list[bytes]:
        """What `to` answers to items under the seal of `sender`."""
        return self.node(to).opens(letter(sender, to, self.clock, *items))

    def ask(self, sender: str, message: m.AnyMessage, to: str = CAFE) -> Any:
        """One question, one answer, read."""
        (answer,) = self.say(sender, to, m.encode(message))
        return m.decode(answer)

    def charge(self, amount: int = 500, handle: str = H_CAMILLE, **more: Any) -> m.Charge:
        values: dict[str, Any] = {"asset": EUR, "epoch": 1, "exp": self.clock.ms + 600_000, "card": "card"}
        return m.Charge(
            id=uuid4(), made=self.clock.ms, amount=amount, handle=handle, **(values | more)
        )  # fmt: skip

    def begin(self, amount: int = 500, mode: m.Mode = "post") -> Payment:
        """A till of the farm asks for euros of the café: written down, not yet said."""
        charge = self.charge(amount, mode=mode)
        leg = Leg(
            id=charge.id, issuer=CAFE, asset=EUR, currency=IDS[EUR], handle=charge.handle,
            amount=amount, ask=m.encode(charge), card=charge.card,
        )  # fmt: skip
        sale = Payment(
            id=uuid4(), kind="sale", made=self.clock.ms, deadline=self.clock.ms + 1_500, legs=(leg,)
        )
        self.farm.does(Begin(payment=sale))
        return sale

    def give_up(self, payment: Payment, *, offline: bool = False) -> None:
        self.farm.does(GiveUp(payment=payment.id, may_be_offline=offline))

    def drive(self, rounds: int = 3) -> None:
        """Everything that waits at the farm is said, and its answers heard."""
        for _ in range(rounds):
            items = [item for one in self.farm.payments().values() for _, item in to_say(one)]
            for item in items:
                self.say(CAFE, FARM, *self.say(FARM, CAFE, item))

    def paid(self, amount: int = 500) -> Payment:
        payment = self.begin(amount)
        self.drive()
        return self.farm.payments()[payment.id]

    def state(self, payment: Payment) -> str:
        return self.farm.payments()[payment.id].state

    def leg(self, payment: Payment) -> Leg:
        return self.farm.payments()[payment.id].legs[0]


def street(cafes: Database, farms: Database) -> Street:
    clock = Clock()
    cafe = Node(InTables(cafes, CAFE), clock)
    farm = Node(InTables(farms, FARM), clock)
    for node, peers in ((cafe, (FARM, MILL)), (farm, (CAFE, MILL))):
        _furnish(node)
        for peer in peers:
            node.others[kid(peer)] = KEYS[peer].public_key()
            node.keeper.database.write(lambda session, peer=peer: _pin(session, peer))  # type: ignore[misc]
    for wallet in (CAMILLE, LEO):
        _load(cafe, EUR, wallet)
    _load(farm, EGGS, LEO)
    return Street(cafe, farm, clock)


def agreement(issuer: str, acceptor: str, asset: str) -> Agreement:
    most: dict[str, Any] = {"per_tap": 1_000, "per_card_day": 3_000, "per_minute": 6_000, "node_max": 8_000}
    return Agreement(issuer=issuer, acceptor=acceptor, asset=asset, currency=IDS[asset], epoch=1, **most)


def grant(clock: Clock, acceptor: str = FARM) -> GrantKept:
    """The café lets `acceptor` take its euros for a day while it cannot be asked."""
    return GrantKept(
        id=uuid4(), issuer=CAFE, acceptor=acceptor, asset=EUR, per_tap=600, per_card=900, per_card_day=900,
        node_max=2_000, since=clock.ms - 1_000, until=clock.ms + 86_400_000, hotlist_age=86_400,
        bearer="issuer",
    )  # fmt: skip


def proposal(street: Street, *edges: m.Edge, kind: Any = "settlement") -> m.Propose:
    return m.Propose(id=uuid4(), made=street.clock.ms, kind=kind, edges=tuple(edges), reference="VIR 7")


def clearing(said: m.Propose, peer: str) -> Clearing:
    return Clearing(
        id=said.id, peer=peer, kind=said.kind, edges=said.edges, state="proposed", is_ours=True, hash="",
        ask=b"", made=said.made, reference=said.reference,
    )  # fmt: skip


def _furnish(node: Node) -> None:
    keeper = node.keeper
    for asset, issuer in ((EUR, CAFE), (EGGS, FARM)):
        ours = issuer == node.me
        keeper.add_asset(Asset(IDS[asset], asset, "money", "local", is_ours=ours), issuer)
    keeper.agree(agreement(CAFE, FARM, EUR))
    keeper.agree(agreement(FARM, CAFE, EGGS))
    if node.me == CAFE:
        keeper.agree(agreement(CAFE, MILL, EUR))
    for wallet in (CAMILLE, LEO):
        keeper.add_wallet(wallet)
    for name, wallet, status in (
        (H_CAMILLE, CAMILLE, "active"),
        (H_LEO, LEO, "active"),
        (H_LOST, LEO, "lost"),
    ):
        keeper.add_handle(Handle(handle=name, wallet=wallet, home=CAFE, status=status))


def _load(node: Node, asset: str, wallet: UUID) -> None:
    node.keeper.ledger(
        ask.Load(
            id=uuid4(), content="x", kind="top_up", asset=IDS[asset], to=ask.Holder(wallet), amount=LOADED
        ),
        BIRTH,
    )


def _pin(session: Session, peer: str) -> None:
    key = KEYS[peer].public_key()
    session.add(
        ActorKey(
            key_id=kid(peer),
            fingerprint="f",
            actor_uri=f"{peer}/actor",
            material=encode_key(key),
            state="trusted",
            first_seen_at=BIRTH,
            retired_at=None,
        )
    )


def line(street: Street, last: dict[str, Any] | None = None, **values: Any) -> bytes:
    """A line that the café might write for the farm; `values` is what is odd about it."""
    said: dict[str, Any] = {
        "issuer": CAFE, "holder": FARM, "asset": EUR, "epoch": 1, "seq": 1, "kind": "charge",
        "ref": str(uuid4()), "delta": 500, "balance": 500, "at": street.clock.ms, "prev": "0" * 64,
    }  # fmt: skip
    return m.encode(m.Line(**(said | (last or {}) | values)))


def lines(street: Street, *raws: bytes, seq: int | None = None) -> m.Lines:
    """A statement of the café with these lines in it."""
    last = m.decode_line(raws[-1])
    head = m.Point(seq or last.seq, m.digest(raws[-1]), last.balance)
    return m.Lines(
        id=uuid4(),
        made=street.clock.ms,
        asset=EUR,
        epoch=1,
        head=head,
        lines=tuple(Raw(one) for one in raws),
    )


def lines_of(street: Street) -> Sequence[bytes]:
    return [row[-1] for row in street.farm.keeper.shown()["lines"]]


def presented(street: Street, grant: UUID, amount: int, late: int = 0, **more: Any) -> m.Present:
    """A sale that the farm says it made under `grant`, `late` milliseconds from now."""
    values: dict[str, Any] = {"id": uuid4(), "card": "card"} | more
    return m.Present(
        made=street.clock.ms, grant=grant, asset=EUR, epoch=1, handle=H_CAMILLE, amount=amount,
        taken=street.clock.ms + late, **values,
    )  # fmt: skip


def accounts(street: Street) -> Any:
    """What everybody has at the café."""
    return street.cafe.money()["accounts"]


def agree_anew(street: Street, **limits: int) -> None:
    """Other limits than those of the street."""
    sets = ", ".join(f"{name} = {most}" for name, most in limits.items())
    sql = f"UPDATE village_agreement SET {sets} WHERE peer = '{FARM}' AND issuer = '{CAFE}'"  # noqa: S608
    street.cafe.keeper.database.write(lambda session: session.connection().exec_driver_sql(sql))
