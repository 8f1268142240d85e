"""The merged agenda by day: one read of events with place and origin, one of their tags."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from agenda.models.event import DELETED, TAKES_PLACE, Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.models.tag import EventTag, Tag
from agenda.times import is_sane
from agenda.wanted import HERE, Wanted
from kit.errors import BadCursor

ORDER = (Event.day, Event.start, Event.id)


def coming(session: Session, wanted: Wanted, *, most: int, skip: int = 0, after: str = "") -> list[Event]:
    """Events of the selection in order of time, at most `most`, after `skip` others or after a cursor.

    Raises BadCursor.
    """
    statement = _chosen(wanted).where(Event.day >= wanted.start.isoformat(), _not_over(wanted))
    if wanted.last:
        statement = statement.where(Event.day <= wanted.last.isoformat())
    if after:
        statement = statement.where(later_than(after))
    return list(session.scalars(statement.order_by(*ORDER).offset(skip).limit(most)))


def going_on(session: Session, wanted: Wanted, *, most: int) -> list[Event]:
    """Events that began before the selection and still go on, those that end first on top."""
    since = max(wanted.now, _midnight(wanted.start, wanted.now))
    statement = _chosen(wanted).where(
        Event.lasting == true(), Event.until >= since, Event.day < wanted.start.isoformat()
    )
    return list(session.scalars(statement.order_by(Event.until, Event.id).limit(most)))


def gone_by(session: Session, wanted: Wanted, *, most: int, skip: int = 0) -> list[Event]:
    """Past events of the selection, the latest first."""
    newest = (wanted.last or wanted.today).isoformat()
    statement = _chosen(wanted).where(Event.day <= newest, Event.until < wanted.now)
    if wanted.first:
        statement = statement.where(Event.day >= wanted.first.isoformat())
    backwards = [column.desc() for column in ORDER]
    return list(session.scalars(statement.order_by(*backwards).offset(skip).limit(most)))


def cursor_of(event: Event) -> str:
    """Where a list stops, to go on after it."""
    text = f"{event.day}|{event.start.isoformat()}|{event.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def with_parts(statement: Select[Any]) -> Select[Any]:
    """Load what cards and feeds show beside the event: place, origin, tags."""
    return statement.outerjoin(Event.place).options(
        contains_eager(Event.place),
        joinedload(Event.origin),
        selectinload(Event.tags),
        defer(Event.search, raiseload=True),
    )


def _chosen(wanted: Wanted) -> Select[Any]:
    return with_parts(select(Event)).where(Event.listed == true(), *_narrowed(wanted))


def _narrowed(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    """One condition per filter that was used."""
    found: list[ColumnElement[bool]] = [Event.search.contains(word, autoescape=True) for word in wanted.words]
    if wanted.tag:
        found.append(wears(wanted.tag))
    if wanted.place:
        found.append(Place.slug == wanted.place)
    if wanted.nodes:
        found.append(_from_nodes(wanted.nodes))
    if wanted.free:
        found.append(Event.is_free == true())
    if wanted.accessible:
        flags = (Event.wheelchair, Event.hearing_loop, Event.sign_language, Event.quiet, Place.wheelchair)
        found.append(or_(*(flag == true() for flag in flags)))
    return found


def wears(slug: str) -> ColumnElement[bool]:
    """The event wears the tag at this address."""
    worn = and_(EventTag.event_id == Event.id, EventTag.tag_id == Tag.id, Tag.slug == slug)
    return exists(select(literal(1)).select_from(EventTag).join(Tag, worn).correlate(Event))


def _from_nodes(nodes: frozenset[str]) -> ColumnElement[bool]:
    hosts = nodes - {HERE}
    at_hosts = [
        Origin.uri.startswith(f"{scheme}://{host}/", autoescape=True)
        for host in hosts
        for scheme in ("https", "http")
    ]
    either = [Event.origin_id.in_(select(Origin.id).where(or_(*at_hosts)))] if at_hosts else []
    return or_(*either, Event.origin_id.is_(None)) if HERE in nodes else or_(*either)


def _not_over(wanted: Wanted) -> ColumnElement[bool]:
    """What ended today leaves the agenda, unless someone asks for a day by its date."""
    return Event.until >= wanted.now if wanted.first is None else true()


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=now.tzinfo)


def later_than(cursor: str) -> ColumnElement[bool]:
    """After the event where a list stopped. Raises BadCursor."""
    day, start, event_id = _read_cursor(cursor)
    here = tuple_(
        literal(day, Event.day.type), literal(start, Event.start.type), literal(event_id, Event.id.type)
    )
    return tuple_(*ORDER) > here


def _read_cursor(cursor: str) -> tuple[str, datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        day, start, event_id = text.split("|")
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None or not is_sane(moment) or date.fromisoformat(day).isoformat() != day:
            raise BadCursor
        return day, moment, UUID(event_id)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(cause=str(error)) from error


def also_from(session: Session, event: Event, now: datetime, *, most: int) -> list[Event]:
    """The next events of the same collective, this one excepted."""
    same = Event.origin_id.is_(None) if event.origin_id is None else Event.origin_id == event.origin_id
    statement = with_parts(select(Event)).where(
        same, Event.status.in_(sorted(TAKES_PLACE)), Event.listed == true(), Event.id != event.id
    )
    coming_ones = statement.where(Event.day >= now.date().isoformat(), Event.until >= now)
    return list(session.scalars(coming_ones.order_by(*ORDER).limit(most)))


def own_in_state(session: Session, status: str, *, most: int, after: str = "") -> list[Event]:
    """Own events in one state, past ones included, in order of time. Raises BadCursor."""
    statement = with_parts(select(Event)).where(Event.origin_id.is_(None), Event.status == status)
    if after:
        statement = statement.where(later_than(after))
    return list(session.scalars(statement.order_by(*ORDER).limit(most)))


def all_own(session: Session) -> list[Event]:
    """Every own event but the deleted ones, in order of time."""
    statement = with_parts(select(Event)).where(Event.origin_id.is_(None), Event.status != DELETED)
    return list(session.scalars(statement.order_by(*ORDER)))
