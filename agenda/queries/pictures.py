"""Which pictures are to be fetched, which are in use."""

from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from agenda.models.event import Event


def pictures_to_fetch(session: Session, most: int) -> list[tuple[UUID, str]]:
    """Received events whose picture is still at its owner's, with its address."""
    statement = select(Event.id, Event.picture_url).where(
        Event.origin_id.is_not(None), Event.listed == true(), Event.picture == "", Event.picture_url != ""
    )
    return [(event_id, address) for event_id, address in session.execute(statement.limit(most))]


def pictures_in_use(session: Session) -> frozenset[str]:
    """The names of all stored pictures that an event shows."""
    return frozenset(session.scalars(select(Event.picture).where(Event.picture != "")))
