"""Wallets: all balances of one person, or of one card that nobody has claimed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from wallet.models.guards import freeze_columns


class Wallet(Base):
    """Whoever holds balances. Its id is the `owner` of its accounts. A person has one wallet at most."""

    __tablename__ = "wallet"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]


freeze_columns(Wallet.__table__, "id", "created_at")
