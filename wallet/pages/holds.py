"""What was set aside, settled by hand: taken, or free again."""

from uuid import UUID

from starlette.responses import Response

from kit.i18n import _
from kit.web import Call, flow, page
from wallet import flows, permissions


@flow
def take(call: Call) -> Response:
    """The whole sum goes to the collective. Raises NoSuchTransfer, NotHeld, AlreadyClosed."""
    transfer: UUID = call.path["id"]
    receipt = flows.capture(call.app, call.principal, transfer, key=f"take {transfer}")
    return call.see_other("wallet.transfer", id=receipt.id, notice=_("The sum that was set aside is paid."))


@flow
def let_go(call: Call) -> Response:
    """The whole sum can be spent again. Raises NoSuchTransfer, NotHeld, AlreadyClosed."""
    transfer: UUID = call.path["id"]
    receipt = flows.release(call.app, call.principal, transfer, key=f"let go {transfer}")
    return call.see_other("wallet.transfer", id=receipt.id, notice=_("The sum can be spent again."))


ONE = "/admin/money/transfers/{id:uuid}"
DOORS = (
    page("POST", f"{ONE}/capture", "wallet.take", take, needs=permissions.LOAD),
    page("POST", f"{ONE}/release", "wallet.let_go", let_go, needs=permissions.LOAD),
)
