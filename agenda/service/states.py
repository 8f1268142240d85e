"""From draft to archive: each verb says where it may start from; doing it twice changes nothing."""

from uuid import UUID

from sqlalchemy.orm import Session

from agenda.facts import EventCancelled, EventChanged, EventPublished, EventWithdrawn
from agenda.models.event import (
    ARCHIVED,
    CANCELLED,
    DRAFT,
    MOVED_ONLINE,
    POSTPONED,
    PUBLISHED,
    VISIBLE,
    Event,
)
from agenda.refusals import WrongState
from agenda.richtext import is_safe_link
from agenda.service.audit import note
from agenda.service.derived import list_or_not, stamp, touch
from agenda.service.events import own_event
from agenda.state_words import state_word
from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.facts import emit
from kit.i18n import _

CHANGEABLE = VISIBLE - {CANCELLED}


def publish(session: Session, by: Principal, event_id: UUID) -> Event:
    """Show a draft to everyone. Raises NoSuchEvent, NotOurs, WrongState."""
    event = own_event(session, event_id)
    if event.status == PUBLISHED:
        return event
    _move(session, by, event, PUBLISHED, start_from={DRAFT})
    event.published_at = event.published_at or event.status_at
    emit(session, EventPublished(event.id))
    return event


def unpublish(session: Session, by: Principal, event_id: UUID) -> Event:
    """Make an event a draft again: nobody sees it any more. Raises NoSuchEvent, NotOurs, WrongState."""
    event = own_event(session, event_id)
    if event.status == DRAFT:
        return event
    _move(session, by, event, DRAFT, start_from=VISIBLE)
    emit(session, EventWithdrawn(event.id))
    return event


def postpone(session: Session, by: Principal, event_id: UUID, note_text: str = "") -> Event:
    """Say that the event will take place later; `note_text` says what is known. Raises as `publish`."""
    event = own_event(session, event_id)
    _move(session, by, event, POSTPONED, start_from=CHANGEABLE, text=note_text)
    emit(session, EventChanged(event.id))
    return event


def cancel(session: Session, by: Principal, event_id: UUID, reason: str = "") -> Event:
    """Say that the event will not take place; it stays on the agenda. Raises as `publish`."""
    event = own_event(session, event_id)
    if event.status == CANCELLED and event.status_note == reason.strip():
        return event
    _move(session, by, event, CANCELLED, start_from=VISIBLE, text=reason)
    emit(session, EventCancelled(event.id, event.status_note))
    return event


def move_online(session: Session, by: Principal, event_id: UUID, address: str, note_text: str = "") -> Event:
    """Say that the event takes place at a web address. Raises Invalid, and as `publish`."""
    if not is_safe_link(address.strip()):
        raise Invalid(fields={"online_url": _("I write a whole web address, with https:// in front.")})
    event = own_event(session, event_id)
    event.online_url = address.strip()
    _move(session, by, event, MOVED_ONLINE, start_from=CHANGEABLE, text=note_text)
    emit(session, EventChanged(event.id))
    return event


def resume(session: Session, by: Principal, event_id: UUID) -> Event:
    """The event takes place as planned after all. Raises NoSuchEvent, NotOurs, WrongState."""
    event = own_event(session, event_id)
    if event.status == PUBLISHED:
        return event
    event.online_url = ""
    _move(session, by, event, PUBLISHED, start_from=VISIBLE)
    emit(session, EventChanged(event.id))
    return event


def archive(session: Session, by: Principal, event_id: UUID) -> Event:
    """Put an event away: no list shows it, `restore` brings it back. Raises NoSuchEvent, NotOurs."""
    event = own_event(session, event_id)
    if event.status == ARCHIVED:
        return event
    before = event.status
    _move(session, by, event, ARCHIVED, start_from=VISIBLE | {DRAFT}, text=event.status_note)
    event.status_before = before
    if before in VISIBLE and not event.is_over(clock.now()):
        emit(session, EventWithdrawn(event.id))
    return event


def restore(session: Session, by: Principal, event_id: UUID) -> Event:
    """Bring an archived event back as it was. Raises NoSuchEvent, NotOurs, WrongState."""
    event = own_event(session, event_id)
    before = event.status_before or DRAFT
    _move(session, by, event, before, start_from={ARCHIVED}, text=event.status_note)
    event.status_before = ""
    if before in VISIBLE and not event.is_over(clock.now()):
        emit(session, EventPublished(event.id))
    return event


def _move(
    session: Session,
    by: Principal,
    event: Event,
    to: str,
    *,
    start_from: set[str] | frozenset[str],
    text: str = "",
) -> None:
    if event.status not in start_from:
        state = state_word(event.status)
        raise WrongState(
            _("“{name}” is: {state}. I cannot do this now.").format(name=event.name, state=state)
        )
    event.status, event.status_note = to, text.strip()[:1000]
    event.status_at, event.status_by = clock.now(), by.person_id
    list_or_not(event, None)
    stamp(event)
    session.flush()
    note(session, by, f"event.{to}", f"event:{event.id}", event.name)
    touch(session)
