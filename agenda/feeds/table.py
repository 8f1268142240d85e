"""Own events as a CSV table, and a CSV or iCalendar file read as events to add. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import msgspec

from agenda.models.event import Event
from agenda.richtext import plain
from agenda.rules import check_event
from agenda.schemas import EventValues, PlaceValues
from agenda.times import is_sane, is_zone, to_utc, zone
from kit.errors import BadRequest, Invalid, Refusal
from kit.i18n import _, lazy
from kit.sheets import as_written, csv_line, harmless

COLUMNS = (
    *("name", "start", "end", "timezone", "place", "street", "postal_code", "city"),
    *("price", "is_free", "capacity", "audience", "tags", "description", "accessibility", "status"),
)
MOST_LINES = 2000
YES = {"1", "true", "yes", "oui", "vrai", "x"}


class FileNotReadable(BadRequest):
    name = "file_not_readable"
    default = lazy("I cannot read this file. I choose a CSV or iCalendar file in UTF-8.")


@dataclass(frozen=True)
class Line:
    """One event found in a file: its values, or what is wrong with it."""

    number: int
    name: str
    when: str
    values: EventValues | None = None
    wrong: str = ""


def table(events: Iterable[Event]) -> Iterator[bytes]:
    """The CSV file, piece by piece; hours are local to each event's zone."""
    yield csv_line(COLUMNS)
    for event in events:
        yield csv_line(harmless(text) for text in _cells(event))


def read_file(data: bytes, timezone: str) -> list[Line]:
    """The events of a file; `timezone` is for those that name none. Raises FileNotReadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileNotReadable(cause=str(error)) from error
    rows = _rows_of_calendar(text, timezone) if "BEGIN:VCALENDAR" in text[:2000] else _rows_of_table(text)
    return [_read_row(number, row, timezone) for number, row in enumerate(rows, start=1)][:MOST_LINES]


def _cells(event: Event) -> list[str]:
    place, local = event.place, zone(event.timezone)
    start = event.start.astimezone(local).strftime("%Y-%m-%d %H:%M")
    end = event.end.astimezone(local).strftime("%Y-%m-%d %H:%M") if event.end else ""
    where = [place.name, place.street, place.postal_code, place.city] if place else ["", "", "", ""]
    capacity = str(event.capacity or "")
    tags = ", ".join(tag.name.replace(",", "") for tag in event.tags)
    return [
        *(event.name, start, end, event.timezone, *where, event.price, "1" if event.is_free else ""),
        *(capacity, event.audience, tags, event.description_source, event.accessibility, event.status),
    ]


def _rows_of_table(text: str) -> list[dict[str, str]]:
    comma = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=comma)
        rows = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except csv.Error as error:
        raise FileNotReadable(cause=str(error)) from error
    if not reader.fieldnames or not {"name", "start"} <= set(reader.fieldnames):
        raise FileNotReadable(_("The first line of the file names its columns: name and start at least."))
    return rows


def _rows_of_calendar(text: str, timezone: str) -> list[dict[str, str]]:
    try:
        import icalendar  # loaded by the first calendar that is brought in

        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
        found = [_row_of_component(event, timezone) for event in events[:MOST_LINES]]
    except (ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise FileNotReadable(cause=str(error)) from error
    return found


def _row_of_component(event: Any, timezone: str) -> dict[str, str]:
    start, end = _decoded(event, "dtstart"), _decoded(event, "dtend")
    categories = event.get("categories")
    return {
        "name": str(event.get("summary", "")),
        "start": _moment_text(start, timezone),
        "end": _moment_text(end, timezone),
        "description": str(event.get("description", "")),
        "place": str(event.get("location", "")),
        "tags": ", ".join(str(one) for one in getattr(categories, "cats", [])),
    }


def _decoded(event: Any, name: str) -> Any:
    value = event.get(name)
    return getattr(value, "dt", None)


def _moment_text(value: Any, timezone: str) -> str:
    if isinstance(value, datetime):
        return (value.astimezone(zone(timezone)) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M")
    return f"{value.isoformat()} 00:00" if isinstance(value, date) else ""


def _read_row(number: int, row: dict[str, str], timezone: str) -> Line:
    name, when = row.get("name", "").strip(), row.get("start", "").strip()
    try:
        values = _values(row, timezone)
        check_event(values)
    except Refusal as refusal:
        wrong = next(iter(refusal.fields.values()), refusal.sentence)
        return Line(number, name[:160], when, wrong=wrong)
    return Line(number, name, when, values)


def _values(row: dict[str, str], timezone: str) -> EventValues:
    cells = {key: as_written(value) for key, value in row.items()}
    named = cells.get("timezone", "")
    local = named if is_zone(named) else timezone
    start = _moment(cells.get("start", ""), local)
    if start is None:
        raise Invalid(fields={"start": _("I write the start as 2026-11-21 20:30.")})
    fields: dict[str, Any] = {
        "name": " ".join(cells.get("name", "").split()),
        "start": start,
        "end": _moment(cells.get("end", ""), local),
        "timezone": local,
        "tags": [part.strip() for part in cells.get("tags", "").split(",") if part.strip()],
        "is_free": cells.get("is_free", "").lower() in YES,
        "capacity": int(cells["capacity"]) if cells.get("capacity", "").isdecimal() else None,
        "description": plain_text(cells.get("description", "")),
    }
    fields |= {name: cells.get(name, "") for name in ("price", "audience", "accessibility")}
    return _converted(fields | {"place": _place(cells)})


def _converted(fields: dict[str, Any]) -> EventValues:
    try:
        return msgspec.convert(fields, EventValues)
    except msgspec.ValidationError as error:
        raise Invalid(fields={"name": _("This text is too long.")}) from error


def plain_text(text: str) -> str:
    """Other programs write HTML in descriptions; ours is Markdown."""
    return plain(text) if "</" in text else text


def _place(cells: dict[str, str]) -> PlaceValues | None:
    if not cells.get("place"):
        return None
    return PlaceValues(
        name=" ".join(cells["place"].split())[:160],
        street=cells.get("street", ""),
        postal_code=cells.get("postal_code", ""),
        city=cells.get("city", ""),
    )


def _moment(text: str, timezone: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not is_sane(moment):
        return None
    return moment if moment.tzinfo else to_utc(moment.date(), time(moment.hour, moment.minute), timezone)
