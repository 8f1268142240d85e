"""An own event as other nodes, Mastodon, Mobilizon and Gancio read it (protocol.md §5). Pure."""

from typing import Any, Final

from agenda.feeds.words import event_sentence
from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.models.place import Place
from agenda.models.tag import Tag
from agenda.pictures import file_name
from agenda.times import zone
from config.collective import Collective
from federation.documents.context import activity_context
from federation.namespace import PUBLIC
from kit.i18n import speaking

ICAL_STATUS: Final = {CANCELLED: "CANCELLED", POSTPONED: "TENTATIVE"}
EVENT_STATUS: Final = {
    CANCELLED: "EventCancelled",
    POSTPONED: "EventPostponed",
    MOVED_ONLINE: "EventMovedOnline",
}
PICTURE_WIDTH: Final = 1600

TERMS: Final[dict[str, Any]] = {
    "mz": "https://joinmobilizon.org/ns#",
    "schema": "http://schema.org/",
    "ical": "http://www.w3.org/2002/12/cal/ical#",
    "Hashtag": "as:Hashtag",
    "status": "ical:status",
    "eventStatus": "schema:eventStatus",
    "uuid": "schema:identifier",
    "timezone": {"@id": "mz:timezone", "@type": "schema:Text"},
    "joinMode": {"@id": "mz:joinMode", "@type": "mz:joinModeType"},
    "externalParticipationUrl": {"@id": "mz:externalParticipationUrl", "@type": "schema:URL"},
    "participantCount": {"@id": "mz:participantCount", "@type": "schema:Integer"},
    "maximumAttendeeCapacity": "schema:maximumAttendeeCapacity",
    "remainingAttendeeCapacity": "schema:remainingAttendeeCapacity",
    "address": "schema:address",
    "PostalAddress": "schema:PostalAddress",
    "streetAddress": "schema:streetAddress",
    "postalCode": "schema:postalCode",
    "addressLocality": "schema:addressLocality",
    "addressCountry": "schema:addressCountry",
}
"""What an event's terms mean, written inline in each document."""


def event_uri(event: Event, home: str) -> str:
    """The event's id for ever; `home` is our origin."""
    return f"{home}/events/{event.id}"


def event_object(event: Event, house: Collective, home: str) -> dict[str, Any]:
    """The Event object, without context. `event` was loaded with place and tags."""
    found = {
        "id": event_uri(event, home),
        "type": "Event",
        "attributedTo": f"{home}/actor",
        "actor": f"{home}/actor",
        "to": [PUBLIC],
        "cc": [f"{home}/followers"],
        "uuid": str(event.id),
        "name": event.name,
        "summary": _summary(event, house),
        "content": event.description,
        "mediaType": "text/html",
        "url": f"{home}/agenda/{event.slug}",
        "published": _stamp(event.published_at or event.created_at),
        "updated": _stamp(event.updated_at),
        "attachment": _pictures(event, home),
        "tag": [_tag(tag, home) for tag in event.tags],
    }
    return found | _when_and_state(event) | _places(event) | _our_terms(event)


def event_document(event: Event, house: Collective, home: str) -> dict[str, Any]:
    """The object with its context: what `GET /events/{id}` answers."""
    return {"@context": activity_context(**TERMS)} | event_object(event, house, home)


def activity(kind: str, event: Event, what: Any, home: str) -> dict[str, Any]:
    """`Create`, `Update`, `Announce` or `Delete` of an own event; `what` is its object."""
    return {
        "@context": activity_context(**TERMS),
        "type": kind,
        "actor": f"{home}/actor",
        "to": [PUBLIC],
        "cc": [f"{home}/followers"],
        "object": what,
    }


def tombstone(event: Event, home: str) -> dict[str, Any]:
    """What is left of a withdrawn event (ActivityStreams Vocabulary, Tombstone)."""
    gone = _stamp(event.updated_at)
    return {
        "id": event_uri(event, home),
        "type": "Tombstone",
        "formerType": "Event",
        "deleted": gone,
        "updated": gone,
    }


def _when_and_state(event: Event) -> dict[str, Any]:
    local = zone(event.timezone)
    found: dict[str, Any] = {
        "startTime": event.start.astimezone(local).isoformat(),
        "timezone": event.timezone,
        "status": ICAL_STATUS.get(event.status, "CONFIRMED"),
        "eventStatus": EVENT_STATUS.get(event.status, "EventScheduled"),
    }
    if event.end is not None:
        found["endTime"] = event.end.astimezone(local).isoformat()
    if event.place is not None:
        found["location"] = place_object(event.place)
    return found


def place_object(place: Place) -> dict[str, Any]:
    """An AS2 Place with its postal address; coordinates are floats."""
    address = {
        "streetAddress": place.street,
        "postalCode": place.postal_code,
        "addressLocality": place.city,
        "addressCountry": place.country,
    }
    found: dict[str, Any] = {
        "type": "Place",
        "name": place.name,
        "address": {"type": "PostalAddress"} | {name: text for name, text in address.items() if text},
    }
    if place.latitude is not None and place.longitude is not None:
        found |= {"latitude": float(place.latitude), "longitude": float(place.longitude)}
    return found


def _places(event: Event) -> dict[str, Any]:
    """How to join, and what is left, for those who count."""
    found: dict[str, Any] = {"joinMode": "none", "participantCount": event.places_taken or 0}
    if event.booking_url:
        found |= {"joinMode": "external", "externalParticipationUrl": event.booking_url}
    if event.capacity is not None:
        found["maximumAttendeeCapacity"] = event.capacity
    if event.places_left is not None:
        found["remainingAttendeeCapacity"] = event.places_left
    return found


def _our_terms(event: Event) -> dict[str, Any]:
    """What only nodes of Hameau understand; the rest of the world finds it in the words."""
    place = event.place
    found: dict[str, Any] = {
        "vil:price": event.price,
        "vil:isFree": event.is_free,
        "vil:audience": event.audience,
        "vil:travel": event.travel,
        "vil:statusNote": event.status_note,
        "vil:onlineUrl": event.online_url,
        "vil:accessibility": event.accessibility,
        "vil:wheelchair": event.wheelchair or bool(place and place.wheelchair),
        "vil:hearingLoop": event.hearing_loop,
        "vil:signLanguage": event.sign_language,
        "vil:quiet": event.quiet,
        "vil:placeNote": place.note if place else "",
    }
    return {name: value for name, value in found.items() if value}


def _summary(event: Event, house: Collective) -> str:
    with speaking(house.language):
        return event_sentence(event)


def _pictures(event: Event, home: str) -> list[dict[str, Any]]:
    if not event.picture:
        return []
    address = f"{home}/files/agenda/{file_name(event.picture, PICTURE_WIDTH)}"
    return [{"type": "Image", "mediaType": "image/webp", "url": address, "name": event.picture_alt}]


def _tag(tag: Tag, home: str) -> dict[str, Any]:
    """A hashtag without spaces for the fediverse; nodes of Hameau read the label and its picture."""
    word = "".join(part[:1].upper() + part[1:] for part in tag.name.replace(",", " ").split())
    bare = "".join(letter for letter in word if letter.isalnum()) or tag.slug
    return {
        "type": "Hashtag",
        "name": f"#{bare}",
        "href": f"{home}/agenda?tag={tag.slug}",
        "vil:label": tag.name,
        "vil:icon": tag.icon,
    }


def _stamp(moment: Any) -> str:
    return str(moment.isoformat(timespec="microseconds")).replace("+00:00", "Z")
