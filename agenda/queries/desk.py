"""The back office's lists: own events by tab, received ones, places and tags with how often they serve."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from agenda.models.event import ARCHIVED, DELETED, DRAFT, VISIBLE, Event
from agenda.models.place import Place
from agenda.models.tag import EventTag, Tag
from agenda.queries.listing import with_parts
from agenda.words import search_words

TABS = ("coming", "drafts", "past", "received", "archived")


@dataclass(frozen=True)
class Shelf:
    """One page of a tab: `total` counts all its events."""

    events: list[Event]
    total: int


@dataclass(frozen=True)
class Used:
    """A place or a tag, and how many events use it."""

    row: Any
    events: int


def shelf(
    session: Session, tab: str, now: datetime, *, q: str = "", place: UUID | None = None, most: int, skip: int
) -> Shelf:
    """The events of one tab that match, nearest first (past ones: latest first)."""
    conditions = [
        _in_tab(tab, now),
        *(Event.search.contains(word, autoescape=True) for word in search_words(q)),
    ]
    if place is not None:
        conditions.append(Event.place_id == place)
    order = (Event.day, Event.start, Event.id)
    backwards = [column.desc() for column in order] if tab in {"past", "archived"} else list(order)
    statement = with_parts(select(Event)).where(*conditions).order_by(*backwards)
    events = list(session.scalars(statement.offset(skip).limit(most)))
    return Shelf(events, _how_many(session, conditions))


def counts(session: Session, now: datetime) -> dict[str, int]:
    """How many events each tab holds, in one statement."""
    parts = [
        select(func.count()).select_from(Event).where(_in_tab(tab, now)).scalar_subquery() for tab in TABS
    ]
    return dict(zip(TABS, session.execute(select(*parts)).one(), strict=True))


def places_with_use(session: Session) -> list[Used]:
    """Own places by name, with the number of events of each."""
    used = _count_of(Event.place_id, Event.status != DELETED)
    statement = (
        select(Place, func.coalesce(used.c.events, 0))
        .outerjoin(used, used.c.key == Place.id)
        .where(Place.origin_id.is_(None))
        .order_by(Place.name, Place.id)
    )
    return [Used(place, number) for place, number in session.execute(statement)]


def tags_with_use(session: Session) -> list[Used]:
    """All tags, the collective's own first, with the number of events that wear each."""
    used = _count_of(EventTag.tag_id)
    statement = (
        select(Tag, func.coalesce(used.c.events, 0))
        .outerjoin(used, used.c.key == Tag.id)
        .order_by(Tag.is_own.desc(), Tag.name, Tag.id)
        .limit(500)
    )
    return [Used(tag, number) for tag, number in session.execute(statement)]


def _count_of(column: Any, *conditions: ColumnElement[bool]) -> Any:
    grouped: Select[Any] = select(column.label("key"), func.count().label("events")).where(*conditions)
    return grouped.group_by(column).subquery()


def _how_many(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Event).where(*conditions)) or 0


def _in_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    own, visible = Event.origin_id.is_(None), Event.status.in_(sorted(VISIBLE))
    if tab == "drafts":
        return own & (Event.status == DRAFT)
    if tab == "archived":
        return own & (Event.status == ARCHIVED)
    if tab == "received":
        return Event.origin_id.is_not(None) & visible & (Event.until >= now)
    return own & visible & ((Event.until < now) if tab == "past" else (Event.until >= now))
