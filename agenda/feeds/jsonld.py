"""An event as schema.org says it, for search engines (https://schema.org/Event)."""

from typing import Any

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.models.place import Place
from agenda.richtext import plain
from agenda.times import zone
from config.collective import Collective

STATUS = {CANCELLED: "EventCancelled", POSTPONED: "EventPostponed", MOVED_ONLINE: "EventMovedOnline"}


def event_json_ld(event: Event, address: str, picture: str, house: Collective) -> dict[str, Any]:
    """The event's JSON-LD document; times carry the offset of the place."""
    local = zone(event.timezone)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.name,
        "startDate": event.start.astimezone(local).isoformat(),
        "endDate": event.end.astimezone(local).isoformat() if event.end else None,
        "eventStatus": f"https://schema.org/{STATUS.get(event.status, 'EventScheduled')}",
        "eventAttendanceMode": _mode(event),
        "location": _location(event),
        "description": plain(event.description, 500) or None,
        "image": [picture],
        "url": address,
        "isAccessibleForFree": event.is_free or None,
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": event.places_left,
        "organizer": _organiser(event, house),
    }
    return {name: value for name, value in found.items() if value is not None}


def _mode(event: Event) -> str:
    kind = "Online" if event.status == MOVED_ONLINE else "Offline"
    return f"https://schema.org/{kind}EventAttendanceMode"


def _organiser(event: Event, house: Collective) -> dict[str, Any]:
    origin = event.origin
    found = {"@type": "Organization", "name": origin.name if origin else house.name}
    return found | ({"url": origin.url} if origin else {})


def _location(event: Event) -> dict[str, Any] | None:
    if event.status == MOVED_ONLINE:
        return {"@type": "VirtualLocation", "url": event.online_url}
    return _place(event.place) if event.place else None


def _place(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Place",
        "name": place.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.street,
            "postalCode": place.postal_code,
            "addressLocality": place.city,
            "addressCountry": place.country,
        },
    }
    if place.latitude is not None:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    return found
