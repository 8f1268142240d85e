"""`/api/pos/v1/sales`, `top-ups`, `card-refunds`: the node prices, the ledger moves, the journal writes."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.web import Call, Door, Handler, api, flow, json_answer, read
from pos_api import refusals
from pos_api.api.asking import asking
from pos_api.api.operations import (
    CardRefundFields,
    LineFields,
    PaymentFields,
    SaleFields,
    TopUpFields,
    begun,
    may,
)
from pos_api.api.selling import Basket, Ready, lines_of, ready, sold, taps_of
from pos_api.api.shown import SalesJson, SoldJson, sale_json, waiting_json
from pos_api.models.operator import GIFT, REFUND, SELL, TOP_UP
from pos_api.queries import sold as found
from sales import refusals as no
from sales.giving_back import finish_return
from sales.schemas import LoadLine, RefundLine
from sales.village import finish
from wallet import refusals as cards

MOST_GIVEN_BACK = 5_000
"""Cents that a cashier gives back for deposits at once; for more, the right to refund."""


class Listed(Struct):
    """How many of the last sales."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20


def about_sale(call: Call, session: Session) -> Ready:
    """What is sold, by whom, and everything that the node must know of it."""
    said = call.body(SaleFields)
    by = begun(call, session, said)
    may(by.operator, *_rights(said.lines), *((REFUND,) if said.total < -MOST_GIVEN_BACK else ()))
    refs = [*(line.tap for line in said.lines), *(one.tap for one in said.payments)]
    taps = taps_of(call, session, by, said, *refs)
    lines = lines_of(said.lines, taps)
    return ready(call, session, by, Basket(said.point, lines, said.payments, said.total), taps)


def about_top_up(call: Call, session: Session) -> Ready:
    """Money onto a Pass, as a sale of one line."""
    said = call.body(TopUpFields)
    by = begun(call, session, said)
    may(by.operator, SELL, TOP_UP)
    taps = taps_of(call, session, by, said, said.tap)
    line = LoadLine(kind="top_up", asset=said.asset, amount=said.amount, tap=taps(said.tap))
    return ready(call, session, by, Basket(said.point, (line,), said.payments, said.amount), taps)


def about_refund(call: Call, session: Session) -> Ready:
    """Money back from a Pass, as a sale below zero."""
    said = call.body(CardRefundFields)
    by = begun(call, session, said)
    may(by.operator, REFUND)
    taps = taps_of(call, session, by, said, said.tap)
    line = RefundLine(asset=said.asset, amount=said.amount, tap=taps(said.tap))
    paid = (PaymentFields(means=said.means, amount=-said.amount),)
    return ready(call, session, by, Basket(said.point, (line,), paid, -said.amount), taps)


@flow
async def sell(call: Call) -> Response:
    return await sold(call, call.found)


@flow
async def show(call: Call) -> SoldJson:
    by, sale_id = asking(call), call.path["id"]
    by.held()
    try:
        done = await finish(call.app, sale_id) or await finish_return(call.app, sale_id)
    except Refusal as refusal:
        why = refusals.CardShort.name if isinstance(refusal, cards.Insufficient) else refusal.name
        return await _told(call, sale_id, state="failed", why=why, words=refusal.sentence)
    if done is not None and done.link is None:
        return await _told(call, sale_id, state="waiting", waits_for=done.waits_for)
    one = await call.app.db.aread(lambda session: found.sale(session, sale_id))
    if one is None:
        raise refusals.SaleUnknown
    return SoldJson(sale=sale_json(one))


@read
def listing(call: Call, session: Session) -> Response:
    by, asked = asking(call), call.query(Listed)
    by.held()
    rows = found.last_sales(session, by.device.id, _chain(by.device.is_training), asked.limit)
    return json_answer(SalesJson(items=[sale_json(one) for one in rows]))


async def _told(call: Call, sale_id: UUID, *, state: str, **more: str) -> SoldJson:
    """A sale that is not in the journal, from the row that keeps what was asked. Raises SaleUnknown."""
    row = await call.app.db.aread(lambda session: found.waiting(session, sale_id))
    if row is None:
        raise refusals.SaleUnknown
    return SoldJson(sale=waiting_json(row, state), **more)


def _chain(is_training: bool) -> str:
    return "training" if is_training else "real"


def _rights(lines: Sequence[LineFields]) -> set[str]:
    sold_as = {"top_up": TOP_UP, "gift": GIFT, "give": GIFT}
    return {SELL} | {sold_as[line.sellable] for line in lines if line.sellable}


WHO = (refusals.OperatorNeeded, refusals.RightMissing)
OFFLINE = (
    refusals.SignatureNeeded, refusals.BadSignature, refusals.NoOfflinePass, refusals.NotInTraining,
)  # fmt: skip
PASSES = (
    refusals.TapOver, refusals.TapElsewhere, refusals.CardShort, refusals.CardUnusable,
    cards.CardUnknown, cards.CardLost, cards.CardBlocked, cards.CardReplaced, cards.CardReplayed,
    cards.CardUnproved,
)  # fmt: skip
LOADING = (cards.CurrencyUnknown, cards.CurrencyArchived, cards.WrongNature, cards.OverCap, cards.BadAmount)
SALE = (
    no.UnknownProduct,
    no.UnknownPoint,
    no.NotSoldHere,
    no.SoldOut,
    no.WrongTotal,
    no.SaleConflict,
    no.NeighbourRefused,
    no.MixedUnits,
    no.OnlyByPass,
    no.UnitsShort,
    refusals.PointUnknown,
)


def _sells(path: str, name: str, first: Handler, body: type, summary: str) -> Door:
    return api(
        "POST", f"/api/pos/v1/{path}", name, sell, first=first, needs="machine", body=body, answer=SoldJson,
        status=201, refusals=(*WHO, *OFFLINE, *PASSES, *SALE, *LOADING), summary=summary, repeatable=True,
    )  # fmt: skip


DOORS = (
    _sells("sales", "pos.sales.create", about_sale, SaleFields, "Sell"),
    _sells("top-ups", "pos.top_ups.create", about_top_up, TopUpFields, "Put money onto a Pass"),
    _sells(
        "card-refunds",
        "pos.card_refunds.create",
        about_refund,
        CardRefundFields,
        "Give money back from a Pass",
    ),
    api(
        "GET", "/api/pos/v1/sales", "pos.sales", listing,
        needs="machine", query=Listed, answer=SalesJson, refusals=WHO, summary="The last sales of this till",
    ),
    api(
        "GET", "/api/pos/v1/sales/{id:uuid}", "pos.sales.show", show,
        needs="machine", answer=SoldJson, refusals=(*WHO, refusals.SaleUnknown),
        summary="How a sale stands",
    ),
)  # fmt: skip
