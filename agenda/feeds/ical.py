"""The agenda as iCalendar (RFC 5545), for telephones and other agendas. Times are in UTC.

Written here line by line: five hundred events are ready in a few milliseconds.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.richtext import plain

STATUS = {CANCELLED: "CANCELLED", POSTPONED: "TENTATIVE"}
LONGEST = 4000
LINE = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])
STAMP = "%Y%m%dT%H%M%SZ"


def calendar(events: Iterable[Event], name: str, node_url: str) -> bytes:
    """A calendar of events loaded with place, origin and tags; `node_url` is ours."""
    return b"".join(_folded(line) for line in _lines(events, name, node_url))


def uid_of(event: Event, node_url: str) -> str:
    """The same identity in every calendar that shows the event: its id at its own node."""
    if event.uri:
        return event.uri
    return f"{event.id}@{urlsplit(node_url).netloc}" if node_url else str(event.id)


def _lines(events: Iterable[Event], name: str, node_url: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hameau//Agenda//FR", "METHOD:PUBLISH")
    yield from (f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}")
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for event in events:
        yield "BEGIN:VEVENT"
        yield from (f"{field}:{value}" for field, value in _fields(event, node_url) if value)
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _fields(event: Event, node_url: str) -> Iterator[tuple[str, str]]:
    yield "UID", _text(uid_of(event, node_url))
    yield "SUMMARY", _text(event.name)
    yield "DTSTART", _stamp(event.start)
    yield "DTEND", _stamp(event.end) if event.end else ""
    yield "DTSTAMP", _stamp(event.updated_at)
    yield "LAST-MODIFIED", _stamp(event.updated_at)
    yield "SEQUENCE", str(_sequence(event.updated_at, event.created_at))
    yield "STATUS", STATUS.get(event.status, "CONFIRMED")
    yield "URL", _address(event.url or (f"{node_url}/agenda/{event.slug}" if node_url else ""))
    yield "DESCRIPTION", _text(_description(event))
    yield from _place(event)
    yield "CATEGORIES", ",".join(_text(tag.name) for tag in event.tags)


def _place(event: Event) -> Iterator[tuple[str, str]]:
    place = event.place
    if event.status == MOVED_ONLINE:
        yield "LOCATION", _text(event.online_url)
    elif place is not None:
        yield "LOCATION", _text(place.address)
        if place.latitude is not None and place.longitude is not None:
            yield "GEO", f"{place.latitude:.6f};{place.longitude:.6f}"


def _description(event: Event) -> str:
    lines = (event.status_note, plain(event.description, LONGEST), event.price, event.accessibility)
    return "\n".join(line for line in lines if line)


def _sequence(updated: datetime, created: datetime) -> int:
    """Grows with every change (RFC 5545 §3.8.7.4): minutes between the first word and the last."""
    return max(0, int((updated - created).total_seconds()) // 60)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(STAMP)


def _text(value: str) -> str:
    """A TEXT value (RFC 5545 §3.3.11)."""
    return value.translate(CONTROLS).translate(ESCAPES)


def _address(value: str) -> str:
    """A URI value: never more than one line."""
    return "".join(value.split())


def _folded(line: str) -> bytes:
    """One content line, cut every 75 octets and never inside a character (RFC 5545 §3.1)."""
    data = line.encode()
    pieces = []
    while len(data) > LINE:
        cut = LINE
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(data[:cut])
        data = b" " + data[cut:]
    return b"\r\n".join([*pieces, data]) + b"\r\n"
