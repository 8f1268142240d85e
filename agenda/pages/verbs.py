"""What one does with an event of the back office; what cannot be undone asks first, on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.models.event import Event
from agenda.pages.desk import desk_context
from agenda.queries.finding import whole_event
from agenda.service import states
from agenda.service.events import delete_event, duplicate_event
from kit.auth import Principal
from kit.errors import NotFound, Refusal
from kit.i18n import Lazy, _, lazy
from kit.web import Call, Door, flow, page, read, write

EDIT = "agenda.edit"
Verb = Callable[[Session, Principal, UUID], Event]


class Saying(Struct):
    """What the asking pages take: a text for everyone, a web address."""

    note: Annotated[str, Meta(max_length=1000)] = ""
    online_url: Annotated[str, Meta(max_length=2000)] = ""


@dataclass(frozen=True)
class Asked:
    """A verb that asks first: its question, its words, what it does."""

    question: Lazy
    consequence: Lazy
    note: Lazy | None
    act: Lazy
    done: Lazy
    is_red: bool
    run: Callable[[Session, Call, UUID, Saying], Any]
    wants_address: bool = False


def _run_cancel(session: Session, call: Call, event_id: UUID, said: Saying) -> None:
    states.cancel(session, call.principal, event_id, said.note)


def _run_postpone(session: Session, call: Call, event_id: UUID, said: Saying) -> None:
    states.postpone(session, call.principal, event_id, said.note)


def _run_online(session: Session, call: Call, event_id: UUID, said: Saying) -> None:
    states.move_online(session, call.principal, event_id, said.online_url, said.note)


def _run_delete(session: Session, call: Call, event_id: UUID, _said: Saying) -> None:
    delete_event(session, call.principal, event_id)


ASKED = {
    "cancel": Asked(
        lazy("Cancel this event?"),
        lazy("The event stays on the agenda. Everyone sees that it is cancelled."),
        lazy("Why it is cancelled"),
        lazy("Cancel the event"),
        lazy("The event is cancelled."),
        True,
        _run_cancel,
    ),
    "postpone": Asked(
        lazy("Postpone this event?"),
        lazy("Everyone sees that the event will take place later."),
        lazy("What I know of the new date"),
        lazy("Postpone the event"),
        lazy("The event is postponed."),
        False,
        _run_postpone,
    ),
    "online": Asked(
        lazy("Move this event online?"),
        lazy("Everyone sees the address where it takes place."),
        lazy("What people must know"),
        lazy("Move it online"),
        lazy("The event takes place online."),
        False,
        _run_online,
        wants_address=True,
    ),
    "delete": Asked(
        lazy("Delete this event?"),
        lazy("Its page and its texts disappear for ever, here and in the village. I may archive it instead."),
        None,
        lazy("Delete the event"),
        lazy("The event is deleted."),
        True,
        _run_delete,
    ),
}


@read
def ask(call: Call, session: Session) -> Response:
    """The question before a verb. Raises NotFound, NoSuchEvent."""
    return _ask(call, whole_event(session, call.path["id"]), None)


@flow
def answer(call: Call) -> Response:
    """The verb itself, once it was asked."""
    asked, event_id = _asked(call), call.path["id"]
    try:
        said = call.form(Saying)
        call.app.db.write(lambda session: asked.run(session, call, event_id, said))
    except Refusal as refusal:
        if not refusal.fields:
            raise
        with call.app.db.read() as session:
            return _ask(call, whole_event(session, event_id), refusal)
    if asked is ASKED["delete"]:
        return call.see_other("agenda.admin.events", notice=asked.done)
    undo = call.url("agenda.admin.resume", id=event_id)
    return call.see_other("agenda.admin.event", id=event_id, notice=asked.done, undo=undo)


def _ask(call: Call, event: Event, refusal: Refusal | None) -> Response:
    return call.page(
        "agenda/ask.html",
        status=refusal.status if refusal else 200,
        verb=call.path["verb"],
        asked=_asked(call),
        errors=refusal.fields if refusal else {},
        values=call.form_values(),
        **desk_context(call, event),
    )


def _asked(call: Call) -> Asked:
    asked = ASKED.get(call.path["verb"])
    if asked is None:
        raise NotFound
    return asked


def _at_once(name: str, verb: Verb, notice: Lazy, undo: str = "") -> Door:
    """A verb that can be taken back: done at once, said in a toast."""

    @write
    def run(call: Call, session: Session) -> Response:
        event = verb(session, call.principal, call.path["id"])
        back = call.url(f"agenda.admin.{undo}", id=event.id) if undo else ""
        return call.see_other("agenda.admin.event", id=event.id, notice=notice, undo=back)

    run.__doc__ = f"The verb {name}. Raises NoSuchEvent, NotOurs, WrongState."
    return page("POST", f"/admin/events/{{id:uuid}}/{name}", f"agenda.admin.{name}", run, needs=EDIT)


@write
def duplicate(call: Call, session: Session) -> Response:
    """A draft like it, one week later; its form opens."""
    copy = duplicate_event(session, call.principal, call.path["id"])
    notice = _("This is a copy, one week later. I check its date.")
    return call.see_other("agenda.admin.edit", id=copy.id, notice=notice)


DOORS = (
    _at_once("publish", states.publish, lazy("It is published. Everyone sees it."), undo="unpublish"),
    _at_once("unpublish", states.unpublish, lazy("It is a draft again."), undo="publish"),
    _at_once("resume", states.resume, lazy("It takes place as planned.")),
    _at_once("archive", states.archive, lazy("It is archived."), undo="restore"),
    _at_once("restore", states.restore, lazy("It is back.")),
    page("POST", "/admin/events/{id:uuid}/duplicate", "agenda.admin.duplicate", duplicate, needs=EDIT),
    page("GET", "/admin/events/{id:uuid}/ask/{verb}", "agenda.admin.ask", ask, needs=EDIT),
    page("POST", "/admin/events/{id:uuid}/ask/{verb}", "agenda.admin.answer", answer, needs=EDIT),
)
