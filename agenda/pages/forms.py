"""The event's form: fields as people fill them in, to values and back."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from agenda.models.event import Event
from agenda.schemas import EventValues, PlaceValues
from agenda.times import is_sane_day, to_utc, zone
from kit.errors import Invalid
from kit.i18n import _

NEW_PLACE = "new"
SAME = (
    "price",
    "booking_url",
    "audience",
    "travel",
    "accessibility",
    "picture_alt",
    "description",
    "timezone",
)
TICKS = ("is_free", "wheelchair", "hearing_loop", "sign_language", "quiet", "do_not_share")
FIGURES = ("capacity", "places_left")
PLACE_FIELDS = ("name", "street", "postal_code", "city")
AT_FIELD = {"start": "start_day", "end": "end_time"}
Text = Annotated[str, Meta(max_length=25_000)]


class EventForm(Struct, kw_only=True):
    """What the form sends; days and hours are local to `timezone`."""

    name: Text = ""
    start_day: Text = ""
    start_time: Text = ""
    end_day: Text = ""
    end_time: Text = ""
    timezone: Text = ""
    description: Text = ""
    place_id: Text = ""
    place_name: Text = ""
    place_street: Text = ""
    place_postal_code: Text = ""
    place_city: Text = ""
    place_latitude: float | None = None
    place_longitude: float | None = None
    place_wheelchair: bool = False
    tags: list[Text] = []
    new_tags: Text = ""
    price: Text = ""
    is_free: bool = False
    booking_url: Text = ""
    capacity: int | None = None
    places_left: int | None = None
    audience: Text = ""
    travel: Text = ""
    wheelchair: bool = False
    hearing_loop: bool = False
    sign_language: bool = False
    quiet: bool = False
    accessibility: Text = ""
    picture: Text = ""
    picture_alt: Text = ""
    remove_picture: bool = False
    do_not_share: bool = False
    then: Text = ""


def values_from(form: EventForm, picture: str) -> EventValues:
    """Checked for type and length, not yet for sense. Raises Invalid with a sentence per field."""
    start = _start(form)
    fields: dict[str, Any] = {name: getattr(form, name) for name in (*SAME, *TICKS, *FIGURES)}
    fields |= {"name": form.name, "start": start, "end": _end(form, start), "picture": picture}
    fields |= {"tags": [*form.tags, *_split(form.new_tags)], **_place(form)}
    if not picture:
        fields["picture_alt"] = ""
    return _converted(fields)


def shown_values(event: Event) -> dict[str, Any]:
    """An event as its form shows it."""
    local = zone(event.timezone)
    found: dict[str, Any] = {name: getattr(event, name) for name in (*SAME, *TICKS, *FIGURES, "name")}
    found |= {"description": event.description_source, "picture": event.picture, "new_tags": ""}
    found |= {"tags": [tag.name for tag in event.tags], "place_id": str(event.place_id or "")}
    for name, moment in (("start", event.start), ("end", event.end)):
        there = moment.astimezone(local) if moment else None
        found[f"{name}_day"] = there.date().isoformat() if there else ""
        found[f"{name}_time"] = there.strftime("%H:%M") if there else ""
    if found["end_day"] == found["start_day"]:
        found["end_day"] = ""
    return found


def sent_values(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """A form as it was sent, to be shown again after a refusal."""
    found: dict[str, Any] = {name: values[-1] for name, values in fields.items() if values}
    return found | {"tags": fields.get("tags", [])}


def at_fields(wrong: Mapping[str, str]) -> dict[str, str]:
    """Sentences of the rules, under the names that the form gives to its fields."""
    return {AT_FIELD.get(name, name.replace("place.", "place_")): text for name, text in wrong.items()}


def _converted(fields: dict[str, Any]) -> EventValues:
    try:
        return msgspec.convert(fields, EventValues)
    except msgspec.ValidationError as error:
        name = str(error).partition("`$.")[2].partition("`")[0].partition("[")[0]
        raise Invalid(fields={name or "name": _("This text is too long.")}) from error


def _start(form: EventForm) -> datetime:
    day, hour = _day(form.start_day), _hour(form.start_time)
    wrong = {} if day else {"start_day": _("I choose the day.")}
    if hour is None:
        wrong["start_time"] = _("I write the hour, such as 20:30.")
    if day is None or hour is None:
        raise Invalid(fields=wrong)
    return to_utc(day, hour, form.timezone)


def _end(form: EventForm, start: datetime) -> datetime | None:
    """The end; without a day it is the same one, or the night after when the hour is earlier."""
    hour = _hour(form.end_time)
    if hour is None:
        if form.end_day:
            raise Invalid(fields={"end_time": _("I write the hour, such as 20:30.")})
        return None
    if form.end_day:
        day = _day(form.end_day)
        if day is None:
            raise Invalid(fields={"end_day": _("I choose the day.")})
        return to_utc(day, hour, form.timezone)
    first = start.astimezone(zone(form.timezone))
    night = timedelta(days=1) if hour <= first.time() else timedelta(0)
    return to_utc(first.date() + night, hour, form.timezone)


def _place(form: EventForm) -> dict[str, Any]:
    if form.place_id == NEW_PLACE:
        text = {name: getattr(form, f"place_{name}") for name in PLACE_FIELDS}
        spot = {"latitude": form.place_latitude, "longitude": form.place_longitude}
        return {"place": _new_place(text | spot | {"wheelchair": form.place_wheelchair})}
    try:
        return {"place_id": UUID(form.place_id) if form.place_id else None}
    except ValueError:
        raise Invalid(fields={"place_id": _("I choose one of the answers of the list.")}) from None


def _new_place(fields: dict[str, Any]) -> PlaceValues:
    try:
        return msgspec.convert(fields, PlaceValues)
    except msgspec.ValidationError as error:
        name = str(error).partition("`$.")[2].rstrip("`")
        raise Invalid(fields={f"place_{name}": _("This text is too long.")}) from error


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_sane_day(day) else None


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
