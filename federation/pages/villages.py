"""The office's villages: found, ask to join, answer, one village with its members and its charter."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.models.villages import ASKED, INVITED, MEMBER, REFUSED, REMOVED
from federation.pages.office import Address, counts, done
from federation.permissions import MANAGE
from federation.villages import flows
from federation.villages.listing import Member, VillageView, count_calls, view, villages
from federation.villages.queries import village_by_id
from federation.villages.terms import LONGEST_CHARTER, LONGEST_NAME
from kit.errors import NotFound, Refusal
from kit.features import MenuEntry
from kit.i18n import _, lazy
from kit.web import Call, flow, page, read


class VillageForm(Struct):
    """What a founder decides."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME)]
    charter: Annotated[str, Meta(max_length=LONGEST_CHARTER)] = ""


@read
def listing(call: Call, session: Session) -> Response:
    """Invitations and requests first, then the villages that this node is in."""
    shown = villages(session, (MEMBER, INVITED, ASKED, REFUSED, REMOVED))
    return call.page("federation/villages.html", shown=shown, counts=counts(session))


@read
def new(call: Call, _session: Session) -> Response:
    """An empty form."""
    return _new(call, {})


@flow
def found(call: Call) -> Response:
    """Start a village."""
    try:
        form = call.form(VillageForm)
        village = flows.found(call.app, call.principal, form.name, form.charter)
    except Refusal as refusal:
        return _new(call, call.form_values(), refusal)
    notice = _("The village is founded. I invite its first members.")
    return call.see_other("federation.villages.one", id=village.id, notice=notice)


@read
def join_form(call: Call, _session: Session) -> Response:
    """Where is the village?"""
    return call.page("federation/village_join.html", address="", refusal=None)


@flow
async def look(call: Call) -> Response:
    """Show the village that was found at an address, before asking in."""
    values = call.form_values()
    try:
        preview = await flows.look(call.app, call.form(Address).address)
    except Refusal as refusal:
        address = values.get("address", "")
        return call.page("federation/village_join.html", refusal.status, address=address, refusal=refusal)
    return call.page("federation/village_look.html", preview=preview)


@flow
async def ask_in(call: Call) -> Response:
    """Ask its founder to let us in."""
    try:
        await flows.ask_in(call.app, call.principal, call.form(Address).address)
    except Refusal as refusal:
        return call.see_other("federation.villages", notice=refusal.sentence)
    notice = _("The request is on its way. The founder answers.")
    return call.see_other("federation.villages", notice=notice)


@read
def one(call: Call, session: Session) -> Response:
    """One village."""
    return _one(call, session)


@flow
async def invite(call: Call) -> Response:
    """Ask a node in, by its address."""
    try:
        address = call.form(Address).address
        await flows.invite(call.app, call.principal, call.path["id"], address)
    except Refusal as refusal:
        values, found_at = call.form_values(), refusal
        return await call.app.db.aread(lambda session: _one(call, session, values, found_at))
    notice = _("The invitation is on its way.")
    return call.see_other("federation.villages.one", id=call.path["id"], notice=notice)


@flow
def change(call: Call) -> Response:
    """Another name, another charter."""
    try:
        form = call.form(VillageForm)
        flows.change_charter(call.app, call.principal, call.path["id"], form.name, form.charter)
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _one(call, session, call.form_values(), refusal)
    notice = _("It is saved. Every member receives the new charter.")
    return call.see_other("federation.villages.one", id=call.path["id"], notice=notice)


@flow
def accept(call: Call) -> Response:
    """Say yes to an invitation, or ask again."""
    village_id: UUID = call.path["id"]
    notice = _("I said yes. The founder adds me to the list in a moment.")
    return done(
        call, lambda: flows.accept(call.app, call.principal, village_id), notice, "federation.villages"
    )


@flow
def decline(call: Call) -> Response:
    """Say no to an invitation."""
    village_id: UUID = call.path["id"]
    return done(
        call,
        lambda: flows.decline(call.app, call.principal, village_id),
        _("I said no."),
        "federation.villages",
    )


@read
def ask_leave(call: Call, session: Session) -> Response:
    """Really leave?"""
    shown = _view(call, session)
    return call.page(
        "federation/confirm.html",
        question=_("Leave {name}?").format(name=shown.village.name),
        sentences=[
            _("I leave the list of members."),
            _("The exchanges that this village brought end. I can ask to join again."),
        ],
        verb=_("Leave the village"),
        picture="sign-out",
        action=call.url("federation.villages.leave", id=shown.village.id),
        keep=_("Stay"),
        back=call.url("federation.villages.one", id=shown.village.id),
    )


@flow
def leave(call: Call) -> Response:
    """Go."""
    village_id: UUID = call.path["id"]
    return done(
        call,
        lambda: flows.leave(call.app, call.principal, village_id),
        _("I left the village."),
        "federation.villages",
    )


@flow
def admit(call: Call) -> Response:
    """Let in a node that asks."""
    village_id, guest = call.path["id"], _guest(call)
    return done(
        call,
        lambda: flows.admit(call.app, call.principal, village_id, guest.actor),
        _("{name} is in the village.").format(name=guest.name),
        "federation.villages.one",
        id=village_id,
    )


@flow
def turn_down(call: Call) -> Response:
    """Say no to a node that asks."""
    village_id, guest = call.path["id"], _guest(call)
    return done(
        call,
        lambda: flows.turn_down(call.app, call.principal, village_id, guest.actor),
        _("I said no to {name}.").format(name=guest.name),
        "federation.villages.one",
        id=village_id,
    )


@read
def ask_remove(call: Call, session: Session) -> Response:
    """Really remove a member, or take an invitation back?"""
    shown = _view(call, session)
    guest = _in(shown, call.path["member"])
    is_member = guest.state == MEMBER
    question = _("Remove {name} from the village?") if is_member else _("Take back the invitation of {name}?")
    told = _("Every member is told. The exchanges that this village brought end.")
    return call.page(
        "federation/confirm.html",
        question=question.format(name=guest.name),
        sentences=[told if is_member else _("The invitation disappears from their screen.")],
        verb=_("Remove from the village") if is_member else _("Take back"),
        picture="x-circle",
        action=call.url("federation.villages.remove", id=shown.village.id, member=guest.id),
        keep=_("Change nothing"),
        back=call.url("federation.villages.one", id=shown.village.id),
    )


@flow
def remove(call: Call) -> Response:
    """Remove it, and tell everyone."""
    village_id, guest = call.path["id"], _guest(call)
    return done(
        call,
        lambda: flows.remove(call.app, call.principal, village_id, guest.actor),
        _("{name} is not in the village any more.").format(name=guest.name),
        "federation.villages.one",
        id=village_id,
    )


def _new(call: Call, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    status = refusal.status if refusal else 200
    errors = refusal.fields if refusal else {}
    return call.page("federation/village_new.html", status, values=values, refusal=refusal, errors=errors)


def _one(
    call: Call, session: Session, values: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    return call.page(
        "federation/village.html",
        refusal.status if refusal else 200,
        shown=_view(call, session),
        values=values or {},
        refusal=refusal,
        errors=refusal.fields if refusal else {},
        counts=counts(session),
    )


def _view(call: Call, session: Session) -> VillageView:
    return view(session, village_by_id(session, call.path["id"]))


def _guest(call: Call) -> Member:
    with call.app.db.read() as session:
        return _in(_view(call, session), call.path["member"])


def _in(shown: VillageView, member_id: UUID) -> Member:
    member = shown.member(member_id)
    if member is None:
        raise NotFound
    return member


HERE = "/admin/village"
ONE = f"{HERE}/{{id:uuid}}"
GUEST = f"{ONE}/members/{{member:uuid}}"
DOORS = (
    page("GET", HERE, "federation.villages", listing, needs=MANAGE),
    page("GET", f"{HERE}/new", "federation.villages.new", new, needs=MANAGE),
    page("POST", HERE, "federation.villages.found", found, needs=MANAGE),
    page("GET", f"{HERE}/join", "federation.villages.join", join_form, needs=MANAGE),
    page("POST", f"{HERE}/join", "federation.villages.look", look, needs=MANAGE),
    page("POST", f"{HERE}/requests", "federation.villages.ask_in", ask_in, needs=MANAGE),
    page("GET", ONE, "federation.villages.one", one, needs=MANAGE),
    page("POST", ONE, "federation.villages.change", change, needs=MANAGE),
    page("POST", f"{ONE}/invitations", "federation.villages.invite", invite, needs=MANAGE),
    page("POST", f"{ONE}/accept", "federation.villages.accept", accept, needs=MANAGE),
    page("POST", f"{ONE}/decline", "federation.villages.decline", decline, needs=MANAGE),
    page("GET", f"{ONE}/leave", "federation.villages.ask_leave", ask_leave, needs=MANAGE),
    page("POST", f"{ONE}/leave", "federation.villages.leave", leave, needs=MANAGE),
    page("POST", f"{GUEST}/accept", "federation.villages.admit", admit, needs=MANAGE),
    page("POST", f"{GUEST}/refuse", "federation.villages.turn_down", turn_down, needs=MANAGE),
    page("GET", f"{GUEST}/removal", "federation.villages.ask_remove", ask_remove, needs=MANAGE),
    page("POST", f"{GUEST}/removal", "federation.villages.remove", remove, needs=MANAGE),
)
MENU = MenuEntry(
    lazy("Village"), "federation.villages", "map-trifold", needs=MANAGE, order=60, badge=count_calls
)
