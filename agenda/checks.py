"""What `hameau verify` reads again of the agenda: the columns that lists and filters trust."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from agenda.models.event import VISIBLE, Event
from agenda.times import local_day
from kit.features import Check

AT_ONCE = 500


def events(session: Session) -> Iterator[tuple[str, str]]:
    """Each event, and why it is broken ("" when it is not)."""
    query = select(Event).options(joinedload(Event.origin)).order_by(Event.id)
    for event in session.scalars(query.execution_options(yield_per=AT_ONCE)):
        yield f"agenda_event {event.id}", _broken(event)


def _broken(event: Event) -> str:
    is_listed = event.status in VISIBLE and (event.origin is None or event.origin.shown)
    if event.listed != is_listed:
        return "the agenda shows it and should not, or the other way round"
    if event.until != (event.end or event.start):
        return "its end is not where lists look for it"
    if event.day != local_day(event.start, event.timezone).isoformat():
        return "it stands under another day than its own"
    return ""


CHECKS = (Check("events", events),)
