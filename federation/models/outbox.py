"""What goes out: the activity once, and a row per inbox it is owed to."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int, Json

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"
_IS_WAITING = text("state = 'waiting'")


class OutboxActivity(Base):
    """One activity of ours. `sealed` holds the exact bytes with the proof, made by the delivery worker."""

    __tablename__ = "outbox_activity"
    __table_args__ = (Index("ix_outbox_activity_public", "is_public", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    uri: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    scope: Mapped[str]
    order_key: Mapped[str]
    is_public: Mapped[bool]
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    sealed: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class Delivery(Base):
    """One activity owed to one inbox: at least once, in strict order per (inbox, order key)."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "next_at", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
        Index(
            "ix_delivery_order",
            "inbox",
            "order_key",
            "seq",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
        Index("ix_delivery_origin", "origin", "state"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("outbox_activity.id", ondelete="CASCADE"), index=True
    )
    inbox: Mapped[str]
    origin: Mapped[str]
    actor: Mapped[str]
    order_key: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(Int)
    last_error: Mapped[str]
    next_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
