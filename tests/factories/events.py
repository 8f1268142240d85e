"""Events, places and nodes made up for tests, with only what a test cares about said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.models.origin import Origin
from agenda.schemas import EventValues, OriginValues, PlaceValues, ReceivedEvent
from agenda.service.events import create_event
from agenda.service.origins import know_origin
from agenda.service.received import receive_event
from agenda.service.states import publish
from kit.auth import Principal
from kit.ids import new_id

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOUISE = Principal(
    person_id=UUID("0192f5f0-0000-7000-8000-000000000001"), name="Louise", email="louise@exemple.fr"
)
BARN = "https://grange.example/actor"


def event_values(name: str = "Bal folk", start: datetime = NOON, **more: Any) -> EventValues:
    """Values of an event that lasts two hours."""
    return EventValues(name=name, start=start, **({"end": start + timedelta(hours=2)} | more))


def place_values(name: str = "La Grange", **more: Any) -> PlaceValues:
    return PlaceValues(name=name, **({"street": "3, chemin du Fournil", "city": "Les Hauts-Prés"} | more))


def draft(session: Session, name: str = "Bal folk", start: datetime = NOON, **more: Any) -> Event:
    """A stored draft."""
    return create_event(session, LOUISE, event_values(name, start, **more))


def published(session: Session, name: str = "Bal folk", start: datetime = NOON, **more: Any) -> Event:
    """A stored event that everyone sees."""
    return publish(session, LOUISE, draft(session, name, start, **more).id)


def barn(session: Session, uri: str = BARN, **more: Any) -> Origin:
    """A node that we exchange with."""
    return know_origin(session, OriginValues(uri=uri, **({"name": "La Grange aux Loriots"} | more)))


def told(name: str = "Bal folk", start: datetime = NOON, **more: Any) -> ReceivedEvent:
    """What another node says of its event."""
    identity = new_id()
    usual = {
        "uri": f"https://grange.example/events/{identity}",
        "end": start + timedelta(hours=2),
        "timezone": "Europe/Paris",
        "updated": NOON - timedelta(days=1),
        "status": "published",
        "uuid": identity,
    }
    return ReceivedEvent(name=name, start=start, **(usual | more))


def received(session: Session, name: str = "Bal folk", start: datetime = NOON, **more: Any) -> Event:
    """A stored event of another node."""
    event = receive_event(session, barn(session), told(name, start, **more))
    if event is None:
        raise LookupError("this event was not new")
    return event
