"""An Event that another node told, read tolerantly: Hameau, Mobilizon, Gancio and what else writes events."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, PUBLISHED
from agenda.refusals import NotReadable
from agenda.richtext import clean, is_safe_link
from agenda.rules import wrong_place
from agenda.schemas import NAME, PlaceValues, ReceivedEvent, ReceivedTag
from agenda.times import LONGEST, is_sane, is_zone, zone
from agenda.words import slugify
from federation.attachments import pictures_of
from federation.reading import ids_of, number_of, object_of, plain_text, text_of, time_of, types_of, url_of
from federation.reading import values_of as listed

MOST_TAGS: Final = 12
MOST_CONTENT: Final = 20_000
AHEAD: Final = timedelta(minutes=5)
Object = Mapping[str, Any]


def read_event(
    told: Object, actor: str, at: datetime, usual_zone: str, *, fetched: bool = False
) -> ReceivedEvent:
    """The event that `actor` tells of as its own, received `at`. Raises NotReadable.

    `fetched` at its own address, the origin vouches for it: it may belong to another actor of that origin.
    """
    uri = _own_uri(told, actor, fetched=fetched)
    start, end = _times(told)
    name = " ".join(text_of(told, "name").split())[:NAME]
    if not name or not name.isprintable():
        raise NotReadable(cause="no name")
    return ReceivedEvent(
        uri=uri,
        name=name,
        start=start,
        end=end,
        timezone=_zone(told, usual_zone),
        updated=_updated(told, at),
        status=_status(told),
        uuid=_uuid(told),
        url=_link(url_of(told)) or uri,
        description=clean(text_of(told, "content")[:MOST_CONTENT]),
        place=_place(told),
        tags=_tags(told),
        online_url=_link(_term(told, "onlineUrl")) or _virtual_address(told),
        **_figures(told),
        **_our_terms(told),
        **_picture(told),
    )


def _own_uri(told: Object, actor: str, *, fetched: bool) -> str:
    """The event's id, at its teller's origin and belonging to it."""
    uri = next(iter(ids_of(told.get("id"))), "")
    if not uri or urlsplit(uri)[:2] != urlsplit(actor)[:2]:
        raise NotReadable(cause="the event is not at its teller's origin")
    owners = (*ids_of(told.get("attributedTo")), *ids_of(told.get("actor")))
    if owners and not fetched and actor not in owners:
        raise NotReadable(cause="the event belongs to someone else")
    return uri


def _times(told: Object) -> tuple[datetime, datetime | None]:
    start, end = _moment(told, "startTime"), _moment(told, "endTime")
    if start is None or not is_sane(start):
        raise NotReadable(cause="no usable start")
    if end is not None and (end <= start or end - start > LONGEST):
        end = None
    return start, end


def _moment(told: Object, name: str) -> datetime | None:
    """An instant in UTC; a time without offset is read in the event's own zone."""
    try:
        moment = time_of(told, name) or _local_moment(told, name)
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


def _local_moment(told: Object, name: str) -> datetime | None:
    text, known = told.get(name), told.get("timezone")
    if isinstance(text, str) and isinstance(known, str) and is_zone(known):
        return datetime.fromisoformat(text[:19]).replace(tzinfo=zone(known))
    return None


def _zone(told: Object, usual: str) -> str:
    """The zone it names, else ours if it has the same offset then, else a fixed offset."""
    named = told.get("timezone")
    if isinstance(named, str) and is_zone(named):
        return named
    moment = time_of(told, "startTime")
    offset = moment.utcoffset() if moment else None
    if moment is None or offset is None:
        return usual
    if moment.astimezone(zone(usual)).utcoffset() == offset:
        return usual
    hours = round(offset.total_seconds() / 3600)
    return f"Etc/GMT{-hours:+d}" if is_zone(f"Etc/GMT{-hours:+d}") else "UTC"


def _updated(told: Object, at: datetime) -> datetime:
    """When the owner last changed it; never in the future, where it would outlive every change."""
    said = time_of(told, "updated") or time_of(told, "published") or at
    return min(said.astimezone(UTC), at + AHEAD)


def _status(told: Object) -> str:
    said = {str(told.get(name, "")).rsplit("/", 1)[-1].lower() for name in ("status", "eventStatus")}
    if said & {"cancelled", "canceled", "eventcancelled"}:
        return CANCELLED
    if said & {"eventpostponed"}:
        return POSTPONED
    return MOVED_ONLINE if "eventmovedonline" in said else PUBLISHED


def _uuid(told: Object) -> UUID | None:
    """The owner's UUID, when it is also in the event's address: nobody else's can be claimed."""
    try:
        found = UUID(str(told.get("uuid", "")))
    except ValueError:
        return None
    return found if str(found) in str(told.get("id", "")) else None


def _place(told: Object) -> PlaceValues | None:
    location = object_of(told, "location")
    if location is None or "VirtualLocation" in types_of(location):
        return None
    address = object_of(location, "address") or {}
    written = plain_text(location.get("address"))
    values = PlaceValues(
        name=_line(text_of(location, "name") or written or text_of(address, "name"), NAME),
        street=_line(text_of(address, "streetAddress") or written, 200),
        postal_code=_line(text_of(address, "postalCode"), 16),
        city=_line(text_of(address, "addressLocality"), 100),
        latitude=number_of(location, "latitude"),
        longitude=number_of(location, "longitude"),
        note=_text(told, "placeNote"),
    )
    return _usable(values)


def _usable(values: PlaceValues) -> PlaceValues | None:
    """Without a name there is no place; without good coordinates there is one all the same."""
    wrong = wrong_place(values)
    if "name" in wrong:
        return None
    if not wrong:
        return values
    return PlaceValues(
        name=values.name,
        street=values.street,
        postal_code=values.postal_code,
        city=values.city,
        note=values.note,
    )


def _tags(told: Object) -> list[ReceivedTag]:
    found = []
    for value in listed(told.get("tag")):
        if isinstance(value, dict) and not types_of(value) & {"Mention", "Emoji"}:
            name = _line(_text(value, "label") or plain_text(value.get("name")).lstrip("#"), 40)
            if name.isprintable() and slugify(name, ""):
                found.append(ReceivedTag(name, _word(_text(value, "icon")[:40])))
    return found[:MOST_TAGS]


def _figures(told: Object) -> dict[str, Any]:
    """Places in all and places left, when they make sense; where to book."""
    total = _count(told, "maximumAttendeeCapacity")
    left = _count(told, "remainingAttendeeCapacity")
    return {
        "capacity": total or None,
        "places_left": left if left is None or not total or left <= total else None,
        "booking_url": _link(told.get("externalParticipationUrl")),
    }


def _our_terms(told: Object) -> dict[str, Any]:
    return {
        "price": _text(told, "price")[:200],
        "audience": _text(told, "audience")[:60],
        "travel": _text(told, "travel"),
        "status_note": _text(told, "statusNote"),
        "accessibility": _text(told, "accessibility"),
        "is_free": _term(told, "isFree") is True,
        "wheelchair": _term(told, "wheelchair") is True,
        "hearing_loop": _term(told, "hearingLoop") is True,
        "sign_language": _term(told, "signLanguage") is True,
        "quiet": _term(told, "quiet") is True,
    }


def _picture(told: Object) -> dict[str, Any]:
    pictures = [picture for picture in pictures_of(told) if is_safe_link(picture.url)]
    if not pictures:
        return {}
    return {"picture_url": pictures[0].url, "picture_alt": _line(pictures[0].alt, 300)}


def _virtual_address(told: Object) -> str:
    for location in listed(told.get("location")):
        if isinstance(location, dict) and "VirtualLocation" in types_of(location):
            return _link(url_of(location))
    return ""


def _term(told: Object, name: str) -> Any:
    """One of our own terms, with or without its prefix."""
    return told.get(f"vil:{name}", told.get(name))


def _text(told: Object, name: str) -> str:
    value = _term(told, name)
    return value[:1000] if isinstance(value, str) else ""


def _word(text: str) -> str:
    """A name of ours, or nothing: what else came is dropped."""
    return text if text.isprintable() else ""


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _link(value: Any) -> str:
    return value if isinstance(value, str) and is_safe_link(value) else ""


def _count(told: Object, name: str) -> int | None:
    number = number_of(told, name)
    return int(number) if number is not None and 0 <= number <= 1_000_000 else None
