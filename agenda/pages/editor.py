"""Writing an event: one form, its errors beside the fields, nothing typed is lost after a refusal."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda import flows
from agenda.cards import poster_path
from agenda.models.event import DRAFT, Event
from agenda.pages.forms import EventForm, at_fields, sent_values, shown_values, values_from
from agenda.pictures import MOST_BYTES, file_name
from agenda.queries.finding import own_places, own_tags
from agenda.richtext import from_markdown
from agenda.service.events import own_event
from agenda.service.states import publish
from agenda.times import zone
from kit import clock
from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, UploadedFile, flow, page, read

EDIT = "agenda.edit"
UPLOAD = MOST_BYTES + (1 << 20)
PREVIEW, PUBLISH = "preview", "publish"
USUAL_DAYS_AHEAD = 7


@read
def new(call: Call, session: Session) -> Response:
    """An empty form, one week ahead."""
    return _form(call, session, None, _empty(call))


@read
def edit(call: Call, session: Session) -> Response:
    """The form of an own event. Raises NoSuchEvent, NotOurs."""
    event = own_event(session, call.path["id"])
    return _form(call, session, event, shown_values(event))


@flow
def create(call: Call) -> Response:
    """Keep a new event: as a draft, or published at once."""
    return _save(call, None)


@flow
def change(call: Call) -> Response:
    """Keep the changes of an own event."""
    return _save(call, call.path["id"])


def _save(call: Call, event_id: UUID | None) -> Response:
    sent = sent_values(call.fields)
    try:
        form = call.form(EventForm)
        sent["picture"] = picture = _picture(call, form)
        if form.then == PREVIEW:
            return _again(call, event_id, sent, preview=from_markdown(form.description))
        event = flows.save_event(call.app, call.principal, event_id, values_from(form, picture))
    except Refusal as refusal:
        return _again(call, event_id, sent, refusal=refusal)
    return _saved(call, event, form.then)


def _picture(call: Call, form: EventForm) -> str:
    """The stored name of the picture now: the new one, else the one that was there."""
    upload = call.file("picture_file")
    if upload is not None and upload.data:
        return _stored(call, upload)
    return "" if form.remove_picture else flows.known_picture(call.app, form.picture)


def _stored(call: Call, upload: UploadedFile) -> str:
    try:
        return flows.keep_picture(call.app, upload.data)
    except Refusal as refusal:
        refusal.fields = {"picture_file": refusal.sentence}
        raise


def _saved(call: Call, event: Event, then: str) -> Response:
    if then == PUBLISH and event.status == DRAFT:
        call.app.db.write(lambda session: publish(session, call.principal, event.id))
        notice = _("It is published. Everyone sees it.")
    else:
        notice = _("It is saved as a draft.") if event.status == DRAFT else _("It is saved.")
    return call.see_other("agenda.admin.event", id=event.id, notice=notice)


def _again(
    call: Call,
    event_id: UUID | None,
    sent: dict[str, Any],
    refusal: Refusal | None = None,
    preview: str = "",
) -> Response:
    """The form as it was sent, with what is wrong or with its preview."""
    with call.app.db.read() as session:
        event = own_event(session, event_id) if event_id else None
        return _form(call, session, event, sent, refusal=refusal, preview=preview)


def _form(
    call: Call,
    session: Session,
    event: Event | None,
    values: dict[str, Any],
    *,
    refusal: Refusal | None = None,
    preview: str = "",
) -> Response:
    errors = at_fields(refusal.fields) if refusal else {}
    return call.page(
        "agenda/editor.html",
        status=refusal.status if refusal else 200,
        event=event,
        values=_Blank(values),
        errors=errors,
        sentence=refusal.sentence if refusal else "",
        preview=preview,
        place_choices=[(str(one.id), one.address) for one in own_places(session)],
        tag_choices=[(name, name) for name in _tag_names(own_tags(session), values)],
        picture=_shown_picture(call, event, values),
    )


class _Blank(dict[str, Any]):
    """Values by field; what is not there is empty."""

    def __missing__(self, _name: str) -> str:
        return ""


def _tag_names(kept: list[Any], values: dict[str, Any]) -> list[str]:
    """The tags to tick: those that this event wears, in their order, then those that the collective keeps."""
    worn = list(values.get("tags", []))
    return [*worn, *(tag.name for tag in kept if tag.name not in worn)]


def _shown_picture(call: Call, event: Event | None, values: dict[str, Any]) -> str:
    if values.get("picture"):
        return f"/files/agenda/{file_name(values['picture'], 360)}"
    return poster_path(event, call.collective) if event and not event.picture else ""


def _empty(call: Call) -> dict[str, Any]:
    timezone = call.collective.timezone
    ahead = clock.now().astimezone(zone(timezone)) + timedelta(days=USUAL_DAYS_AHEAD)
    day = call.request.query_params.get("day", "") or ahead.date().isoformat()
    return {"timezone": timezone, "start_day": day, "tags": [], "picture": ""}


DOORS = (
    page("GET", "/admin/events/new", "agenda.admin.new", new, needs=EDIT),
    page("POST", "/admin/events/new", "agenda.admin.create", create, needs=EDIT, max_body=UPLOAD),
    page("GET", "/admin/events/{id:uuid}/edit", "agenda.admin.edit", edit, needs=EDIT),
    page("POST", "/admin/events/{id:uuid}/edit", "agenda.admin.change", change, needs=EDIT, max_body=UPLOAD),
)
