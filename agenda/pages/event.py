"""One event's page: everything that is known of it, in the words of whoever organises it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.cards import accent_of, page_path, poster_path, price_words
from agenda.feeds.jsonld import event_json_ld
from agenda.feeds.words import when_of
from agenda.models.event import Event
from agenda.models.place import Place
from agenda.pages.days import by_day
from agenda.pages.fresh import fresh
from agenda.queries.finding import visible_event
from agenda.queries.listing import also_from
from agenda.richtext import plain
from kit import clock
from kit.i18n import _, ngettext
from kit.web import Call, page, read

WIDE = 1600
MOST_OTHERS = 3


@read
def event_page(call: Call, session: Session) -> Response:
    """The event at this address. Raises NoSuchEvent."""
    event = visible_event(session, call.path["slug"])
    return fresh(call, session, lambda: call.page("agenda/event.html", **_context(call, session, event)))


def canonical_of(call: Call, event: Event) -> str:
    """The page that is the event's own: ours, or the one at its node."""
    return event.url or call.absolute(page_path(event))


def access_of(event: Event, place: Place | None) -> list[tuple[str, str]]:
    """What makes it easier to come: words and icon."""
    wheelchair = event.wheelchair or bool(place and place.wheelchair)
    known = (
        (wheelchair, _("Wheelchair access"), "wheelchair"),
        (event.hearing_loop, _("Hearing loop"), "ear"),
        (event.sign_language, _("Sign language"), "hand-heart"),
        (event.quiet, _("Quiet time"), "leaf"),
    )
    return [(words, icon) for is_so, words, icon in known if is_so]


def _context(call: Call, session: Session, event: Event) -> dict[str, Any]:
    now, house = clock.now(), call.collective
    canonical = canonical_of(call, event)
    poster = poster_path(event, house, WIDE)
    others = also_from(session, event, now, most=MOST_OTHERS)
    return {
        "event": event,
        "canonical": canonical,
        "activity_url": call.absolute(f"/events/{event.id}"),
        "ics": f"{page_path(event)}.ics",
        "poster": poster,
        "summary": summary_of(event),
        "first_day": date.fromisoformat(event.day),
        "when": when_of(event),
        "whose": _whose(call, event),
        "access": access_of(event, event.place),
        "travel": _two_parts(event.travel),
        "price": price_words(event),
        "booking_words": _booking_words(event),
        "places_sentence": _places_sentence(event),
        "is_over": event.is_over(now),
        "act": _may_book(event, now),
        "others": by_day(others, house, now.date(), now),
        "json_ld": event_json_ld(event, canonical, call.absolute(poster), house),
    }


def summary_of(event: Event) -> str:
    """Date, place and first words, for search engines and shared links."""
    when = when_of(event)
    where = event.place.short if event.place else ""
    first = ", ".join(part for part in (when.day, when.hours, where) if part)
    return f"{first}. {plain(event.description, 200)}".strip()


def _whose(call: Call, event: Event) -> dict[str, Any]:
    house, origin = call.collective, event.origin
    return {
        "name": origin.name if origin else house.name,
        "shape": origin.pennant if origin else house.pennant,
        "accent": accent_of(event, house),
        "href": origin.url if origin else "",
    }


def _two_parts(text: str) -> tuple[str, str] | None:
    """The first line stands out; the rest follows."""
    first, _newline, rest = text.partition("\n")
    return (first, rest.strip()) if first else None


def _booking_words(event: Event) -> str:
    if event.booking_url:
        return _("I book before I come.")
    return _("I come without booking.") if event.places_left is None else ""


def _places_sentence(event: Event) -> str:
    left, total = event.places_left, event.capacity
    if left is None or total is None:
        return ""
    if left == 0:
        return _("All {total} places are taken").format(total=total)
    text = ngettext("{left} place left out of {total}", "{left} places left out of {total}", left)
    return text.format(left=left, total=total)


def _may_book(event: Event, now: datetime) -> bool:
    return bool(event.booking_url) and event.takes_place and not event.is_full and not event.is_over(now)


DOORS = (page("GET", "/agenda/{slug}", "agenda.event", event_page),)
