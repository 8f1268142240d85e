"""An event's day, hours, place and state in words: on its page, in feeds, for other nodes."""

from dataclasses import dataclass

from babel.dates import get_timezone_name

from agenda.models.event import CANCELLED, MOVED_ONLINE, POSTPONED, Event
from agenda.times import zone
from kit.i18n import _, language
from kit.templates import full_day, hour


@dataclass(frozen=True)
class When:
    """A date in words: the day (or days), the hours, the zone."""

    day: str
    hours: str
    zone: str


def when_of(event: Event) -> When:
    """Day, hours and zone of an event, in the reader's language."""
    first, last = full_day(event.start, event.timezone), full_day(event.until, event.timezone)
    begins, ends = hour(event.start, event.timezone), hour(event.until, event.timezone)
    named = _zone_words(event)
    if event.end is None:
        return When(capital(first), _("at {hour}").format(hour=begins), named)
    if event.lasting:
        days = _("From {first} to {last}").format(first=first, last=last)
        return When(days, _("from {start}, until {end}").format(start=begins, end=ends), named)
    return When(capital(first), _("from {start} to {end}").format(start=begins, end=ends), named)


def event_sentence(event: Event) -> str:
    """State, date, hours, place and price in one line: all that Mastodon shows of an event."""
    when = when_of(event)
    dated = f"{when.day}, {when.hours} ({when.zone})"
    where = event.place.address if event.place and event.status != MOVED_ONLINE else event.online_url
    price = event.price or (_("Free") if event.is_free else "")
    parts = (_state(event), event.status_note, dated, where, price)
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def capital(text: str) -> str:
    """The same text with a capital at its head."""
    return text[:1].upper() + text[1:]


def _state(event: Event) -> str:
    if event.status == CANCELLED:
        return _("Cancelled")
    if event.status == POSTPONED:
        return _("Postponed")
    return _("Online") if event.status == MOVED_ONLINE else ""


def _zone_words(event: Event) -> str:
    region, slash, city = event.timezone.rpartition("/")
    if slash and not region.startswith("Etc"):
        return _("{city} time").format(city=city.replace("_", " "))
    return str(get_timezone_name(zone(event.timezone), width="long", locale=language()))
