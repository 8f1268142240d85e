"""`/api/pos/v1/cash-movements`, `x-report`, `closings`: the drawer, and the end of the day."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call, api, flow, json_answer, read
from pos_api import refusals
from pos_api.api.asking import asking
from pos_api.api.operations import CashFields, ClosingFields, begin, may, point_of
from pos_api.api.sales import OFFLINE, WHO
from pos_api.api.shown_reports import (
    CashJson,
    ClosingJson,
    ClosingsJson,
    ReportJson,
    cash_json,
    closing_json,
    drawer_json,
    totals_json,
)
from pos_api.models.operator import CLOSE, FLOAT
from pos_api.principal import Device
from pos_api.queries.sold import last_closings
from sales import flows
from sales import refusals as no
from sales.queries.shelves import is_point
from sales.schemas import Closing, MovingCash
from wallet.refusals import BadAmount


class AtPoint(Struct):
    """Which point of sale."""

    point: UUID


class ClosingsAt(AtPoint):
    """And how many of its last closings."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20


@flow
async def move_cash(call: Call) -> CashJson:
    said = call.body(CashFields)
    begun = await begin(call, said)
    may(begun.operator, FLOAT)
    if said.way != "float" and not said.reason.strip():
        raise Invalid(fields={"reason": _("I say why.")})
    asked = MovingCash(
        **begun.carried, point=point_of(begun.device, said.point), way=said.way, amount=said.amount,
        reason=said.reason.strip(),
    )  # fmt: skip
    return cash_json((await flows.move_cash(call.app, begun.till, asked)).entry)


@flow
async def close(call: Call) -> ClosingJson:
    said = call.body(ClosingFields)
    begun = await begin(call, said)
    may(begun.operator, CLOSE)
    if said.left is not None and said.counted is not None and said.left > said.counted:
        raise Invalid(fields={"left": _("No more stays in the drawer than was counted.")})
    asked = Closing(
        **begun.carried, point=point_of(begun.device, said.point), counted=said.counted, left=said.left
    )
    return closing_json((await flows.close(call.app, begun.till, asked)).entry)


@read
def x_report(call: Call, session: Session) -> Response:
    by, asked = asking(call), call.query(AtPoint)
    by.held()
    point, is_training = _known(session, by.device, asked.point), by.device.is_training
    day, totals, drawer = flows.x_report(session, point, is_training=is_training)
    report = ReportJson(
        point=point, day=day, totals=totals_json(totals), drawer=drawer_json(drawer), is_training=is_training
    )
    return json_answer(report)


@read
def closings(call: Call, session: Session) -> Response:
    by, asked = asking(call), call.query(ClosingsAt)
    by.held(CLOSE)
    chain = "training" if by.device.is_training else "real"
    found = last_closings(session, _known(session, by.device, asked.point), chain, asked.limit)
    return json_answer(ClosingsJson(items=[closing_json(entry) for entry in found]))


def _known(session: Session, device: Device, point: UUID) -> UUID:
    """Raises UnknownPoint, PointUnknown when it is not one of this till."""
    if not is_point(session, point):
        raise no.UnknownPoint
    return point_of(device, point)


POINTS = (refusals.PointUnknown, no.UnknownPoint)
CASH = (*POINTS, no.SaleConflict, BadAmount)

DOORS = (
    api(
        "POST", "/api/pos/v1/cash-movements", "pos.cash_movements.create", move_cash,
        needs="machine", body=CashFields, answer=CashJson, status=201, refusals=(*WHO, *OFFLINE, *CASH),
        summary="Put cash into the drawer, or take it out", repeatable=True,
    ),
    api(
        "GET", "/api/pos/v1/x-report", "pos.x_report", x_report,
        needs="machine", query=AtPoint, answer=ReportJson, refusals=(*WHO, *POINTS),
        summary="What a closing would say now",
    ),
    api(
        "POST", "/api/pos/v1/closings", "pos.closings.create", close,
        needs="machine", body=ClosingFields, answer=ClosingJson, status=201,
        refusals=(*WHO, *OFFLINE, *CASH, no.NothingToClose), summary="End the day: the Z report",
        repeatable=True,
    ),
    api(
        "GET", "/api/pos/v1/closings", "pos.closings", closings,
        needs="machine", query=ClosingsAt, answer=ClosingsJson, refusals=(*WHO, *POINTS),
        summary="The Z reports of a point of sale",
    ),
)  # fmt: skip
