"""The public agenda: by day, filtered, past, and the small one that other sites show in a frame."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.cards import card_of
from agenda.pages import filters
from agenda.pages.days import by_day
from agenda.pages.fresh import fresh
from agenda.queries import listing, side
from agenda.schemas import AgendaFilter
from agenda.wanted import Wanted, read_wanted
from kit import clock
from kit.web import Call, page, read

PER_PAGE = 24
MOST_GOING_ON = 8
MOST_EMBEDDED = 12


def wanted_of(call: Call, asked: AgendaFilter) -> Wanted:
    """The selection that this call asks for, today being the collective's. Raises Invalid."""
    own_host = call.app.settings.node.url.split("://")[-1]
    return read_wanted(asked, clock.now(), call.collective.timezone, own_host)


@read
def agenda(call: Call, session: Session) -> Response:
    """The merged agenda by day, with its filters beside it."""
    return fresh(call, session, lambda: _agenda(call, session, call.query(AgendaFilter)))


@read
def past(call: Call, session: Session) -> Response:
    """What took place, the latest first."""
    return fresh(call, session, lambda: _past(call, session, call.query(AgendaFilter)))


@read
def embed(call: Call, session: Session) -> Response:
    """A few cards for another site's frame: no menu, links open a page of their own."""
    return fresh(call, session, lambda: _embed(call, session))


def _agenda(call: Call, session: Session, asked: AgendaFilter) -> Response:
    wanted = wanted_of(call, asked)
    events = listing.coming(session, wanted, most=PER_PAGE + 1, skip=(asked.page - 1) * PER_PAGE)
    shows_lasting = asked.page == 1 and (wanted.last is None or wanted.last >= wanted.today)
    lasting = listing.going_on(session, wanted, most=MOST_GOING_ON) if shows_lasting else []
    days = by_day(events[:PER_PAGE], call.collective, wanted.today, wanted.now)
    return call.page(
        "agenda/agenda.html",
        days=days,
        lasting=[card_of(event, call.collective, wanted.now) for event in lasting],
        more=filters.address(asked, page=asked.page + 1) if len(events) > PER_PAGE else "",
        before=filters.address(asked, page=asked.page - 1) if asked.page > 1 else "",
        **_side(call, session, asked, wanted),
    )


def _side(call: Call, session: Session, asked: AgendaFilter, wanted: Wanted) -> dict[str, Any]:
    """Everything around the list."""
    around = side.beside(session, wanted.today)
    nodes = filters.node_boxes(around.nodes, wanted, call.collective)
    busy = side.busy_days(session, filters.shown_month(wanted), wanted.today)
    return {
        "asked": asked,
        "wanted": wanted,
        "chips": filters.chips(asked, wanted, around.tags),
        "month": filters.month_form(asked, wanted, busy),
        "nodes": nodes,
        "tags": around.tags,
        "places": [("", ""), *((one.slug, one.address) for one in around.places)],
        "kept_by_search": filters.kept(asked, "q"),
        "kept_by_choice": filters.kept(asked, "node", "tag", "place", "free", "accessible"),
        "ics": filters.address(asked, "/agenda.ics", page=1, month=""),
        "flags": [(node.shape, node.accent) for node in nodes],
    }


def _past(call: Call, session: Session, asked: AgendaFilter) -> Response:
    wanted = wanted_of(call, asked)
    events = listing.gone_by(session, wanted, most=PER_PAGE + 1, skip=(asked.page - 1) * PER_PAGE)
    days = by_day(events[:PER_PAGE], call.collective, wanted.today, wanted.now)
    return call.page(
        "agenda/past.html",
        asked=asked,
        days=days,
        later=filters.address(asked, "/agenda/past", page=asked.page - 1) if asked.page > 1 else "",
        earlier=filters.address(asked, "/agenda/past", page=asked.page + 1) if len(events) > PER_PAGE else "",
    )


def _embed(call: Call, session: Session) -> Response:
    wanted = wanted_of(call, call.query(AgendaFilter))
    events = listing.coming(session, wanted, most=MOST_EMBEDDED)
    days = by_day(events, call.collective, wanted.today, wanted.now)
    return call.page("agenda/embed.html", days=days)


DOORS = (
    page("GET", "/agenda", "agenda.list", agenda, query=AgendaFilter),
    page("GET", "/agenda/past", "agenda.past", past, query=AgendaFilter),
    page("GET", "/agenda/embed", "agenda.embed", embed, query=AgendaFilter),
)
