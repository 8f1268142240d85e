"""Devices that sell: how they were paired, and the codes that pair them. Secrets are kept as hashes only."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int, Json

CODE_VALID_FOR = timedelta(minutes=10)
CODE_DIGITS = 6


class TillDevice(Base):
    """A tablet or a computer that sells in its own series, from its pairing until it is revoked.

    `points`: ids of the points of sale it shows, as text; none means all. `public_key`: a JWK (EC, P-256)
    that its offline operations are signed with. `last_count`: the highest number it gave an operation.
    `waiting`: how many operations it told, at `waiting_at`, that the node does not have; None: never told.
    """

    __tablename__ = "till_device"
    __table_args__ = (Index(None, "revoked_at", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    series: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[dict[str, Any] | None] = mapped_column(Json)
    points: Mapped[list[str]] = mapped_column(Json)
    is_training: Mapped[bool] = mapped_column(default=False)
    paired_at: Mapped[datetime]
    paired_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    last_count: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int | None]
    waiting_at: Mapped[datetime | None]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class PairingCode(Base):
    """Six digits that pair one device, once, within ten minutes.

    `is_reusable`: the printed code of a demonstration, good until it ends.
    """

    __tablename__ = "pairing_code"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    points: Mapped[list[str]] = mapped_column(Json)
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    is_reusable: Mapped[bool] = mapped_column(default=False)

    def opens(self, now: datetime) -> bool:
        """Whether it still pairs a device."""
        return now < self.expires_at and (self.used_at is None or self.is_reusable)


class PinPause(Base):
    """Wrong PINs in a row at one device: the next one may be tried at `free_at`."""

    __tablename__ = "pin_pause"

    device_id: Mapped[UUID] = mapped_column(ForeignKey("till_device.id"), primary_key=True)
    tries: Mapped[int] = mapped_column(Int)
    free_at: Mapped[datetime]
