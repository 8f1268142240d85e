"""What waits for a neighbour's word: written before it is asked, gone when it stands in the journal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base


class SaleWaiting(Base):
    """A sale that another node pays. `body` is the request as JSON."""

    __tablename__ = "sale_waiting"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    host: Mapped[str]
    """Whom it had to wait for; empty while nobody did, as when all was answered at once."""
    why: Mapped[str]
    """Empty while it waits; else why it will never be paid."""
    body: Mapped[bytes]


class SaleReturning(Base):
    """A sale that is being taken back while its neighbour gives back: nobody else may. Gone with the note.

    `id` is the operation's, `body` its request as JSON.
    """

    __tablename__ = "sale_returning"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    why: Mapped[str]
    """Empty while it goes on; else why the journal refused although the neighbour gave back."""
    body: Mapped[bytes]
