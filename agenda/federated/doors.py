"""GET /federation/upcoming and /events/{id}: own events for other nodes; a browser is sent to the page."""

from typing import Any

from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.cards import page_path
from agenda.federated.answers import activity_answer, wants_activity
from agenda.federated.shape import TERMS, event_document, event_object, event_uri, tombstone
from agenda.models.event import DELETED, Event
from agenda.queries.finding import event_with_tombstone
from agenda.queries.sharing import latest_change, shared_count, shared_page
from agenda.refusals import NoSuchEvent
from config.collective import Collective
from federation.documents.context import activity_context
from kit import clock
from kit.choices import read_choice
from kit.web import Call, protocol, read

PER_PAGE = 50


class PageAsked(Struct):
    """`after` is the cursor that the page before gave."""

    after: str = ""


@read
def upcoming(call: Call, session: Session) -> Response:
    """Own events to come, in order of time, the first page inside; `updated` moves with every change."""
    asked = call.query(PageAsked)
    address = call.absolute("/federation/upcoming")
    if asked.after:
        return activity_answer(call, {"@context": _context()} | _page(call, session, asked.after))
    changed = latest_change(session)
    document = {
        "@context": _context(),
        "id": address,
        "type": "OrderedCollection",
        "attributedTo": call.absolute("/actor"),
        "totalItems": shared_count(session, clock.now()),
        "first": _page(call, session, ""),
    }
    if changed is not None:
        document["updated"] = changed.isoformat().replace("+00:00", "Z")
    return activity_answer(call, document)


@read
def one_event(call: Call, session: Session) -> Response:
    """An own event by content negotiation; 410 with a tombstone once it is gone. Raises NoSuchEvent."""
    event = event_with_tombstone(session, call.path["id"])
    if event is None or not event.is_own or event.published_at is None:
        raise NoSuchEvent
    if not wants_activity(call):
        return _page_of(call, event)
    home = call.app.settings.node.url
    if event.status == DELETED or not event.is_visible:
        return activity_answer(call, {"@context": _context()} | tombstone(event, home), status=410)
    if event.do_not_share:
        raise NoSuchEvent
    return activity_answer(call, event_document(event, read_choice(session, Collective), home))


def _page_of(call: Call, event: Event) -> Response:
    if not event.is_visible:
        raise NoSuchEvent
    return call.see_other(page_path(event))


def _page(call: Call, session: Session, after: str) -> dict[str, Any]:
    home, house = call.app.settings.node.url, read_choice(session, Collective)
    events, following = shared_page(session, clock.now(), after=after, most=PER_PAGE)
    address = call.absolute("/federation/upcoming")
    name = after or (event_uri(events[0], home).rsplit("/", 1)[-1] if events else "empty")
    page = {
        "id": f"{address}?after={after}" if after else f"{address}#{name}",
        "type": "OrderedCollectionPage",
        "partOf": address,
        "orderedItems": [event_object(event, house, home) for event in events],
    }
    return page | ({"next": f"{address}?after={following}"} if following else {})


def _context() -> list[Any]:
    return activity_context(**TERMS)


DOORS = (
    protocol(
        "GET",
        "/federation/upcoming",
        "federation.upcoming",
        upcoming,
        query=PageAsked,
        summary="What is to come.",
    ),
    protocol("GET", "/events/{id:uuid}", "agenda.activity", one_event, summary="One event."),
)
