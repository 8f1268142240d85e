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
    usual: dict[str, Any] = {
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


def mobilizon(**more: Any) -> dict[str, Any]:
    """An event as Mobilizon writes it."""
    usual = {
        "id": "https://mob.example/events/5e3d6a20-f0a6-4b0a-a8f3-5c1b6e6f9b11",
        "type": "Event",
        "name": "Atelier",
        "attributedTo": "https://mob.example/@groupe",
        "actor": "https://mob.example/@marie",
        "startTime": "2026-12-01T18:00:00Z",
        "endTime": "2026-12-01T17:00:00Z",
        "timezone": "Europe/Paris",
        "updated": "2026-11-20T10:00:00Z",
        "ical:status": "CONFIRMED",
        "content": "<p onclick='x()'>Salut <script>alert(1)</script><a href='javascript:x'>ici</a></p>",
        "location": {
            "type": "Place",
            "name": "MJC",
            "address": {"type": "PostalAddress", "addressLocality": "Lyon", "streetAddress": "1 rue X"},
            "latitude": 145.5,
            "longitude": 4.5,
        },
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/jpeg",
                "url": "https://mob.example/a.jpg",
                "name": "Une table",
            },
            {"type": "PropertyValue", "name": "x", "value": "y"},
        ],
        "tag": [
            {"type": "Hashtag", "name": "#couture"},
            {"name": "sans type"},
            {"type": "Mention", "name": "@x"},
        ],
        "joinMode": "external",
        "externalParticipationUrl": "https://billets.example/1",
        "maximumAttendeeCapacity": 10,
        "remainingAttendeeCapacity": 12,
    }
    return usual | more
