"""Pass cards: the batch they came in, whose wallet they open, what happened to them, the taps they proved."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base, make_append_only
from kit.db.types import Int
from wallet.models.guards import freeze_columns, keep_rows

ACTIVE, LOST, BLOCKED, REPLACED = "active", "lost", "blocked", "replaced"
STATES = (ACTIVE, LOST, BLOCKED, REPLACED)
PASS, STAFF = "pass", "staff"
STATIC, NTAG424, QR_ONLY = "static", "ntag424", "qr"


class CardBatch(Base):
    """Cards of one order, with one back image. `opening_id`: the transaction of their opening balances."""

    __tablename__ = "card_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    opening_id: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
    back_image: Mapped[str] = mapped_column(default="")
    """The name of the picture in the node's files, or empty."""


class PassCard(Base):
    """A card, bracelet or phone code. It opens one wallet; it never expires.

    `uid`: upper-case hexadecimal digits of 4, 7 or 10 bytes, or None for a QR code alone. `number` is printed
    and read aloud; `code` is what its QR address `/c/{code}` ends with. `kind`: pass or staff. `chip`:
    static, ntag424 or qr. `state` is that of the newest mark.
    """

    __tablename__ = "pass_card"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'lost', 'blocked', 'replaced')", name="state"),
        CheckConstraint("kind IN ('pass', 'staff')", name="kind"),
        CheckConstraint("chip IN ('static', 'ntag424', 'qr')", name="chip"),
        Index(None, "wallet_id"),
        Index(None, "batch_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    uid: Mapped[str | None] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default=PASS)
    chip: Mapped[str] = mapped_column(default=STATIC)
    state: Mapped[str] = mapped_column(default=ACTIVE)
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("wallet.id"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("card_batch.id"))
    created_at: Mapped[datetime]


class CardMark(Base):
    """Something that happened to a card: its new state or its new wallet, who said so, when, why."""

    __tablename__ = "card_mark"
    __table_args__ = (Index(None, "card_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("pass_card.id"))
    at: Mapped[datetime]
    state: Mapped[str]
    wallet_id: Mapped[UUID]
    by_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")


class CardTap(Base):
    """A read counter of an NTAG 424 DNA that moved money: the same tap never does so again."""

    __tablename__ = "card_tap"

    card_id: Mapped[UUID] = mapped_column(ForeignKey("pass_card.id"), primary_key=True)
    counter: Mapped[int] = mapped_column(Int, primary_key=True)
    tx_seq: Mapped[int]


freeze_columns(PassCard.__table__, "id", "uid", "number", "code", "created_at")
make_append_only(CardMark.__table__)  # type: ignore[arg-type]
make_append_only(CardTap.__table__)  # type: ignore[arg-type]
keep_rows(CardMark.__table__)
keep_rows(CardTap.__table__)
