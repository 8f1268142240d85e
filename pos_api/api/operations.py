"""What tills do: the bodies of their operations, read once, with who asks and the proof they came with."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.orm import Session

from kit import clock
from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call
from pos_api.api.asking import asking
from pos_api.api.bodies import Body, Cash, Cents, Operation, Quantity, Ref, Signed, Words
from pos_api.identity import OPERATOR_HEADER
from pos_api.keys import is_signed
from pos_api.principal import Device, Operator, TillPrincipal
from pos_api.queries.training import was_training
from pos_api.queries.who import operator_at
from pos_api.refusals import BadSignature, NotInTraining, OperatorNeeded, PointUnknown, SignatureNeeded
from pos_api.seen import DevicesSeen
from sales.schemas import Till

SIGNATURE_HEADER: Final = "hameau-signature"
MOST_LINES: Final = 200
FIRST_YEAR, LAST_YEAR = 2020, 2100


class LineFields(Body, frozen=True, kw_only=True):
    """One line: a product at one of its prices, something another room sells or gives, or a tip.

    `unit_price` is for a free price, and for what was sold without a line to the node.
    """

    product: UUID | None = None
    price: UUID | None = None
    quantity: Quantity = "1"
    unit_price: Cash | None = None
    sellable: Literal["top_up", "gift", "give"] | None = None
    asset: UUID | None = None
    amount: Cents | None = None
    tap: Ref | None = None
    tip: Cents | None = None


class PaymentFields(Body, frozen=True, kw_only=True):
    """One means, in cents. `given`: the cash that was held out; `tap` names the Pass.

    Of several Passes each pays exactly its own `amount`.
    In a sale in time or points, minor units of that currency; "house": it is given to a Pass.
    """

    means: Literal["cash", "card_terminal", "cheque", "bank_transfer", "pass", "house"]
    amount: Signed
    given: Cash = 0
    tap: Ref | None = None


Payments = Annotated[tuple[PaymentFields, ...], Meta(max_length=20)]


class SaleFields(Operation, frozen=True, kw_only=True):
    """A sale. `total` is what the screen of the till says: the node works it out, and refuses another."""

    point: UUID
    lines: Annotated[tuple[LineFields, ...], Meta(min_length=1, max_length=MOST_LINES)]
    payments: Payments = ()
    total: Signed


class TopUpFields(Operation, frozen=True, kw_only=True):
    """Money onto a Pass: the short form of a sale of one line."""

    point: UUID
    tap: Ref
    asset: UUID
    amount: Cents
    payments: Payments


class CardRefundFields(Operation, frozen=True, kw_only=True):
    """Money given back from a Pass, in cash unless another means is named."""

    point: UUID
    tap: Ref
    asset: UUID
    amount: Cents
    means: Literal["cash", "card_terminal", "cheque", "bank_transfer"] = "cash"


class VoidFields(Operation, frozen=True, kw_only=True):
    """Take a sale back. The last sale of a till needs no reason from who made it; any other one does."""

    reason: Words = ""


class PartFields(Body, frozen=True, kw_only=True):
    """So much of one line of a sale: its place among the sale's `lines`, counted from 0."""

    line: Annotated[int, Meta(ge=0, lt=MOST_LINES)]
    quantity: Quantity = "1"


class RefundFields(Operation, frozen=True, kw_only=True):
    """Take some lines of a sale back, or parts of them; each line once, in the order of the sale."""

    lines: Annotated[tuple[PartFields, ...], Meta(min_length=1, max_length=MOST_LINES)]
    reason: Words


class CorrectionFields(Operation, frozen=True, kw_only=True):
    """The sale was paid otherwise than was written; never by a Pass."""

    payments: Payments
    reason: Words


class ReceiptFields(Operation, frozen=True, kw_only=True):
    """A receipt on the screen, by mail (the address is used once and not kept), or by QR code."""

    way: Literal["screen", "mail", "qr"] = "screen"
    mail: Annotated[str, Meta(max_length=254)] | UnsetType = UNSET


class CashFields(Operation, frozen=True, kw_only=True):
    """Cash into the drawer or out of it; "float": to give change."""

    point: UUID
    way: Literal["in", "out", "float"]
    amount: Cents
    reason: Words = ""


class ClosingFields(Operation, frozen=True, kw_only=True):
    """End the day at a point of sale. `counted` is in the drawer, `left` stays in it."""

    point: UUID
    counted: Cash | None = None
    left: Cash | None = None


@dataclass(frozen=True)
class Begun:
    """An operation as it is about to be done: by which till, held by whom, with what it carries."""

    device: Device
    operator: Operator
    till: Till
    carried: dict[str, Any]
    """The fields that every operation of `sales.schemas` has, but the point of sale."""


async def begin(call: Call, said: Operation) -> Begun:
    """`begun` in a snapshot of its own."""
    return await call.app.db.alook(lambda session: begun(call, session, said))


def begun(call: Call, session: Session, said: Operation) -> Begun:
    """Check the clock, the signature of what was done without a line, and who held the till then.

    Raises OperatorNeeded, SignatureNeeded, BadSignature, NotInTraining, Invalid.
    """
    by = asking(call)
    _refuse_odd_clock(said.at)
    signature = _signature(call, by.device) if said.is_offline else ""
    operator = _holder(call, session, by, said)
    call.app.ports.take(DevicesSeen).counted(by.device.id, said.count, clock.now())
    till = Till(
        device=by.device.id,
        series=by.device.series,
        operator=operator.code,
        is_training=_is_training(session, by.device, said),
    )
    carried = {
        "id": said.id,
        "at": said.at,
        "content": _content(call),
        "count": said.count,
        "is_offline": said.is_offline,
        "signature": signature,
    }
    return Begun(by.device, operator, till, carried)


def point_of(device: Device, point: UUID) -> UUID:
    """Raises PointUnknown when this till does not sell there."""
    if device.points and str(point) not in device.points:
        raise PointUnknown
    return point


def may(operator: Operator, *rights: str) -> None:
    """Raises RightMissing."""
    TillPrincipal(operator=operator).held(*rights)


def _content(call: Call) -> str:
    """The hash of what was asked: the same id with the same bytes at the same door is the same operation."""
    return hashlib.sha256(call.request.url.path.encode() + b"\n" + call.raw_body).hexdigest()


def _is_training(session: Session, device: Device, said: Operation) -> bool:
    """The chain of the moment at which it was done, as the till says it; only what was played is played."""
    if said.is_training is None:
        return device.is_training
    if said.is_training and not (device.is_training or was_training(session, device.series, said.at)):
        raise NotInTraining
    return said.is_training


def _refuse_odd_clock(at: datetime) -> None:
    if at.tzinfo is None or not FIRST_YEAR <= at.year < LAST_YEAR:
        raise Invalid(fields={"at": _("A moment with its zone, such as 2027-05-01T18:00:00+02:00.")})


def _signature(call: Call, device: Device) -> str:
    signature = call.request.headers.get(SIGNATURE_HEADER, "").strip()
    if not signature or device.public_key is None:
        raise SignatureNeeded
    if not is_signed(device.public_key, signature, call.raw_body):
        raise BadSignature
    return signature


def _holder(call: Call, session: Session, by: TillPrincipal, said: Operation) -> Operator:
    """Who holds the till; of what was done without a line, who held it then."""
    if not said.is_offline:
        return by.held()
    token = call.request.headers.get(OPERATOR_HEADER, "").strip()
    held = operator_at(session, token, by.device, said.at) if token else None
    if held is None:
        raise OperatorNeeded
    return held
