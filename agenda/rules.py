"""What an event or a place must be, told field by field. Pure: no session, no clock."""

import math

from agenda.models.tag import COLOURS
from agenda.richtext import is_safe_link
from agenda.schemas import EventValues, PlaceValues, TagValues
from agenda.times import LONGEST, is_sane, is_zone
from agenda.words import slugify
from kit.errors import Invalid
from kit.i18n import _

Wrong = dict[str, str]


def check_event(values: EventValues) -> None:
    """Raises Invalid with one sentence per wrong field."""
    wrong = _wrong_name(values.name) | _wrong_times(values) | _wrong_figures(values) | _wrong_texts(values)
    if values.place is not None:
        wrong |= {f"place.{field}": sentence for field, sentence in wrong_place(values.place).items()}
    if wrong:
        raise Invalid(fields=wrong)


def check_place(values: PlaceValues) -> None:
    """Raises Invalid with one sentence per wrong field."""
    if wrong := wrong_place(values):
        raise Invalid(fields=wrong)


def check_tag(values: TagValues, pictures: frozenset[str]) -> None:
    """Raises Invalid with one sentence per wrong field; `pictures` are the icons of the house."""
    wrong = _wrong_name(values.name)
    if not wrong and not slugify(values.name, ""):
        wrong["name"] = _("I use letters or digits.")
    if values.icon not in pictures:
        wrong["icon"] = _("I choose one of the pictures of the list.")
    if values.colour not in COLOURS:
        wrong["colour"] = _("I choose one of the answers of the list.")
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_name(name: str) -> Wrong:
    if not name.strip() or not name.isprintable():
        return {"name": _("I write a name on one line.")}
    return {}


def _wrong_times(values: EventValues) -> Wrong:
    moments = {"start": values.start} | ({"end": values.end} if values.end else {})
    wrong = {
        field: _("I write the time with its zone.") for field, at in moments.items() if at.tzinfo is None
    }
    if not is_zone(values.timezone):
        wrong["timezone"] = _("I do not know this time zone.")
    if wrong:
        return wrong
    if odd := {field: _("I check the year.") for field, at in moments.items() if not is_sane(at)}:
        return odd
    if values.end and values.end <= values.start:
        return {"end": _("The end comes after the start.")}
    if values.end and values.end - values.start > LONGEST:
        return {"end": _("An event lasts one year at most.")}
    return {}


def _wrong_figures(values: EventValues) -> Wrong:
    wrong: Wrong = {}
    if values.capacity is not None and not 1 <= values.capacity <= 1_000_000:
        wrong["capacity"] = _("The capacity is 1 place or more.")
    left = values.places_left
    if left is not None and left < 0:
        wrong["places_left"] = _("The number of free places is 0 or more.")
    elif left is not None and values.capacity is not None and left > values.capacity:
        wrong["places_left"] = _("There cannot be more free places than places.")
    return wrong


def _wrong_texts(values: EventValues) -> Wrong:
    wrong: Wrong = {}
    if values.booking_url and not is_safe_link(values.booking_url):
        wrong["booking_url"] = _("I write a whole web address, with https:// in front.")
    if values.picture and not values.picture_alt.strip():
        wrong["picture_alt"] = _(
            "I say in one sentence what the picture shows, for people who cannot see it."
        )
    if any(not slugify(tag, "") for tag in values.tags):
        wrong["tags"] = _("I use letters or digits.")
    return wrong


def wrong_place(values: PlaceValues) -> Wrong:
    """The wrong fields of a place, each with its sentence."""
    wrong = _wrong_name(values.name)
    if not (len(values.country) == 2 and values.country.isascii() and values.country.isalpha()):
        wrong["country"] = _("I write the country with two letters, such as FR.")
    if (values.latitude is None) != (values.longitude is None):
        wrong["latitude"] = _("I give latitude and longitude, or neither.")
    wrong |= _wrong_coordinate("latitude", values.latitude, 90) | _wrong_coordinate(
        "longitude", values.longitude, 180
    )
    return wrong


def _wrong_coordinate(field: str, degrees: float | None, limit: int) -> Wrong:
    if degrees is None or (math.isfinite(degrees) and abs(degrees) <= limit):
        return {}
    return {field: _("This number goes from {low} to {high}.").format(low=-limit, high=limit)}
