"""One event, place, tag or origin, by what names it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from agenda.models.event import DELETED, VISIBLE, Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.refusals import NoSuchEvent, NoSuchPlace, NoSuchTag

WHOLE = (joinedload(Event.place), joinedload(Event.origin), selectinload(Event.tags))


def whole_event(session: Session, event_id: UUID) -> Event:
    """An event with place, origin and tags, in two statements. Raises NoSuchEvent."""
    statement = select(Event).where(Event.id == event_id, Event.status != DELETED).options(*WHOLE)
    return _found(session.scalars(statement.execution_options(populate_existing=True)).one_or_none())


def event_with_tombstone(session: Session, event_id: Any) -> Event | None:
    """An event with place, origin and tags, deleted or not, as the database has it now."""
    statement = select(Event).where(Event.id == event_id).options(*WHOLE)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def event_by_slug(session: Session, slug: str) -> Event:
    """The event at `/agenda/{slug}`, whatever its state but deleted. Raises NoSuchEvent."""
    statement = select(Event).where(Event.slug == slug, Event.status != DELETED).options(*WHOLE)
    return _found(session.scalars(statement).one_or_none())


def visible_event(session: Session, slug: str) -> Event:
    """The event at `/agenda/{slug}` that everyone may read. Raises NoSuchEvent."""
    event = event_by_slug(session, slug)
    if event.status not in VISIBLE or (event.origin and not event.origin.shown):
        raise NoSuchEvent
    return event


def event_by_uri(session: Session, uri: str) -> Event | None:
    """A received event, its tombstone included."""
    return session.scalars(select(Event).where(Event.uri == uri)).one_or_none()


def place_by_id(session: Session, place_id: UUID) -> Place:
    """An own place. Raises NoSuchPlace."""
    place = session.get(Place, place_id)
    if place is None or not place.is_own:
        raise NoSuchPlace
    return place


def own_places(session: Session) -> list[Place]:
    """The collective's own places, by name."""
    statement = select(Place).where(Place.origin_id.is_(None)).order_by(Place.name, Place.id)
    return list(session.scalars(statement))


def tag_by_id(session: Session, tag_id: UUID) -> Tag:
    """Raises NoSuchTag."""
    tag = session.get(Tag, tag_id)
    if tag is None:
        raise NoSuchTag
    return tag


def own_tags(session: Session) -> list[Tag]:
    """The tags that the collective keeps, by name."""
    return list(session.scalars(select(Tag).where(Tag.is_own == true()).order_by(Tag.name, Tag.id)))


def origin_by_uri(session: Session, uri: str) -> Origin | None:
    return session.scalars(select(Origin).where(Origin.uri == uri)).one_or_none()


def shown_origins(session: Session) -> list[Origin]:
    """The other nodes whose events we show, by name."""
    statement = select(Origin).where(Origin.shown == true()).order_by(Origin.name, Origin.uri)
    return list(session.scalars(statement))


def _found(event: Event | None) -> Event:
    if event is None:
        raise NoSuchEvent
    return event
