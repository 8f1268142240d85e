"""Own events: created, edited, copied, deleted."""

from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from agenda.facts import EventChanged, EventWithdrawn
from agenda.models.event import ARCHIVED, DELETED, DRAFT, Event
from agenda.queries.finding import whole_event
from agenda.refusals import NotOurs, SameEventTwice
from agenda.rules import check_event
from agenda.schemas import EventPatch, EventValues
from agenda.service.audit import note
from agenda.service.derived import stamp, touch
from agenda.service.slugs import free_slug
from agenda.service.values import dress, patched, values_of, write_values
from agenda.times import days_later
from agenda.words import fold
from kit import clock
from kit.auth import Principal
from kit.facts import emit
from kit.i18n import _
from kit.ids import new_id

FORGOTTEN = (
    "description_source",
    "description",
    "search",
    "travel",
    "accessibility",
    "picture",
    "picture_alt",
)


def create_event(session: Session, by: Principal, values: EventValues) -> Event:
    """Add a draft. Raises Invalid, NoSuchPlace, SameEventTwice."""
    check_event(values)
    _refuse_twin(session, values, None)
    now = clock.now()
    event = Event(id=new_id(), status=DRAFT, status_at=now, status_by=by.person_id)
    event.created_at = event.updated_at = now
    write_values(session, event, values)
    _give_slug(session, event)
    session.add(event)
    session.flush()
    dress(session, event, values.tags)
    note(session, by, "event.created", f"event:{event.id}", event.name)
    touch(session)
    return whole_event(session, event.id)


def edit_event(session: Session, by: Principal, event_id: UUID, values: EventValues) -> Event:
    """Change an own event whole. Raises Invalid, NoSuchEvent, NotOurs, NoSuchPlace, SameEventTwice."""
    check_event(values)
    event = own_event(session, event_id)
    _refuse_twin(session, values, event.id)
    was_shared = not event.do_not_share
    write_values(session, event, values)
    if event.status == DRAFT and event.published_at is None:
        _give_slug(session, event)
    dress(session, event, values.tags)
    stamp(event)
    session.flush()
    note(session, by, "event.edited", f"event:{event.id}", event.name)
    touch(session)
    _tell_change(session, event, was_shared)
    return whole_event(session, event.id)


def patch_event(session: Session, by: Principal, event_id: UUID, patch: EventPatch) -> Event:
    """Change some fields of an own event. Raises as `edit_event`."""
    return edit_event(session, by, event_id, patched(own_event(session, event_id), patch))


def duplicate_event(session: Session, by: Principal, event_id: UUID) -> Event:
    """A draft like it, the first week after it that has no twin. Raises NoSuchEvent, NotOurs."""
    values = values_of(own_event(session, event_id))
    later = _weeks_later(values, 1)
    for weeks in range(2, 105):
        if _twin(session, later, None) is None:
            break
        later = _weeks_later(values, weeks)
    return create_event(session, by, later)


def delete_event(session: Session, by: Principal, event_id: UUID) -> None:
    """Take an own event away: a draft that nobody saw leaves nothing, any other one a tombstone.

    Raises NoSuchEvent, NotOurs.
    """
    event = own_event(session, event_id)
    note(session, by, "event.deleted", f"event:{event.id}", event.name)
    touch(session)
    if event.published_at is None:
        session.delete(event)
        return
    bury(event)
    stamp(event)
    session.flush()
    emit(session, EventWithdrawn(event.id))


def bury(event: Event) -> None:
    """Leave only what says that the event existed; the row goes after ninety days."""
    for field in FORGOTTEN:
        setattr(event, field, "")
    event.status, event.listed, event.status_at = DELETED, False, clock.now()
    event.place_id = None


def own_event(session: Session, event_id: UUID) -> Event:
    """Raises NoSuchEvent, NotOurs."""
    event = whole_event(session, event_id)
    if not event.is_own:
        raise NotOurs
    return event


def _tell_change(session: Session, event: Event, was_shared: bool) -> None:
    if event.is_visible and (was_shared or not event.do_not_share):
        emit(session, EventChanged(event.id))


def _give_slug(session: Session, event: Event) -> None:
    event.slug = free_slug(session, Event.slug, event.id, event.name, event.day)


def _weeks_later(values: EventValues, weeks: int) -> EventValues:
    """The same local hour some weeks later, even across a change of clocks."""
    end = days_later(values.end, weeks * 7, values.timezone) if values.end else None
    start = days_later(values.start, weeks * 7, values.timezone)
    return msgspec.structs.replace(values, start=start, end=end)


def _refuse_twin(session: Session, values: EventValues, own_id: UUID | None) -> None:
    twin = _twin(session, values, own_id)
    if twin is not None:
        text = _("“{name}” is already in the agenda at this date and time.").format(name=twin.name)
        raise SameEventTwice(text, fields={"name": text})


def _twin(session: Session, values: EventValues, own_id: UUID | None) -> Event | None:
    statement = select(Event).where(
        Event.start == values.start,
        Event.folded_name == fold(values.name),
        Event.origin_id.is_(None),
        Event.status.not_in((ARCHIVED, DELETED)),
    )
    if own_id is not None:
        statement = statement.where(Event.id != own_id)
    return session.scalars(statement).first()
