"""The office's operators: who sells, by which PIN or staff card, with which rights."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from pos_api import flows
from pos_api.models.operator import CASHIER, RIGHTS
from pos_api.permissions import MANAGE
from pos_api.queries import office
from pos_api.schemas import CardForm, OperatorForm
from pos_api.service import operators as service
from pos_api.service.operators import OperatorValues
from pos_api.words import RIGHTS as WORDS
from wallet.cards.reading import Tap
from wallet.keyring import card_keys
from wallet.queries.cards import find_card

LIST = "pos_api.operators"


@read
def operators(call: Call, session: Session) -> Response:
    """Those who sell, then the archived."""
    return call.page("pos_api/operators.html", operators=office.operators(session))


@read
def new(call: Call, session: Session) -> Response:
    """An empty form, with the next free code and the rights of a cashier."""
    return _form(call, session, None, {"code": service.next_code(session)}, rights=list(CASHIER))


@flow
def create(call: Call) -> Response:
    """Add an operator."""
    try:
        values = _values(call)
        made = call.app.db.write(lambda session: service.create(session, call.principal, values).id)
    except Refusal as refusal:
        return _refused(call, None, refusal)
    return call.see_other("pos_api.operator", id=made, notice=_("It is saved."))


@read
def operator(call: Call, session: Session) -> Response:
    """One operator. Raises OperatorUnknown."""
    found = service.get(session, call.path["id"])
    values = {"code": found.code, "label": found.label, "person": str(found.person_id or "")}
    return _form(call, session, found.id, values, rights=found.rights)


@flow
def change(call: Call) -> Response:
    """Other words, rights, PIN. Raises OperatorUnknown."""
    operator_id: UUID = call.path["id"]
    try:
        values = _values(call)
        call.app.db.write(lambda session: service.change(session, call.principal, operator_id, values).id)
    except Refusal as refusal:
        return _refused(call, operator_id, refusal)
    return call.see_other("pos_api.operator", id=operator_id, notice=_("It is saved."))


@flow
def link_card(call: Call) -> Response:
    """The staff card that opens a till for them. Raises OperatorUnknown."""
    operator_id: UUID = call.path["id"]
    try:
        typed = call.form(CardForm).card
        with call.app.db.read() as session:
            card_id = find_card(session, Tap(text=typed), card_keys(call.app)).card.id if typed else None
        call.app.db.write(lambda session: service.link_card(session, call.principal, operator_id, card_id).id)
    except Refusal as refusal:
        refusal.fields = {"card": refusal.sentence}
        return _refused(call, operator_id, refusal)
    notice = _("This card opens a till now.") if card_id else _("No card opens a till for them any more.")
    return call.see_other("pos_api.operator", id=operator_id, notice=notice)


@flow
def archive(call: Call) -> Response:
    """They open no till any more. Raises OperatorUnknown."""
    operator_id: UUID = call.path["id"]
    label = call.app.db.write(lambda session: service.archive(session, call.principal, operator_id).label)
    undo = call.url("pos_api.operator_restore", id=operator_id)
    return call.see_other(LIST, notice=_("{name} is archived.").format(name=label), undo=undo)


@flow
def restore(call: Call) -> Response:
    """Back among the operators, without PIN or card. Raises OperatorUnknown."""
    operator_id: UUID = call.path["id"]
    call.app.db.write(lambda session: service.restore(session, call.principal, operator_id).id)
    return call.see_other("pos_api.operator", id=operator_id, notice=_("I give a new PIN or card now."))


def _values(call: Call) -> OperatorValues:
    """The form, its PIN made ready: slow, and outside of any transaction. Raises Invalid, BadPin."""
    form = call.form(OperatorForm)
    pin = flows.ready_pin(call.app, form.pin) if form.pin else None
    return OperatorValues(form.code, form.label, frozenset(form.rights), form.person, pin)


def _refused(call: Call, operator_id: UUID | None, refusal: Refusal) -> Response:
    with call.app.db.read() as session:
        values, rights = call.form_values(), call.fields.get("rights", [])
        if operator_id and "code" not in values:
            found = service.get(session, operator_id)
            values |= {"code": found.code, "label": found.label, "person": str(found.person_id or "")}
            rights = found.rights
        return _form(call, session, operator_id, values, rights=rights, refusal=refusal)


def _form(
    call: Call,
    session: Session,
    operator_id: UUID | None,
    values: dict[str, Any],
    *,
    rights: list[str],
    refusal: Refusal | None = None,
) -> Response:
    found = service.get(session, operator_id) if operator_id else None
    return call.page(
        "pos_api/operator.html",
        status=refusal.status if refusal else 200,
        operator=found,
        card=office.card_number(session, found.card_id) if found else "",
        values=values,
        chosen=rights,
        rights=[(right, *WORDS[right]) for right in RIGHTS],
        team=[("", _("Nobody in particular")), *office.team(session)],
        sentence=refusal.sentence if refusal else "",
        errors=refusal.fields if refusal else {},
    )


GUARD = {"needs": MANAGE}
DOORS = (
    page("GET", "/admin/tills/operators", LIST, operators, **GUARD),
    page("GET", "/admin/tills/operators/new", "pos_api.operator_new", new, **GUARD),
    page("POST", "/admin/tills/operators/new", "pos_api.operator_create", create, **GUARD),
    page("GET", "/admin/tills/operators/{id:uuid}", "pos_api.operator", operator, **GUARD),
    page("POST", "/admin/tills/operators/{id:uuid}", "pos_api.operator_change", change, **GUARD),
    page("POST", "/admin/tills/operators/{id:uuid}/card", "pos_api.operator_card", link_card, **GUARD),
    page("POST", "/admin/tills/operators/{id:uuid}/archive", "pos_api.operator_archive", archive, **GUARD),
    page("POST", "/admin/tills/operators/{id:uuid}/restore", "pos_api.operator_restore", restore, **GUARD),
)
