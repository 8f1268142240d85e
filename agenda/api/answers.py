"""Lists with their `Link` header (RFC 8288), events as answers."""

from starlette.responses import Response

from agenda.feeds.asjson import EventJson, EventList, event_json
from agenda.models.event import Event
from agenda.pages.filters import address
from agenda.queries.listing import cursor_of
from agenda.schemas import AgendaFilter
from kit.errors import Forbidden, SignInNeeded
from kit.web import Call
from kit.web.paging import linked

READ, WRITE = "events:read", "events:write"


def one(call: Call, event: Event) -> EventJson:
    """An event loaded whole."""
    return event_json(event, call.collective, call.app.settings.node.url)


def many(call: Call, asked: AgendaFilter, found: list[Event], path: str) -> Response:
    """`found` holds one event more than asked when the list goes on."""
    shown = found[: asked.limit]
    after = cursor_of(shown[-1]) if len(found) > asked.limit else ""
    following = call.absolute(address(asked, path, cursor=after, page=1)) if after else ""
    return linked(EventList([one(call, event) for event in shown], following), following)


def need_scope(call: Call, scope: str) -> None:
    """Some answers of a public door are for tokens. Raises SignInNeeded, Forbidden."""
    if call.principal.scopes is None:
        raise SignInNeeded(cause="no bearer token")
    if not call.principal.has_scope(scope):
        raise Forbidden(cause=f"scope {scope} missing")
