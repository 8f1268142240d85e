"""What stands beside the agenda: days that have events, how many each collective offers, tags to choose."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.models.origin import Origin
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.queries.finding import shown_origins
from agenda.times import Month
from agenda.wanted import Wanted
from agenda.words import fold


@dataclass(frozen=True)
class NodeCount:
    """A collective and how many of its events are to come; `origin` is None for our own."""

    origin: Origin | None
    events: int


def busy_days(session: Session, month: Month) -> frozenset[str]:
    """The days of a month, "YYYY-MM-DD", on which something begins."""
    between = Event.day.between(month.first.isoformat(), month.last.isoformat())
    return frozenset(session.scalars(select(Event.day).where(Event.listed == true(), between).distinct()))


def nodes_with_counts(session: Session, wanted: Wanted) -> list[NodeCount]:
    """Ours first, then the others by name, each with its number of events to come."""
    statement = (
        select(Event.origin_id, func.count())
        .where(Event.listed == true(), Event.day >= wanted.today.isoformat())
        .group_by(Event.origin_id)
    )
    by_origin: dict[UUID | None, int] = dict(session.execute(statement).all())
    others = sorted(shown_origins(session), key=lambda origin: (fold(origin.name), origin.uri))
    ours = NodeCount(None, by_origin.get(None, 0))
    return [ours, *(NodeCount(origin, by_origin.get(origin.id, 0)) for origin in others)]


def chosen_tags(session: Session) -> list[Tag]:
    """The tags that the collective keeps, by name: the chips of the agenda."""
    return list(session.scalars(select(Tag).where(Tag.is_own == true()).order_by(Tag.name, Tag.id)))


def tag_labels(session: Session) -> list[tuple[str, str]]:
    """The same as what peers may be given: (label, words)."""
    return [(tag.slug, tag.name) for tag in chosen_tags(session)]


def chosen_places(session: Session, wanted: Wanted, most: int = 60) -> list[Place]:
    """Places where something is to come, by name."""
    coming = select(Event.place_id).where(Event.listed == true(), Event.day >= wanted.today.isoformat())
    statement = select(Place).where(Place.id.in_(coming)).order_by(Place.name, Place.id).limit(most)
    return list(session.scalars(statement))
