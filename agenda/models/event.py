"""Events: own ones and those received from other nodes, in one table, so that the agenda is one read."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.models.tag import Tag
from kit.db import Base

DRAFT, PUBLISHED, POSTPONED = "draft", "published", "postponed"
CANCELLED, MOVED_ONLINE, ARCHIVED, DELETED = "cancelled", "moved_online", "archived", "deleted"
STATUSES = (DRAFT, PUBLISHED, POSTPONED, CANCELLED, MOVED_ONLINE, ARCHIVED, DELETED)
VISIBLE = frozenset({PUBLISHED, POSTPONED, CANCELLED, MOVED_ONLINE})
TAKES_PLACE = frozenset({PUBLISHED, MOVED_ONLINE})
KEPT_TOMBSTONE = timedelta(days=90)


class Event(Base):
    """A date in the agenda.

    `day` is the first day at the event's own place (`timezone`), "YYYY-MM-DD"; `until` is the end, or the
    start when nobody said the end; `listed` says that the public agenda shows it. All three are kept by
    `agenda.service`, so that every list reads one index. `uri` is the owner's id of a received event.
    """

    __tablename__ = "agenda_event"
    __table_args__ = (
        Index("ix_agenda_event_listed", "listed", "day", "start", "id", "origin_id"),
        Index("ix_agenda_event_lasting", "listed", "lasting", "until"),
        Index("ix_agenda_event_origin", "origin_id", "status", "day", "start"),
        Index("ix_agenda_event_counted", "origin_id", "listed", "day"),
        Index("ix_agenda_event_start", "start"),
        Index("ix_agenda_event_place", "place_id", "listed", "day"),
        Index("ix_agenda_event_ended", "origin_id", "until", "status"),
        Index("ix_agenda_event_updated", "listed", "updated_at", "id"),
        CheckConstraint("status IN ('" + "','".join(STATUSES) + "')", name="status"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
        CheckConstraint("until >= start", name="order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    uri: Mapped[str | None] = mapped_column(unique=True)
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_origin.id"))
    url: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    folded_name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)

    status: Mapped[str] = mapped_column(default=DRAFT)
    status_before: Mapped[str] = mapped_column(default="")
    status_note: Mapped[str] = mapped_column(default="")
    status_at: Mapped[datetime]
    status_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    listed: Mapped[bool] = mapped_column(default=False)
    do_not_share: Mapped[bool] = mapped_column(default=False)

    start: Mapped[datetime]
    end: Mapped[datetime | None] = mapped_column("end_at")
    until: Mapped[datetime]
    day: Mapped[str]
    lasting: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str]

    description_source: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="")
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_place.id"))
    online_url: Mapped[str] = mapped_column(default="")
    travel: Mapped[str] = mapped_column(default="")
    audience: Mapped[str] = mapped_column(default="")

    price: Mapped[str] = mapped_column(default="")
    is_free: Mapped[bool] = mapped_column(default=False)
    booking_url: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    places_left: Mapped[int | None]

    wheelchair: Mapped[bool] = mapped_column(default=False)
    hearing_loop: Mapped[bool] = mapped_column(default=False)
    sign_language: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False)
    accessibility: Mapped[str] = mapped_column(default="")

    picture: Mapped[str] = mapped_column(default="")
    picture_alt: Mapped[str] = mapped_column(default="")
    picture_url: Mapped[str] = mapped_column(default="")

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    origin: Mapped[Origin | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")
    tags: Mapped[list[Tag]] = relationship(
        secondary="agenda_event_tag", order_by="EventTag.position", viewonly=True, lazy="raise"
    )

    @property
    def is_own(self) -> bool:
        return self.origin_id is None

    @property
    def is_visible(self) -> bool:
        """Whether everyone may read its page."""
        return self.status in VISIBLE

    @property
    def is_full(self) -> bool:
        return self.places_left == 0 and self.takes_place

    @property
    def takes_place(self) -> bool:
        return self.status in TAKES_PLACE

    @property
    def places_taken(self) -> int | None:
        """How many places are taken, when both figures are known."""
        if self.capacity is None or self.places_left is None:
            return None
        return max(0, self.capacity - self.places_left)

    @property
    def has_access(self) -> bool:
        """Whether anything makes it easier to come for someone."""
        return self.wheelchair or self.hearing_loop or self.sign_language or self.quiet

    def is_over(self, now: datetime) -> bool:
        return self.until < now
