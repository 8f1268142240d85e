"""What came in: stored first, answered 202, handled later."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int, Json

WAITING, HANDLED, DROPPED = "waiting", "handled", "dropped"


class InboxMessage(Base):
    """One verified activity. Its id stays known for fourteen days, with the hash of its content."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        Index(
            "ix_inbox_message_waiting",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    activity_id: Mapped[str] = mapped_column(unique=True)
    content_hash: Mapped[str]
    actor: Mapped[str]
    type: Mapped[str]
    verified: Mapped[dict[str, str]] = mapped_column(Json)
    body: Mapped[bytes]
    state: Mapped[str]
    reason: Mapped[str]
    attempts: Mapped[int] = mapped_column(Int)
    received_at: Mapped[datetime]
    next_at: Mapped[datetime]

    def settle(self, state: str, reason: str = "") -> None:
        """Done with it: handled, or dropped for a named reason."""
        self.state, self.reason = state, reason


class SeenSignature(Base):
    """One signature already used (its hash covers the key id); again before `expires_at` is a replay."""

    __tablename__ = "seen_signature"
    __table_args__ = ({"sqlite_with_rowid": False},)

    signature_hash: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
