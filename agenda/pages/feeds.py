"""The agenda for machines: JSON, iCalendar, RSS; the same filters as the page, open to other sites."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.feeds.asjson import EventList, event_json
from agenda.feeds.ical import calendar
from agenda.feeds.rss import Item, feed
from agenda.models.event import Event
from agenda.pages import filters
from agenda.pages.agenda import wanted_of
from agenda.pages.event import canonical_of, summary_of
from agenda.pages.fresh import fresh, open_to_sites
from agenda.queries.finding import visible_event
from agenda.queries.listing import coming
from agenda.schemas import AgendaFilter
from kit.i18n import _
from kit.web import Call, json_answer, page, read

MOST = 500
MOST_NEWS = 60
ICAL = "text/calendar"


@read
def as_json(call: Call, session: Session) -> Response:
    """The merged agenda; `page` counts pages of `limit` events."""

    def make() -> Response:
        asked = call.query(AgendaFilter)
        found = coming(
            session, wanted_of(call, asked), most=asked.limit + 1, skip=(asked.page - 1) * asked.limit
        )
        node_url = call.app.settings.node.url
        items = [event_json(event, call.collective, node_url) for event in found[: asked.limit]]
        more = len(found) > asked.limit
        after = node_url + filters.address(asked, "/agenda.json", page=asked.page + 1) if more else ""
        return json_answer(EventList(items, after))

    return open_to_sites(fresh(call, session, make))


@read
def as_calendar(call: Call, session: Session) -> Response:
    """The whole agenda, or what the filters leave, to be followed by a telephone."""

    def make() -> Response:
        found = coming(session, wanted_of(call, call.query(AgendaFilter)), most=MOST)
        return _calendar(call, found, _("Agenda of {name}").format(name=call.collective.name))

    return open_to_sites(fresh(call, session, make))


@read
def one_as_calendar(call: Call, session: Session) -> Response:
    """One event, to be added to a telephone. Raises NoSuchEvent."""
    event = visible_event(session, call.path["name"])
    return open_to_sites(fresh(call, session, lambda: _calendar(call, [event], event.name)))


@read
def as_rss(call: Call, session: Session) -> Response:
    """News of the agenda: what is to come, the latest change first."""

    def make() -> Response:
        found = coming(session, wanted_of(call, call.query(AgendaFilter)), most=MOST_NEWS)
        items = [Item(event, canonical_of(call, event), summary_of(event)) for event in found]
        title = _("Agenda of {name}").format(name=call.collective.name)
        body = feed(items, title, call.collective.summary or title, call.app.settings.node.url)
        return Response(body, media_type="application/rss+xml")

    return open_to_sites(fresh(call, session, make))


def _calendar(call: Call, events: list[Event], name: str) -> Response:
    body = calendar(events, name, call.app.settings.node.url)
    response = Response(body, media_type=ICAL)
    response.headers["content-disposition"] = 'inline; filename="agenda.ics"'
    return response


DOORS = (
    page("GET", "/agenda.json", "agenda.json", as_json, query=AgendaFilter),
    page("GET", "/agenda.ics", "agenda.ics", as_calendar, query=AgendaFilter),
    page("GET", "/agenda.rss", "agenda.rss", as_rss, query=AgendaFilter),
    # `name` sorts before the `slug` of the page, so that routes meet this door first
    page("GET", "/agenda/{name}.ics", "agenda.event_ics", one_as_calendar),
)
