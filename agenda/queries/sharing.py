"""Own events that everyone may fetch: to come, shared, in order of time."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.queries.listing import ORDER, cursor_of, later_than, with_parts


def shared_page(session: Session, now: datetime, *, after: str, most: int) -> tuple[list[Event], str]:
    """Some of them after a cursor, and the cursor of the next page ("" at the end). Raises BadCursor."""
    statement = with_parts(select(Event)).where(*_shared(now))
    if after:
        statement = statement.where(later_than(after))
    found = list(session.scalars(statement.order_by(*ORDER).limit(most + 1)))
    return found[:most], cursor_of(found[most - 1]) if len(found) > most else ""


def shared_count(session: Session, now: datetime) -> int:
    """How many they are."""
    return session.scalar(select(func.count()).select_from(Event).where(*_shared(now))) or 0


def latest_change(session: Session) -> datetime | None:
    """When any listed event last changed: an index gives it without looking at the events."""
    return session.scalar(select(func.max(Event.updated_at)).where(Event.listed == true()))


def _shared(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """`day` narrows the index; the end decides: a day is at most 26 hours away from UTC's."""
    return (
        Event.origin_id.is_(None),
        Event.listed == true(),
        Event.do_not_share == false(),
        Event.until >= now,
    )
