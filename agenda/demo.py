"""Believable events for the demonstration village, counted from today."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session

from agenda.schemas import EventValues, PlaceValues, TagValues
from agenda.service.events import create_event
from agenda.service.places import create_place
from agenda.service.states import cancel, postpone, publish
from agenda.service.tags import create_tag
from agenda.times import to_utc
from kit.auth import Principal
from kit.demo import DemoSpec

FILE = Path(__file__).with_name("demo.toml")
ZONE = "Europe/Paris"
BY = Principal(name="Louise", email="louise@escargotiere.example")
TAGS = (
    TagValues(name="Danser, écouter", icon="music-notes", colour="wine"),
    TagValues(name="Fabriquer", icon="hammer", colour="beer"),
    TagValues(name="Manger", icon="bowl-steam", colour="hot"),
)


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """One event of the file; `day` counts from today, hours are local."""

    name: str
    day: int
    start: str
    end: str
    place: str
    description: str
    end_day: int | None = None
    tags: list[str] = []
    price: str = ""
    is_free: bool = False
    capacity: int | None = None
    places_left: int | None = None
    audience: str = ""
    travel: str = ""
    wheelchair: bool = False
    hearing_loop: bool = False
    sign_language: bool = False
    quiet: bool = False
    do_not_share: bool = False
    status: str = "published"
    note: str = ""
    weeks_before: int = 0


def fill(session: Session, spec: DemoSpec) -> None:
    """Write the places, tags and events of one invented collective; the others bring theirs themselves."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for tag in TAGS:
        create_tag(session, BY, tag)
    places = told["places"].get(spec.name_key, {})
    ids = {key: _make_place(session, values) for key, values in places.items()}
    for table in told.get(spec.name_key, []):
        event = msgspec.convert(table, Told)
        for weeks in range(event.weeks_before + 1):
            _write(session, event, ids[event.place], spec.today - timedelta(weeks=weeks))


def _make_place(session: Session, values: dict[str, Any]) -> UUID:
    return create_place(session, BY, msgspec.convert(values, PlaceValues)).id


def _write(session: Session, told: Told, place_id: UUID, today: date) -> None:
    event = create_event(session, BY, _values(told, place_id, today))
    if told.status == "draft":
        return
    publish(session, BY, event.id)
    if told.status == "cancelled":
        cancel(session, BY, event.id, told.note)
    if told.status == "postponed":
        postpone(session, BY, event.id, told.note)


def _values(told: Told, place_id: UUID, today: date) -> EventValues:
    same = {name: getattr(told, name) for name in EventValues.__struct_fields__ if hasattr(told, name)}
    last = told.end_day if told.end_day is not None else told.day
    changed = {
        "start": _moment(today, told.day, told.start),
        "end": _moment(today, last, told.end),
        "place_id": place_id,
        "travel": told.travel.strip(),
    }
    del same["place"]
    return EventValues(timezone=ZONE, **(same | changed))


def _moment(today: date, days: int, hour: str) -> datetime:
    return to_utc(today + timedelta(days), time.fromisoformat(hour), ZONE)
