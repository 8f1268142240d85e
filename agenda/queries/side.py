"""What stands beside the agenda: days that have events, how many each collective offers, what to choose from.

It depends on the agenda's version alone, and on the day: it is remembered until either moves.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import exists, func, literal, select, true
from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.queries.finding import own_tags, shown_origins
from agenda.queries.marks import agenda_version
from agenda.times import Month
from agenda.words import fold
from kit.db import Database

MOST_PLACES = 60
MOST_MONTHS = 24


@dataclass(frozen=True)
class NodeCount:
    """A collective and how many of its events are to come; `origin` is None for our own."""

    origin: Origin | None
    events: int


@dataclass(frozen=True)
class Beside:
    """Everything around the list."""

    nodes: list[NodeCount]
    tags: list[Tag]
    places: list[Place]


_known: "WeakKeyDictionary[Database, tuple[tuple[int, date], dict[str, Any]]]" = WeakKeyDictionary()


def beside(session: Session, today: date) -> Beside:
    """Collectives with their counts, the tags that ours keeps, places where something is to come."""
    memory = _memory(session, today)
    if "beside" not in memory:
        memory["beside"] = Beside(
            nodes_with_counts(session, today), own_tags(session), places_to_come(session, today)
        )
    found: Beside = memory["beside"]
    return found


def busy_days(session: Session, month: Month, today: date) -> frozenset[str]:
    """The days of a month, "YYYY-MM-DD", on which something begins."""
    memory = _memory(session, today)
    if str(month) not in memory:
        between = Event.day.between(month.first.isoformat(), month.last.isoformat())
        days = session.scalars(select(Event.day).where(Event.listed == true(), between).distinct())
        memory[str(month)] = frozenset(days)
    found: frozenset[str] = memory[str(month)]
    return found


def nodes_with_counts(session: Session, today: date) -> list[NodeCount]:
    """Ours first, then the others by name, each with its number of events to come."""
    listed = (Event.listed == true(), Event.day >= today.isoformat())
    ours = session.scalar(select(func.count()).where(Event.origin_id.is_(None), *listed)) or 0
    theirs = select(func.count()).where(Event.origin_id == Origin.id, *listed).scalar_subquery()
    rows = session.execute(select(Origin.id, theirs).where(Origin.shown == true()))
    counts: dict[UUID, int] = dict(rows.all())
    others = sorted(shown_origins(session), key=lambda origin: (fold(origin.name), origin.uri))
    return [NodeCount(None, ours), *(NodeCount(one, counts.get(one.id, 0)) for one in others)]


def places_to_come(session: Session, today: date) -> list[Place]:
    """Places where something is to come, by name."""
    here = (Event.place_id == Place.id, Event.listed == true(), Event.day >= today.isoformat())
    busy = exists(select(literal(1)).where(*here).correlate(Place))
    return list(session.scalars(select(Place).where(busy).order_by(Place.name, Place.id).limit(MOST_PLACES)))


def tag_labels(session: Session) -> list[tuple[str, str]]:
    """The tags as what peers may be given: (label, words)."""
    return [(tag.slug, tag.name) for tag in own_tags(session)]


def _memory(session: Session, today: date) -> dict[str, Any]:
    """What is known of this version on this day; older knowledge is dropped."""
    database: Database = session.info["database"]
    mark = (agenda_version(session), today)
    known = _known.get(database)
    if known is None or known[0] != mark or len(known[1]) > MOST_MONTHS:
        known = _known[database] = (mark, {})
    return known[1]
