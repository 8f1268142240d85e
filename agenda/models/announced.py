"""Events that were announced by address alone: to be fetched at their owner's, outside of any transaction."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

MOST_WAITING = 500


class AnnouncedEvent(Base):
    """`uri` is at the origin of `teller`, the actor that announced it; the row goes once it was tried."""

    __tablename__ = "agenda_announced"

    uri: Mapped[str] = mapped_column(primary_key=True)
    teller: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
