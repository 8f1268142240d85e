"""Tags: the words that events wear, each with one icon and one colour."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base

COLOURS = ("accent", "hot", "calm", "beer", "wine", "food", "deposit")


class Tag(Base):
    """A word. `is_own` says that the collective keeps it (icon, colour, chip on the agenda)."""

    __tablename__ = "agenda_tag"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    icon: Mapped[str] = mapped_column(default="tag")
    colour: Mapped[str] = mapped_column(default="accent")
    is_own: Mapped[bool] = mapped_column(default=True)


class EventTag(Base):
    """An event wears a tag; the first one (position 0) draws its poster."""

    __tablename__ = "agenda_event_tag"
    __table_args__ = (Index(None, "tag_id", "event_id"),)

    event_id: Mapped[UUID] = mapped_column(
        ForeignKey("agenda_event.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_tag.id"), primary_key=True)
    position: Mapped[int]
