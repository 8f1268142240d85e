"""Receipts that were asked for: the first one is the receipt, every later one a duplicate."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

WAYS = ("screen", "mail")


class ReceiptGiven(Base):
    """One receipt of one sale. `id` is the till's own; where a mail went is kept nowhere."""

    __tablename__ = "receipt_given"
    __table_args__ = (CheckConstraint("way IN ('screen', 'mail')", name="way"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(index=True)
    device_id: Mapped[UUID]
    way: Mapped[str]
    at: Mapped[datetime]
