"""`/api/pos/v1/sales/{id}/void`, `refund`, `correction`, `receipt`: what comes after a sale."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Invalid, Refusal, TooManyRequests
from kit.i18n import _
from kit.web import Call, api, flow, json_answer
from people.words import normal_email
from pos_api import receipts, refusals
from pos_api.api.operations import (
    Begun,
    CorrectionFields,
    PartFields,
    ReceiptFields,
    RefundFields,
    VoidFields,
    begin,
    may,
)
from pos_api.api.sales import OFFLINE, WHO
from pos_api.api.selling import outside
from pos_api.api.shown import SaleJson, SoldJson, sale_json, waiting_json
from pos_api.drawn import Drawn, qr_path
from pos_api.models.operator import SELL, VOID
from pos_api.queries import sold as found
from pos_api.queries.sold import SaleFound
from pos_api.receipt_address import KEPT, token_of
from sales import flows
from sales import refusals as no
from sales.journal.asking import Part
from sales.journal.vat import BadQuantity, quantity
from sales.schemas import ChangingMeans, TakingBack
from wallet import refusals as cards

UNDONE = "undo"
"""The reason of a sale that its own operator took back before the next one: nobody has to type it."""


class ReceiptJson(Struct, frozen=True, kw_only=True):
    """A receipt, to be shown or printed as it is. Every one after the first is a duplicate.

    Of a receipt by QR code: its public `address`, good `until` then, and the code as an SVG path.
    """

    sale: SaleJson
    text: str
    copy: int
    is_duplicate: bool
    address: str = ""
    until: datetime | None = None
    qr: Drawn | None = None


@flow
async def void(call: Call) -> Response:
    said = call.body(VoidFields)
    begun = await begin(call, said)
    one, is_undo = await call.app.db.aread(lambda session: _undoing(session, begun, call.path["id"]))
    if not is_undo:
        may(begun.operator, VOID)
        _refuse_no_reason(said.reason)
    asked = TakingBack(
        **begun.carried, point=_point(one), sale=call.path["id"], reason=said.reason.strip() or UNDONE
    )
    return await _taken_back(call, begun, asked)


@flow
async def refund(call: Call) -> Response:
    said = call.body(RefundFields)
    begun = await begin(call, said)
    may(begun.operator, VOID)
    _refuse_no_reason(said.reason)
    one = await call.app.db.aread(lambda session: _sale(session, call.path["id"]))
    asked = TakingBack(
        **begun.carried, point=_point(one), sale=call.path["id"], reason=said.reason.strip(),
        parts=_parts(said.lines),
    )  # fmt: skip
    return await _taken_back(call, begun, asked)


@flow
async def correct(call: Call) -> SoldJson:
    said = call.body(CorrectionFields)
    begun = await begin(call, said)
    one, is_own = await call.app.db.aread(lambda session: _undoing(session, begun, call.path["id"]))
    if not is_own:
        may(begun.operator, VOID)
    _refuse_no_reason(said.reason)
    if any(payment.means == "pass" for payment in said.payments):
        raise no.OnlyOutsideMeans
    asked = ChangingMeans(
        **begun.carried, point=_point(one), sale=call.path["id"], paid=outside(said.payments),
        reason=said.reason.strip(),
    )  # fmt: skip
    await flows.change_means(call.app, begun.till, asked)
    return SoldJson(sale=await call.app.db.aread(lambda session: _now(session, call.path["id"])))


@flow
async def receipt(call: Call) -> ReceiptJson:
    said = call.body(ReceiptFields)
    begun = await begin(call, said)
    may(begun.operator, SELL)
    mail = _mail(said) if said.way == "mail" else ""
    one = await call.app.db.aread(lambda session: _sale(session, call.path["id"]))
    given = await receipts.give(call, one.entry, (said.id, begun.device, mail), begun.operator.code)
    told = ReceiptJson(sale=sale_json(one), text=given.text, copy=given.copy, is_duplicate=given.copy > 1)
    return _fetched(call, told, given.at) if said.way == "qr" else told


def _mail(said: ReceiptFields) -> str:
    """Where it goes. Raises Invalid for the field as the till calls it."""
    if not isinstance(said.mail, str) or not said.mail:
        raise Invalid(fields={"mail": _("I fill in this field.")})
    try:
        return normal_email(said.mail)
    except Invalid as refusal:
        raise Invalid(fields={"mail": refusal.fields["email"]}) from None


def _fetched(call: Call, told: ReceiptJson, at: datetime) -> ReceiptJson:
    """With the address where its customer finds it, as a QR code: the same for the same receipt."""
    token = token_of(call.app.seal, told.sale.id, told.copy, at)
    address = f"{call.app.settings.node.url}{call.url('pos_api.receipt', token=token)}"
    return replace(told, address=address, until=at + KEPT, qr=qr_path(address))


async def _taken_back(call: Call, begun: Begun, asked: TakingBack) -> Response:
    """201 with the credit note; 202 while a neighbour has not given back what it paid."""
    done = await flows.take_back(call.app, begun.till, asked)
    if done.link is not None:
        return json_answer(SoldJson(sale=sale_json(found.just_written(done.link.entry))), 201)
    ask = await call.app.db.aread(lambda session: found.waiting(session, asked.id))
    if ask is None:  # it was written between these two lines
        one = await call.app.db.aread(lambda session: _sale(session, asked.id))
        return json_answer(SoldJson(sale=sale_json(one)), 201)
    return json_answer(SoldJson(sale=waiting_json(ask, "waiting"), waits_for=done.waits_for), 202)


def _parts(said: Sequence[PartFields]) -> tuple[Part, ...]:
    """Raises Invalid with each line whose quantity is not above zero."""
    if wrong := [at for at, part in enumerate(said) if not _is_some(part.quantity)]:
        raise Invalid(fields={f"lines.{at}.quantity": _("I check this quantity.") for at in wrong})
    return tuple(Part(part.line, part.quantity) for part in said)


def _is_some(text: str) -> bool:
    try:
        return quantity(text) > 0
    except BadQuantity:
        return False


def _undoing(session: Session, begun: Begun, sale_id: UUID) -> tuple[SaleFound, bool]:
    """The sale, and whether it is the last one of this till, by who asks: or this was asked before."""
    one = _sale(session, sale_id)
    if found.is_begun(session, begun.carried["id"]):
        return one, True
    chain = "training" if begun.till.is_training else "real"
    is_last = found.last_sale_id(session, begun.device.id, chain) == sale_id
    by = one.entry.stamp.operator if one.entry.stamp else ""
    return one, is_last and by == begun.operator.code and one.entry.kind == "sale"


def _sale(session: Session, sale_id: UUID) -> SaleFound:
    """Raises SaleUnknown."""
    one = found.sale(session, sale_id)
    if one is None:
        raise refusals.SaleUnknown
    return one


def _now(session: Session, sale_id: UUID) -> SaleJson:
    """The sale with the means that count now."""
    one = _sale(session, sale_id)
    return sale_json(one)


def _point(one: SaleFound) -> UUID:
    if one.entry.stamp is None:
        raise refusals.SaleUnknown
    return one.entry.stamp.point


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(fields={"reason": _("I say why.")})


BACK = (
    no.TakenBackAlready, no.BeingTakenBack, no.PaidElsewhere, no.NeighbourRefused, no.SaleConflict,
    cards.Insufficient, refusals.SaleUnknown,
)  # fmt: skip
PARTS = (no.MoreThanSold, no.BadPart)
MEANS = (
    no.ClosedAlready,
    no.TakenBackAlready,
    no.OnlyOutsideMeans,
    no.NobodyPaid,
    no.WrongTotal,
    refusals.SaleUnknown,
)
GIVEN: tuple[type[Refusal], ...] = (refusals.SaleUnknown,)

DOORS = (
    api(
        "POST", "/api/pos/v1/sales/{id:uuid}/void", "pos.sales.void", void,
        needs="machine", body=VoidFields, answer=SoldJson, status=201, refusals=(*WHO, *OFFLINE, *BACK),
        summary="Take a sale back, or what is left of it", repeatable=True,
    ),
    api(
        "POST", "/api/pos/v1/sales/{id:uuid}/refund", "pos.sales.refund", refund,
        needs="machine", body=RefundFields, answer=SoldJson, status=201,
        refusals=(*WHO, *OFFLINE, *BACK, *PARTS), summary="Take some lines of a sale back, or parts of them",
        repeatable=True,
    ),
    api(
        "POST", "/api/pos/v1/sales/{id:uuid}/correction", "pos.sales.correct", correct,
        needs="machine", body=CorrectionFields, answer=SoldJson, status=201,
        refusals=(*WHO, *OFFLINE, *MEANS), summary="It was paid otherwise than was written",
        repeatable=True,
    ),
    api(
        "POST", "/api/pos/v1/sales/{id:uuid}/receipt", "pos.sales.receipt", receipt,
        needs="machine", body=ReceiptFields, answer=ReceiptJson, status=201,
        refusals=(*WHO, *GIVEN, TooManyRequests),
        summary="A receipt: on the screen, by mail, by QR code", repeatable=True,
    ),
)  # fmt: skip
