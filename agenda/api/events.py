"""`/api/v1/events` and `/api/v1/agenda`: own events, and the merged agenda."""

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from agenda import refusals
from agenda.api.answers import READ, WRITE, many, need_scope, one
from agenda.feeds.asjson import EventJson, EventList
from agenda.models.event import VISIBLE, Event
from agenda.pages.agenda import wanted_of
from agenda.queries.finding import whole_event
from agenda.queries.listing import coming, own_in_state
from agenda.schemas import AgendaFilter, EventFields, EventPatch, EventsQuery, EventValues, Reason
from agenda.service import events, states
from agenda.wanted import HERE
from kit.errors import BadCursor
from kit.web import Answer, Call, api, read, write

EDIT = "agenda.edit"
PATH = "/api/v1/events"


@read
def merged(call: Call, session: Session) -> Answer:
    """Own events and those of other nodes, in order of time."""
    return _listed(call, session, call.query(AgendaFilter), "/api/v1/agenda")


@read
def own(call: Call, session: Session) -> Answer:
    """Own events to come; with `status` and a token, all own events in that state."""
    asked = call.query(EventsQuery)
    if asked.status:
        need_scope(call, READ)
        found = own_in_state(session, asked.status, most=asked.limit + 1, after=asked.cursor)
        return many(call, asked, found, PATH)
    return _listed(call, session, msgspec.structs.replace(asked, node=[HERE]), PATH)


@read
def get(call: Call, session: Session) -> EventJson:
    """One event; a draft or an archived one for tokens only."""
    event = whole_event(session, call.path["id"])
    if event.status not in VISIBLE or (event.origin and not event.origin.shown):
        need_scope(call, READ)
    return one(call, event)


@write
def create(call: Call, session: Session) -> EventJson:
    """A draft."""
    return one(call, events.create_event(session, call.principal, _values(call)))


@write
def patch(call: Call, session: Session) -> EventJson:
    """Some fields of an own event."""
    changes = call.body(EventPatch)
    return one(call, events.patch_event(session, call.principal, call.path["id"], changes))


@write
def delete(call: Call, session: Session) -> None:
    """Take an own event away."""
    events.delete_event(session, call.principal, call.path["id"])


@write
def publish(call: Call, session: Session) -> EventJson:
    """Show an own event to everyone; a cancelled or postponed one takes place again."""
    event = whole_event(session, call.path["id"])
    verb = states.resume if event.status in VISIBLE else states.publish
    return _moved(call, session, verb(session, call.principal, event.id))


@write
def cancel(call: Call, session: Session) -> EventJson:
    """Say that an own event will not take place."""
    reason = call.body(Reason).reason
    return _moved(call, session, states.cancel(session, call.principal, call.path["id"], reason))


def _listed(call: Call, session: Session, asked: AgendaFilter, path: str) -> Answer:
    wanted = wanted_of(call, asked)
    skip = 0 if asked.cursor else (asked.page - 1) * asked.limit
    found = coming(session, wanted, most=asked.limit + 1, skip=skip, after=asked.cursor)
    return many(call, asked, found, path)


def _values(call: Call) -> EventValues:
    """The body, in the collective's own zone unless it names one."""
    fields: dict[str, Any] = msgspec.structs.asdict(call.body(EventFields))
    return EventValues(**(fields | {"timezone": fields["timezone"] or call.collective.timezone}))


def _moved(call: Call, session: Session, event: Event) -> EventJson:
    return one(call, whole_event(session, event.id))


FOUND = (refusals.NoSuchEvent,)
WRITTEN = (refusals.NoSuchEvent, refusals.NotOurs, refusals.NoSuchPlace, refusals.SameEventTwice)
MOVED = (refusals.NoSuchEvent, refusals.NotOurs, refusals.WrongState)
BY_TOKEN = {"scope": WRITE, "needs": EDIT, "answer": EventJson}

DOORS = (
    api(
        "GET", "/api/v1/agenda", "api.agenda", merged,
        query=AgendaFilter, answer=EventList, refusals=(BadCursor,), summary="The merged agenda",
    ),
    api(
        "GET", PATH, "api.events", own, scope_inside=READ,
        query=EventsQuery, answer=EventList, refusals=(BadCursor,), summary="Own events",
    ),
    api(
        "GET", f"{PATH}/{{id:uuid}}", "api.event", get,
        scope_inside=READ, answer=EventJson, refusals=FOUND, summary="One event",
    ),
    api(
        "POST", PATH, "api.events.create", create,
        body=EventFields, status=201, refusals=WRITTEN, summary="Write a draft", **BY_TOKEN,
    ),
    api(
        "PATCH", f"{PATH}/{{id:uuid}}", "api.events.patch", patch,
        body=EventPatch, refusals=WRITTEN, summary="Change an own event", **BY_TOKEN,
    ),
    api(
        "DELETE", f"{PATH}/{{id:uuid}}", "api.events.delete", delete,
        scope=WRITE, needs=EDIT, status=204, refusals=MOVED, summary="Delete an own event",
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/publication", "api.events.publish", publish,
        refusals=MOVED, summary="Publish an own event", **BY_TOKEN,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/cancellation", "api.events.cancel", cancel,
        body=Reason, refusals=MOVED, summary="Cancel an own event", **BY_TOKEN,
    ),
)  # fmt: skip
