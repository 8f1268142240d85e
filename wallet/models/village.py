"""The tables of money between nodes: agreements, lines, answers, payments, what was signed by both.

Nodes are named by their origin, assets as on the wire (`host/code`), times on the wire are milliseconds.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base, make_append_only
from kit.db.types import Json
from wallet.models.guards import freeze_columns, keep_rows, let_change, let_rise


class VillageEpoch(Base):
    """Each time that this node's money began anew; charges made for an earlier one are refused."""

    __tablename__ = "village_epoch"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]


class VillageAgreement(Base):
    """What `acceptor` may take of `issuer`'s asset, in minor units; `peer` is whichever is not this node.

    `takes`: the acceptor says yes. Either side may pause what is new. The issuer enforces the limits.
    """

    __tablename__ = "village_agreement"

    peer: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    acceptor: Mapped[str]
    currency_id: Mapped[UUID] = mapped_column(ForeignKey("currency.id"))
    epoch: Mapped[int]
    per_tap: Mapped[int]
    per_card_day: Mapped[int]
    per_minute: Mapped[int]
    node_max: Mapped[int]
    takes: Mapped[bool]
    is_paused_here: Mapped[bool]
    is_paused_there: Mapped[bool]
    rev: Mapped[int]
    noted_rev: Mapped[int] = mapped_column(default=0)
    """Of our own offer: the last one that the peer has answered."""
    changed_at: Mapped[datetime]


class VillageMirror(Base):
    """How far the lines of one (issuer, holder, asset) are known without a gap; kept by both sides."""

    __tablename__ = "village_mirror"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    currency_id: Mapped[UUID] = mapped_column(ForeignKey("currency.id"))
    epoch: Mapped[int]
    seq: Mapped[int]
    hash: Mapped[str]
    balance: Mapped[int]
    seen: Mapped[int]
    agreed: Mapped[int]


class VillageLine(Base):
    """One movement of what an issuer owes a holder, in its exact bytes. Lines are asked for by `seq`."""

    __tablename__ = "village_line"
    __table_args__ = (Index(None, "ref"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    ref: Mapped[str]
    delta: Mapped[int]
    balance: Mapped[int]
    at: Mapped[int]
    hash: Mapped[str]
    body: Mapped[bytes]


class VillageAnswer(Base):
    """What we answered as an issuer, for ever. `id`: the ledger's transaction; `asked`: the peer's own."""

    __tablename__ = "village_answer"
    __table_args__ = (Index(None, "asked"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    peer: Mapped[str]
    verb: Mapped[str]
    asked: Mapped[UUID]
    req: Mapped[str]
    body: Mapped[bytes]


class VillagePayment(Base):
    """What one of our tills asked for. `made`, `deadline`, `taken`: ms. See `between.shapes.Payment`."""

    __tablename__ = "village_payment"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'commit', 'undo', 'offline', 'ok', 'failed')", name="state"),
        CheckConstraint("kind IN ('sale', 'refund', 'found')", name="kind"),
        Index(
            "ix_village_payment_waiting",
            "made",
            sqlite_where=text("is_final = 0"),
            postgresql_where=text("NOT is_final"),
        ),
        Index(None, "refers"),
        Index(None, "made"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    is_final: Mapped[bool]
    made: Mapped[int]
    deadline: Mapped[int]
    local: Mapped[UUID | None]
    local_amount: Mapped[int]
    taken: Mapped[int]
    refers: Mapped[UUID | None]
    why: Mapped[str]
    point: Mapped[str]
    by: Mapped[str]
    content: Mapped[str]


class VillageLeg(Base):
    """One charge or refund of a payment at one issuer. `ask`: the exact bytes that were said."""

    __tablename__ = "village_leg"
    __table_args__ = (
        CheckConstraint(
            "state IN ('intent', 'held', 'posted', 'declined', 'offline_due', 'undoing', 'captured', "
            "'cancelled', 'reversed', 'presented')",
            name="state",
        ),
        Index(None, "payment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("village_payment.id"))
    n: Mapped[int]
    issuer: Mapped[str]
    asset: Mapped[str]
    currency_id: Mapped[UUID]
    handle: Mapped[str]
    amount: Mapped[int]
    ask: Mapped[bytes]
    card: Mapped[str]
    epoch: Mapped[int]
    state: Mapped[str]
    got: Mapped[int]
    was_held: Mapped[bool]
    grant_id: Mapped[UUID | None]
    why: Mapped[str]
    left: Mapped[int | None]


class VillageUse(Base):
    """What was taken under one limit: `what` is a card and day, a minute, a grant and card, or contested."""

    __tablename__ = "village_use"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    peer: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class VillageGrant(Base):
    """A grant of either direction. `used`: accepted and not presented yet; at the issuer, presented.

    `is_ours`: we issued it. `noted`: the peer has answered its newest state. `closed`: the charges that its
    acceptor had accepted when it heard the end. `told`: the acceptor's own count, as the issuer knows it, and
    since when.
    """

    __tablename__ = "village_grant"
    __table_args__ = (
        CheckConstraint("used >= 0 AND (is_ours OR used <= node_max)", name="caps"),
        CheckConstraint("bearer IN ('issuer', 'acceptor')", name="bearer"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    is_ours: Mapped[bool]
    issuer: Mapped[str]
    acceptor: Mapped[str]
    asset: Mapped[str]
    per_tap: Mapped[int]
    per_card: Mapped[int]
    per_card_day: Mapped[int]
    node_max: Mapped[int]
    since: Mapped[int]
    until: Mapped[int]
    hotlist_age: Mapped[int]
    bearer: Mapped[str]
    revoked: Mapped[bool]
    noted: Mapped[bool]
    used: Mapped[int]
    item: Mapped[bytes]
    closed: Mapped[list[str] | None] = mapped_column(Json)
    told: Mapped[int | None]
    told_at: Mapped[datetime | None]


class VillageClearing(Base):
    """Debts that fall by both signatures. `edges`: [{debtor, creditor, asset, amount}]."""

    __tablename__ = "village_clearing"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'waiting', 'signed', 'refused')", name="state"),
        CheckConstraint("kind IN ('setoff', 'settlement')", name="kind"),
        Index(None, "peer", "made"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    peer: Mapped[str]
    kind: Mapped[str]
    edges: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str]
    is_ours: Mapped[bool]
    hash: Mapped[str]
    ask: Mapped[bytes]
    made: Mapped[int]
    reference: Mapped[str]
    why: Mapped[str]


class VillageCheckpoint(Base):
    """Both signed that the lines up to `seq` are these. The items are found again in `village_item`."""

    __tablename__ = "village_checkpoint"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    asset: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    balance: Mapped[int]
    at: Mapped[int]
    theirs: Mapped[bytes]
    ours: Mapped[bytes]


class VillageAlarm(Base):
    """Something that a person must look at, and the item that shows it. `seen_at`: somebody did.

    Until then the same about the same peer is counted here, with the last time and place; what a peer signed
    is kept each time (`VillageItem`). Rows of before have no count.
    """

    __tablename__ = "village_alarm"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str]
    peer: Mapped[str]
    place: Mapped[str]
    item: Mapped[bytes]
    seen_at: Mapped[datetime | None]
    count: Mapped[int | None]
    last_at: Mapped[datetime | None]
    last_place: Mapped[str | None]

    @property
    def times(self) -> int:
        return self.count or 1

    @property
    def latest(self) -> datetime:
        return self.last_at or self.at


class VillageEnvelope(Base):
    """What a peer signed: with the items' hashes and one item's bytes it proves that this was said."""

    __tablename__ = "village_envelope"
    __table_args__ = (Index(None, "peer", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    peer: Mapped[str]
    addressee: Mapped[str]
    kid: Mapped[str]
    at: Mapped[int]
    hashes: Mapped[bytes]
    """32 bytes for each item, one after the other."""
    root: Mapped[str]
    sig: Mapped[bytes]


class VillageItem(Base):
    """One item of a peer's envelope that is kept as evidence: `asked` is the id that it names."""

    __tablename__ = "village_item"
    __table_args__ = (Index(None, "asked"),)

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("village_envelope.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    asked: Mapped[UUID]
    body: Mapped[bytes]


for _table in (VillageEpoch, VillageLine, VillageAnswer, VillageCheckpoint, VillageEnvelope, VillageItem):
    make_append_only(_table.__table__)  # type: ignore[arg-type]
    keep_rows(_table.__table__)
freeze_columns(
    VillagePayment.__table__,
    "id",
    "kind",
    "made",
    "deadline",
    "refers",
    "local_amount",
    "point",
    '"by"',  # a word of PL/pgSQL
    "content",
    is_hot=True,
)
freeze_columns(
    VillageLeg.__table__,
    "id",
    "payment_id",
    "n",
    "issuer",
    "asset",
    "currency_id",
    "handle",
    "amount",
    "ask",
    "card",
    is_hot=True,
)
freeze_columns(
    VillageClearing.__table__, "id", "peer", "kind", "edges", "is_ours", "hash", "ask", "made", "reference"
)
freeze_columns(VillageMirror.__table__, "issuer", "holder", "asset", "currency_id", is_hot=True)
freeze_columns(
    VillageGrant.__table__,
    *("id", "is_ours", "issuer", "acceptor", "asset", "per_tap", "per_card", "per_card_day", "node_max"),
    *("since", "until", "hotlist_age", "bearer", "item"),
)
let_rise(VillageGrant.__table__, "revoked")
let_change(
    VillageGrant.__table__,
    "keeps its list",
    "OLD.closed IS NULL OR NEW.closed IS NOT DISTINCT FROM OLD.closed",
)
freeze_columns(VillageAlarm.__table__, "number", "at", "what", "peer", "place", "item")
let_change(
    VillagePayment.__table__,
    "never takes back what a till was told",
    "NEW.state = OLD.state OR OLD.state = 'open' OR (OLD.state = 'undo' AND NEW.state = 'failed') "
    "OR (OLD.state IN ('commit', 'offline') AND NEW.state = 'ok')",
)
let_rise(VillagePayment.__table__, "is_final")
let_change(
    VillageMirror.__table__,
    "never forgets a line",
    "NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.seq >= OLD.seq AND NEW.seen >= OLD.seen "
    "AND NEW.agreed >= OLD.agreed)",
)
let_change(
    VillageClearing.__table__,
    "keeps its answer",
    "NEW.state = OLD.state OR OLD.state IN ('proposed', 'waiting')",
)
