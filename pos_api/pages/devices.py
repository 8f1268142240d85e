"""The office's tills: who is paired, when it was last seen; pair one more, take one out of service."""

from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from pos_api import flows
from pos_api.drawn import qr_path
from pos_api.permissions import MANAGE
from pos_api.queries import office
from pos_api.refusals import MoreWaits
from pos_api.schemas import DeviceForm, RevokeForm, TrainingForm
from pos_api.service import devices as service

LIST = "pos_api.devices"


@read
def devices(call: Call, session: Session) -> Response:
    """Every till, with its points of sale and when it was last seen."""
    return call.page(
        "pos_api/devices.html", devices=office.devices(session), points=dict(office.points(session))
    )


@read
def new(call: Call, session: Session) -> Response:
    """Name and points of sale of the till that will be paired."""
    return _form(call, session, {})


@flow
def make_code(call: Call) -> Response:
    """The six digits are shown on this page and nowhere else."""
    try:
        form = call.form(DeviceForm)
        made = flows.make_code(call.app, call.principal, form.name, form.points)
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, call.form_values(), refusal)
    address = f"{call.absolute(call.url('pos_api.till'))}#pair={made.code}"
    answer = call.page("pos_api/pairing.html", made=made, address=address, drawing=qr_path(address))
    answer.headers["cache-control"] = "no-store"
    return answer


@read
def device(call: Call, session: Session) -> Response:
    """One till: its words, training, out of service. Raises DeviceUnknown."""
    return _device(call, session, call.path["id"])


@flow
def change(call: Call) -> Response:
    """Another name, other points of sale. Raises DeviceUnknown."""
    device_id: UUID = call.path["id"]
    try:
        form = call.form(DeviceForm)
        call.app.db.write(
            lambda session: (
                service.change(session, call.principal, device_id, name=form.name, points=form.points).id
            )
        )
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _device(call, session, device_id, refusal)
    return call.see_other("pos_api.device", id=device_id, notice=_("It is saved."))


@flow
def train(call: Call) -> Response:
    """Begin or end the training. Raises DeviceUnknown, DeviceRevoked."""
    device_id: UUID = call.path["id"]
    wanted = call.form(TrainingForm).training
    by = call.principal
    call.app.db.write(lambda session: service.train(session, by, device_id, is_training=wanted).id)
    notice = _("This till only plays sales now.") if wanted else _("This till sells for real again.")
    return call.see_other("pos_api.device", id=device_id, notice=notice)


@read
def ask_revoke(call: Call, session: Session) -> Response:
    """Asks first, with what the till last said of itself. Raises DeviceUnknown, DeviceRevoked."""
    return _ask_revoke(call, session, call.path["id"])


@flow
def revoke(call: Call) -> Response:
    """Out of service at once; asks again when more waits in it than the page said. Raises DeviceUnknown."""
    device_id: UUID = call.path["id"]
    known = call.form(RevokeForm).waiting
    try:
        name = call.app.db.write(
            lambda session: service.revoke(session, call.principal, device_id, known=known).name
        )
    except MoreWaits as refusal:
        with call.app.db.read() as session:
            return _ask_revoke(call, session, device_id, refusal)
    return call.see_other(LIST, notice=_("{name} is out of service.").format(name=name))


def _ask_revoke(call: Call, session: Session, device_id: UUID, refusal: Refusal | None = None) -> Response:
    return call.page(
        "pos_api/device_revoke.html",
        status=refusal.status if refusal else 200,
        device=service.working(session, device_id),
        sentence=refusal.sentence if refusal else "",
    )


def _form(call: Call, session: Session, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    return call.page(
        "pos_api/device_new.html",
        status=refusal.status if refusal else 200,
        values=values,
        points=office.points(session),
        chosen=call.fields.get("points", []),
        sentence=refusal.sentence if refusal else "",
        errors=refusal.fields if refusal else {},
    )


def _device(call: Call, session: Session, device_id: UUID, refusal: Refusal | None = None) -> Response:
    found = service.get(session, device_id)
    return call.page(
        "pos_api/device.html",
        status=refusal.status if refusal else 200,
        device=found,
        values=call.form_values() if refusal else {"name": found.name},
        points=office.points(session),
        chosen=call.fields.get("points", []) if refusal else found.points,
        sentence=refusal.sentence if refusal else "",
        errors=refusal.fields if refusal else {},
    )


GUARD = {"needs": MANAGE}
DOORS = (
    page("GET", "/admin/tills", LIST, devices, **GUARD),
    page("GET", "/admin/tills/new", "pos_api.device_new", new, **GUARD),
    page("POST", "/admin/tills/new", "pos_api.make_code", make_code, **GUARD),
    page("GET", "/admin/tills/{id:uuid}", "pos_api.device", device, **GUARD),
    page("POST", "/admin/tills/{id:uuid}", "pos_api.device_change", change, **GUARD),
    page("POST", "/admin/tills/{id:uuid}/training", "pos_api.device_train", train, **GUARD),
    page("GET", "/admin/tills/{id:uuid}/revoke", "pos_api.device_ask_revoke", ask_revoke, **GUARD),
    page("POST", "/admin/tills/{id:uuid}/revoke", "pos_api.device_revoke", revoke, **GUARD),
)
