"""The back office's events: five tabs, a search, one verb per row; an event and what can be done with it."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.cards import accent_of, page_path, poster_path, price_words, state_of
from agenda.feeds.words import when_of
from agenda.models.event import Event
from agenda.queries import desk
from agenda.queries.finding import own_places, whole_event
from config.collective import Collective
from kit import clock
from kit.i18n import _, lazy
from kit.templates import hour
from kit.web import Call, page, read

EDIT = "agenda.edit"
PER_PAGE = 20
TAB_NAMES = {
    "coming": lazy("To come"),
    "drafts": lazy("Drafts"),
    "past": lazy("Past"),
    "received": lazy("Received from the village"),
    "archived": lazy("Archives"),
}
STATES = {
    "draft": "draft",
    "published": "published",
    "postponed": "postponed",
    "cancelled": "cancelled",
    "moved_online": "online",
    "archived": "archived",
}


class DeskFilter(Struct):
    """What the list of the back office takes."""

    tab: Annotated[str, Meta(max_length=20)] = "coming"
    q: Annotated[str, Meta(max_length=200)] = ""
    place: UUID | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1


@dataclass(frozen=True)
class Row:
    """One event as the table shows it."""

    event: Event
    day: date
    hour: str
    state: str
    price: str
    href: str
    act: str
    act_href: str
    origin: tuple[str, int, str, bool]


@read
def events(call: Call, session: Session) -> Response:
    """The events of a tab."""
    asked = call.query(DeskFilter)
    tab, now = asked.tab if asked.tab in TAB_NAMES else "coming", clock.now()
    skip = (asked.page - 1) * PER_PAGE
    shelf = desk.shelf(session, tab, now, q=asked.q, place=asked.place, most=PER_PAGE, skip=skip)
    numbers = desk.counts(session, now)
    return call.page(
        "agenda/desk.html",
        asked=asked,
        tab=tab,
        tabs=[
            (TAB_NAMES[name], call.url("agenda.admin.events", tab=name), name == tab, numbers[name])
            for name in desk.TABS
        ],
        rows=[_row(call, event, now) for event in shelf.events],
        places=[("", _("All places")), *((str(one.id), one.name) for one in own_places(session))],
        pages=max(1, ceil(shelf.total / PER_PAGE)),
    )


@read
def event(call: Call, session: Session) -> Response:
    """One event, its state, and every verb that fits it. Raises NoSuchEvent."""
    found = whole_event(session, call.path["id"])
    return call.page("agenda/event_desk.html", **desk_context(call, found))


def desk_context(call: Call, found: Event) -> dict[str, Any]:
    """What the pages about one event of the back office show."""
    now, house = clock.now(), call.collective
    return {
        "event": found,
        "when": when_of(found),
        "state": STATES.get(found.status, found.status),
        "poster": poster_path(found, house),
        "price": price_words(found),
        "public_href": page_path(found),
        "places_state": state_of(found, now),
        "is_over": found.is_over(now),
        "origin": _origin(found, house),
    }


def _row(call: Call, found: Event, now: datetime) -> Row:
    own = found.is_own
    inside = call.url("agenda.admin.event", id=found.id)
    return Row(
        event=found,
        day=date.fromisoformat(found.day),
        hour=hour(found.start, found.timezone),
        state="full" if found.is_full and not found.is_over(now) else STATES.get(found.status, found.status),
        price=price_words(found),
        href=inside if own else page_path(found),
        act=_("Edit") if own else _("See"),
        act_href=call.url("agenda.admin.edit", id=found.id) if own else page_path(found),
        origin=_origin(found, call.collective),
    )


def _origin(found: Event, house: Collective) -> tuple[str, int, str, bool]:
    name = found.origin.name if found.origin else house.name
    shape = found.origin.pennant if found.origin else house.pennant
    return name, shape, accent_of(found, house), found.is_own


DOORS = (
    page("GET", "/admin/events", "agenda.admin.events", events, needs=EDIT, query=DeskFilter),
    page("GET", "/admin/events/{id:uuid}", "agenda.admin.event", event, needs=EDIT),
)
