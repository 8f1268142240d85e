"""Columns that follow from others, kept in one place: day, end, search text, whether the agenda lists it."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from agenda.models.event import VISIBLE, Event
from agenda.models.mark import AgendaMark
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.richtext import plain
from agenda.times import is_lasting, local_day
from agenda.words import fold
from kit import clock

TICK = timedelta(microseconds=1)


def derive(event: Event, place: Place | None, origin: Origin | None, tags: list[str]) -> None:
    """Recompute everything that lists, filters and search read."""
    event.until = event.end or event.start
    event.day = local_day(event.start, event.timezone).isoformat()
    event.lasting = is_lasting(event.start, event.until, event.timezone)
    event.folded_name = fold(event.name)
    event.search = _search_text(event, place, origin, tags)
    list_or_not(event, origin)


def list_or_not(event: Event, origin: Origin | None) -> None:
    """Whether the public agenda shows it: a visible state, and an origin we still exchange with."""
    event.listed = event.status in VISIBLE and (origin is None or origin.shown)


def stamp(event: Event) -> datetime:
    """Move `updated_at` forward, always: the newest wins, so two changes never share an instant."""
    event.updated_at = max(clock.now(), event.updated_at + TICK)
    return event.updated_at


def touch(session: Session) -> None:
    """Move the agenda's version."""
    grown = update(AgendaMark).where(AgendaMark.id == 1).values(version=AgendaMark.version + 1)
    if session.execute(grown).rowcount == 0:  # type: ignore[attr-defined]
        session.add(AgendaMark(id=1, version=1))


def _search_text(event: Event, place: Place | None, origin: Origin | None, tags: list[str]) -> str:
    where = [place.name, place.city] if place else []
    parts = [event.name, *where, *tags, origin.name if origin else "", event.audience]
    return fold(" ".join(parts) + " " + plain(event.description, 4000))
