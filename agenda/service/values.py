"""Between what someone describes and a row: write values into an event, read them back, apply a patch."""

import msgspec
from sqlalchemy.orm import Session

from agenda.models.event import Event
from agenda.models.place import Place
from agenda.queries.finding import place_by_id
from agenda.richtext import from_markdown
from agenda.schemas import EventPatch, EventValues, said
from agenda.service.derived import derive
from agenda.service.places import find_or_make
from agenda.service.tags import wear

SAME = (
    "end",
    "timezone",
    "is_free",
    "capacity",
    "places_left",
    "wheelchair",
    "hearing_loop",
    "sign_language",
    "quiet",
    "do_not_share",
    "picture",
)
STRIPPED = ("name", "price", "booking_url", "audience", "travel", "accessibility", "picture_alt")


def write_values(session: Session, event: Event, values: EventValues) -> None:
    """Put checked values into an own event, its place and tags included. Raises NoSuchPlace."""
    event.start = values.start
    for field in SAME:
        setattr(event, field, getattr(values, field))
    for field in STRIPPED:
        setattr(event, field, getattr(values, field).strip())
    event.description_source = values.description.strip()
    event.description = from_markdown(event.description_source)
    place = _place(session, values)
    event.place_id = place.id if place else None
    derive(event, place, None, values.tags)


def dress(session: Session, event: Event, names: list[str]) -> None:
    """Let an own event, already added, wear its tags."""
    wear(session, event, names, own=True, icons={})


def values_of(event: Event) -> EventValues:
    """An event as its values; it was loaded whole."""
    fields = {field: getattr(event, field) for field in (*SAME, *STRIPPED)}
    return EventValues(
        start=event.start,
        description=event.description_source,
        place_id=event.place_id,
        tags=[tag.name for tag in event.tags],
        **fields,
    )


def patched(event: Event, patch: EventPatch) -> EventValues:
    """An event's values with some of them changed."""
    changes = said(patch)
    if "place" in changes and "place_id" not in changes:
        changes["place_id"] = None
    return msgspec.structs.replace(values_of(event), **changes)


def _place(session: Session, values: EventValues) -> Place | None:
    if values.place is not None:
        return find_or_make(session, None, values.place)
    return place_by_id(session, values.place_id) if values.place_id else None
