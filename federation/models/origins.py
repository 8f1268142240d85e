"""How each origin behaves, and which ones are cut off."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int


class OriginState(Base):
    """What delivery remembers of one origin: its circuit, and the signature style it understands."""

    __tablename__ = "origin_state"

    origin: Mapped[str] = mapped_column(primary_key=True)
    style: Mapped[str]
    """`rfc9421`, `cavage`, or empty when none has worked yet."""
    failures: Mapped[int] = mapped_column(Int)
    failing_since: Mapped[datetime | None]
    open_until: Mapped[datetime | None]
    """While in the future, nothing is sent: the circuit is open."""
    last_sent_at: Mapped[datetime | None]
    touched_at: Mapped[datetime] = mapped_column(index=True)


class Block(Base):
    """An origin (`https://host`) or one actor from which nothing is taken any more."""

    __tablename__ = "block"

    subject: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    by: Mapped[uuid.UUID | None]
    since: Mapped[datetime]
