"""Events of other nodes: the owner's word, newest first, with a tombstone for what was deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from agenda.facts import EventForgotten, EventReceived
from agenda.models.event import DELETED, KEPT_TOMBSTONE, Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.queries.finding import event_by_uri
from agenda.schemas import ReceivedEvent
from agenda.service.derived import derive, touch
from agenda.service.events import bury
from agenda.service.places import find_or_make
from agenda.service.slugs import free_slug
from agenda.service.tags import wear
from agenda.words import slugify
from kit import clock
from kit.facts import emit
from kit.ids import new_id

SAME = (
    "name",
    "start",
    "end",
    "timezone",
    "url",
    "description",
    "price",
    "is_free",
    "booking_url",
    "online_url",
    "capacity",
    "places_left",
    "audience",
    "travel",
    "wheelchair",
    "hearing_loop",
    "sign_language",
    "quiet",
    "accessibility",
    "picture_alt",
    "status",
    "status_note",
)


def receive_event(session: Session, origin: Origin, told: ReceivedEvent) -> Event | None:
    """Add or refresh what `origin` tells of its own event. Returns None when we know something newer.

    An event of the same name and hour from another node is another event (protocol.md §5).
    """
    event = event_by_uri(session, told.uri)
    if event is not None and (event.updated_at >= told.updated or event.origin_id != origin.id):
        return None
    if event is None:
        event = _new_event(session, origin, told)
    place = find_or_make(session, origin, told.place) if told.place else None
    _write(event, told, place)
    derive(event, place, origin, [tag.name for tag in told.tags])
    _give_slug(session, event, origin)
    session.add(event)
    session.flush()
    icons = {slugify(tag.name, ""): tag.icon for tag in told.tags}
    wear(session, event, [tag.name for tag in told.tags], own=False, icons=icons)
    touch(session)
    emit(session, EventReceived(event.id, told.uri))
    return event


def forget_event(session: Session, origin_uri: str, uri: str, at: datetime) -> bool:
    """The owner deleted its event: a tombstone dated `at` stays ninety days. Says whether we had it."""
    event = event_by_uri(session, uri)
    origin = session.get(Origin, event.origin_id) if event and event.origin_id else None
    if event is None or origin is None or origin.uri != origin_uri or event.status == DELETED:
        return False
    bury(event)
    event.description, event.updated_at = "", max(event.updated_at, at)
    session.flush()
    touch(session)
    emit(session, EventForgotten(event.id, uri))
    return True


def forget_tombstones(session: Session) -> None:
    """Drop the rows of events that were deleted more than ninety days ago."""
    long_ago = clock.now() - KEPT_TOMBSTONE
    session.execute(delete(Event).where(Event.status == DELETED, Event.status_at < long_ago))


def _new_event(session: Session, origin: Origin, told: ReceivedEvent) -> Event:
    now = clock.now()
    event = Event(id=_free_id(session, told.uuid), uri=told.uri, origin_id=origin.id)
    event.created_at = event.published_at = event.status_at = now
    event.description_source = event.status_before = ""
    return event


def _free_id(session: Session, wished: UUID | None) -> UUID:
    """The owner's UUID when it is a v7 that nobody uses, so that scripts see one id on every node."""
    if wished is None or wished.version != 7 or session.get(Event, wished) is not None:
        return new_id()
    return wished


def _write(event: Event, told: ReceivedEvent, place: Place | None) -> None:
    if event.status != told.status:
        event.status_at = clock.now()
    for field in SAME:
        setattr(event, field, getattr(told, field))
    if event.picture_url != told.picture_url:
        event.picture_url, event.picture = told.picture_url, ""
    event.updated_at = told.updated
    event.place_id = place.id if place else None


def _give_slug(session: Session, event: Event, origin: Origin) -> None:
    if event.slug is None:
        event.slug = free_slug(session, Event.slug, event.id, event.name, event.day, origin.host)


def keep_fetched_picture(session: Session, event_id: UUID, address: str, name: str) -> None:
    """The picture came (or cannot be had: `name` is empty), unless the event names another one by now."""
    event = session.get(Event, event_id)
    if event is None or event.picture_url != address:
        return
    event.picture, event.picture_url = name, address if name else ""
    if name:
        touch(session)
