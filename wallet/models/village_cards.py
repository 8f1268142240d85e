"""Cards across nodes: whose handles are known here, what homes say of their cards, what we told to whom.

A peer is named by its origin. A handle names one wallet at one issuer, a card's key names one card between
two nodes: both are pseudonyms made with the secret of that pair (docs/adr/0025).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Json
from wallet.models.card import STATES
from wallet.models.guards import freeze_columns, keep_rows, let_rise

CARDS = "cards"
"""The counter of revisions of our own directory."""
_STATE = f"IN ({', '.join(repr(state) for state in STATES)})"


class VillageHandle(Base):
    """At the issuer: the wallet that a handle opens. `home` may be this node.

    `card` is the key of a card that had this wallet before its home named the holder, or "". `rev` is the
    home's: an older word is refused, by the database too.
    """

    __tablename__ = "village_handle"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'lost', 'blocked')", name="status"),
        Index(None, "wallet_id"),
        Index(None, "home", "card"),
        Index(None, "home", "rev"),
    )

    handle: Mapped[str] = mapped_column(primary_key=True)
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("wallet.id"))
    home: Mapped[str]
    rev: Mapped[int]
    status: Mapped[str]
    card: Mapped[str] = mapped_column(default="")


class VillageProving(Base):
    """At the issuer: a member of another node whose every card proves its taps, if its home still says so."""

    __tablename__ = "village_proving"

    handle: Mapped[str] = mapped_column(ForeignKey("village_handle.handle"), primary_key=True)
    proves: Mapped[bool]


class VillageCard(Base):
    """The directory: a card of another node, by its key between us and `peer`, and its holder's handles.

    `rev` 0: an answer to a question, true for a few minutes; above: what its home said by itself.
    """

    __tablename__ = "village_card"
    __table_args__ = (CheckConstraint(f"state {_STATE}", name="state"),)

    peer: Mapped[str] = mapped_column(primary_key=True)
    card_key: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int]
    state: Mapped[str]
    handles: Mapped[dict[str, str]] = mapped_column(Json)
    heard_at: Mapped[datetime]


class VillageCounter(Base):
    """Numbers given one after the other, in the order of commits: whoever takes one waits for the other."""

    __tablename__ = "village_counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class VillageRevision(Base):
    """What our directory says of one card of ours, and since which revision."""

    __tablename__ = "village_revision"

    card_id: Mapped[UUID] = mapped_column(ForeignKey("pass_card.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(index=True)
    state: Mapped[str]
    wallet_id: Mapped[UUID]


class VillageNoted(Base):
    """How much of our directory a peer has noted. `terms` changes when all must be told again."""

    __tablename__ = "village_noted"

    peer: Mapped[str] = mapped_column(primary_key=True)
    terms: Mapped[str]
    rev: Mapped[int]
    bound_rev: Mapped[int]
    noted_at: Mapped[datetime]


class VillageListed(Base):
    """A key under which a peer knows a card of ours, and the revision that it noted."""

    __tablename__ = "village_listed"
    __table_args__ = (Index(None, "card_id"),)

    peer: Mapped[str] = mapped_column(primary_key=True)
    card_key: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("pass_card.id"))
    rev: Mapped[int]


class VillageBinding(Base):
    """The handle that a wallet of ours has at an issuer, for ever, and the revision that the issuer noted."""

    __tablename__ = "village_binding"
    __table_args__ = (Index(None, "peer", "handle", unique=True),)

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("wallet.id"), primary_key=True)
    peer: Mapped[str] = mapped_column(primary_key=True)
    handle: Mapped[str]
    rev: Mapped[int]


class VillageTap(Base):
    """At home: the last read of a chip of ours that a neighbour was told of, and which neighbour."""

    __tablename__ = "village_tap"

    card_id: Mapped[UUID] = mapped_column(ForeignKey("pass_card.id"), primary_key=True)
    counter: Mapped[int]
    peer: Mapped[str]
    at: Mapped[datetime]


class VillageHolding(Base):
    """At home: what a wallet of ours holds at another node, true at `at` by that node's clock.

    `asked_at` is our last question, `heard_at` the last one that was answered: the same when nothing waits.
    `trouble` says by name why the last answer was a refusal.
    """

    __tablename__ = "village_holding"

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("wallet.id"), primary_key=True)
    peer: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    balances: Mapped[dict[str, int]] = mapped_column(Json)
    asked_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")


class VillageMovement(Base):
    """At home: one movement of a wallet of ours at another node, as that node told it."""

    __tablename__ = "village_movement"

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("wallet.id"), primary_key=True)
    peer: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    asset: Mapped[str]
    amount: Mapped[int]
    place: Mapped[str]


freeze_columns(VillageHandle.__table__, "handle", "home")
let_rise(VillageHandle.__table__, "rev")
keep_rows(VillageCard.__table__)
let_rise(VillageCard.__table__, "rev")
let_rise(VillageCounter.__table__, "value")
freeze_columns(VillageCounter.__table__, "name")
freeze_columns(VillageRevision.__table__, "card_id")
let_rise(VillageRevision.__table__, "rev")
freeze_columns(VillageProving.__table__, "handle")
freeze_columns(VillageTap.__table__, "card_id")
let_rise(VillageTap.__table__, "counter")
freeze_columns(VillageBinding.__table__, "wallet_id", "peer", "handle")
