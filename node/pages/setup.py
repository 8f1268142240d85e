"""First run: a few questions in the browser, then the site is open."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.responses import Response

from agenda.schemas import EventValues
from agenda.service.events import create_event
from agenda.service.states import publish
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read
from node.pages.look import MAX_PICTURE, PARTS, Part, part_named, save_part, show_part
from node.schemas import FirstEventForm

EVENT = Part("event", lazy("First event"), "calendar-plus", FirstEventForm, lazy("First event written"))
VILLAGE = Part("village", lazy("Village"), "map-trifold", FirstEventForm, lazy("Village chosen"))
STEPS = (*PARTS, EVENT, VILLAGE)
NAMES = [step.name for step in STEPS]


def _after(name: str) -> str:
    """The step after `name`."""
    return NAMES[NAMES.index(name) + 1]


def _show(call: Call, name: str, refusal: Refusal | None = None) -> Response:
    if name not in NAMES:
        raise NotFound
    step = next(step for step in STEPS if step.name == name)
    more: dict[str, Any] = {"steps": STEPS, "number": NAMES.index(name) + 1}
    return show_part(call, step, "node/setup.html", refusal, **more)


@read
def show(call: Call, _session: Session) -> Response:
    """One question of the wizard."""
    return _show(call, call.path["step"])


@flow
def answer(call: Call) -> Response:
    """Keep the answer and go to the next question."""
    name = call.path["step"]
    try:
        if name == EVENT.name:
            _write_first_event(call)
        else:
            is_last_needed = name == PARTS[-1].name
            save_part(call, part_named(name), **({"set_up": True} if is_last_needed else {}))
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(call, name, refusal)
    return call.see_other("node.setup", step=_after(name))


def _write_first_event(call: Call) -> None:
    """Publish the first event, unless the form was left empty."""
    form = call.form(FirstEventForm)
    if not form.name and not form.start:
        return
    wrong = {name: _("I fill in this field.") for name in ("name", "start", "end") if not getattr(form, name)}
    if wrong:
        raise Invalid(fields=wrong)
    values = _event_values(call, form)

    def write_it(session: Session) -> None:
        publish(session, call.principal, create_event(session, call.principal, values).id)

    call.app.db.write(write_it)


def _event_values(call: Call, form: FirstEventForm) -> EventValues:
    zone = call.collective.timezone
    start, end = _moment(form, "start", zone), _moment(form, "end", zone)
    return EventValues(name=form.name, start=start, end=end, timezone=zone)


def _moment(form: FirstEventForm, name: str, zone: str) -> datetime:
    """A `datetime-local` field in the collective's zone. Raises Invalid."""
    try:
        return datetime.fromisoformat(getattr(form, name)).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise Invalid(fields={name: _("I write a day and an hour.")}) from error


DOORS = (
    page("GET", "/setup/{step}", "node.setup", show, needs="settings.manage"),
    page(
        "POST",
        "/setup/{step}",
        "node.setup_answer",
        answer,
        needs="settings.manage",
        max_body=2 * MAX_PICTURE,
    ),
)
