"""When a place or a tag changes, so do its events: their search text, and what nodes were told of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agenda.facts import EventChanged
from agenda.models.event import DELETED, Event
from agenda.queries.finding import WHOLE
from agenda.service.derived import derive, stamp
from kit import clock
from kit.facts import emit

MOST = 500


def retell(session: Session, *using: ColumnElement[bool]) -> None:
    """Refresh own events to come that match; those that everyone sees are told again. Past ones stay."""
    session.flush()
    for event in _to_come(session, using):
        derive(event, event.place, None, [tag.name for tag in event.tags])
        stamp(event)
        session.flush()
        if event.is_visible and not event.do_not_share:
            emit(session, EventChanged(event.id))


def _to_come(session: Session, using: Sequence[ColumnElement[bool]]) -> list[Event]:
    statement = select(Event).where(
        Event.origin_id.is_(None), Event.until >= clock.now(), Event.status != DELETED, *using
    )
    fresh = statement.options(*WHOLE).limit(MOST).execution_options(populate_existing=True)
    return list(session.scalars(fresh))
