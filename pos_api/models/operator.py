"""Who sells: operators, their PIN or staff card, and the hours they hold a till."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kit.db import Base
from kit.db.types import Json
from pos_api.models.device import TillDevice

SESSION_LASTS = timedelta(hours=16)
SELL, TOP_UP, VOID, REFUND = "sell", "top_up", "void", "refund"
GIFT, FLOAT, CLOSE, TRAINING = "gift", "float", "close", "training"
RIGHTS = (SELL, TOP_UP, VOID, REFUND, GIFT, FLOAT, CLOSE, TRAINING)
CASHIER = (SELL, TOP_UP)
MANAGER = RIGHTS


class TillOperator(Base):
    """Someone who sells, known on receipts by `code` alone ("E3"); `label` is what the till shows.

    `pin_mark`: a keyed fingerprint by which a PIN finds its operator; the PIN itself is `pin_hash` (argon2).
    `card_id`: the staff card that opens a till for them. An archived operator opens nothing, and their PIN
    is free again.
    """

    __tablename__ = "till_operator"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    pin_hash: Mapped[str | None]
    pin_mark: Mapped[bytes | None] = mapped_column(unique=True)
    card_id: Mapped[UUID | None] = mapped_column(unique=True)
    rights: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_manager(self) -> bool:
        """Whether they hold every right that a till knows."""
        return set(self.rights) >= set(MANAGER)


class OperatorSession(Base):
    """One operator at one device, for sixteen hours at most."""

    __tablename__ = "operator_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("till_operator.id"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("till_device.id"), index=True)
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]

    operator: Mapped[TillOperator] = relationship(lazy="joined", innerjoin=True)
    device: Mapped[TillDevice] = relationship()
