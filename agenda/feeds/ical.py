"""The agenda as iCalendar (RFC 5545), for telephones and other agendas. Times are in UTC."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.richtext import plain

if TYPE_CHECKING:
    import icalendar

STATUS = {CANCELLED: "CANCELLED", POSTPONED: "TENTATIVE"}
LONGEST = 4000
EPOCH_STEP = 60


def calendar(events: Iterable[Event], name: str, node_url: str) -> bytes:
    """A calendar of events loaded with place, origin and tags; `node_url` is ours."""
    import icalendar  # loaded by the first calendar that is asked for

    found = icalendar.Calendar()
    found.add("prodid", "-//Hameau//Agenda//FR")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("name", name)
    found.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for event in events:
        found.add_component(_component(event, node_url))
    return bytes(found.to_ical())


def uid_of(event: Event, node_url: str) -> str:
    """The same identity in every calendar that shows the event: its id at its own node."""
    if event.uri:
        return event.uri
    return f"{event.id}@{urlsplit(node_url).netloc}" if node_url else str(event.id)


def _component(event: Event, node_url: str) -> "icalendar.Event":
    import icalendar

    part = icalendar.Event()
    part.add("uid", uid_of(event, node_url))
    part.add("summary", event.name)
    part.add("dtstart", event.start)
    if event.end:
        part.add("dtend", event.end)
    part.add("dtstamp", event.updated_at.replace(microsecond=0))
    part.add("last-modified", event.updated_at.replace(microsecond=0))
    part.add("sequence", _sequence(event.updated_at, event.created_at))
    part.add("status", STATUS.get(event.status, "CONFIRMED"))
    if node_url or event.url:
        part.add("url", event.url or f"{node_url}/agenda/{event.slug}")
    part.add("description", _description(event))
    _add_place(part, event)
    if event.tags:
        part.add("categories", [tag.name for tag in event.tags])
    return part


def _description(event: Event) -> str:
    lines = (event.status_note, plain(event.description, LONGEST), event.price, event.accessibility)
    return "\n".join(line for line in lines if line)


def _add_place(part: "icalendar.Event", event: Event) -> None:
    if event.status == MOVED_ONLINE:
        part.add("location", event.online_url)
    elif event.place:
        part.add("location", event.place.address)
        if event.place.latitude is not None and event.place.longitude is not None:
            part.add("geo", (event.place.latitude, event.place.longitude))


def _sequence(updated: datetime, created: datetime) -> int:
    """Grows with every change (RFC 5545 §3.8.7.4): minutes between the first word and the last."""
    return max(0, int((updated - created).total_seconds()) // EPOCH_STEP)
