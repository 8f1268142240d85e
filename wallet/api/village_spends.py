"""`/api/v1/village-spends`: a Pass of any node of the village pays here, in euro, with one tap.

A decided answer is for ever: `ok` was told once and stays, `failed` took nothing. `waiting` means that an
issuer has not answered yet: the till asks again, here or by the same key.
"""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from kit.web import Call, api, flow
from wallet import flows_clearing, flows_village, refusals
from wallet.api import bodies
from wallet.api.parties import tap_of
from wallet.api.reading import key_of
from wallet.ledger.requests import Line
from wallet.permissions import LOAD, REFUND
from wallet.village_looking import Seen, look
from wallet.village_schemas import Told, VillageSpending


class LineFields(bodies.Body, frozen=True, kw_only=True):
    label: bodies.Words
    amount: bodies.Price


class VillageSpendFields(bodies.Body, frozen=True, kw_only=True):
    """What is paid, by which tap, at which point of sale; `sale`: the till's own hash of its sale."""

    tap: bodies.TapFields
    lines: Annotated[tuple[LineFields, ...], Meta(min_length=1, max_length=200)]
    point: bodies.Words = ""
    sale: Annotated[str, Meta(max_length=64)] = ""


class VillageRefundFields(bodies.Body, frozen=True, kw_only=True):
    """How much to give back, in cents; without it, all that is left."""

    amount: bodies.Amount | None = None


class PartJson(Struct, frozen=True, kw_only=True):
    """What one ledger pays: `issuer` and `asset` are empty for this node's own."""

    issuer: str
    asset: str
    amount: int
    state: str


class VillageSpendJson(Struct, frozen=True, kw_only=True):
    """`state`: ok, failed or waiting. `why`: the name of a refusal. `left`: what the Pass still has there."""

    id: UUID
    state: str
    amount: int
    parts: list[PartJson]
    why: str
    missing: int
    left: int | None
    is_offline: bool


def spending(call: Call, session: Session) -> tuple[VillageSpending, Seen]:
    """What is asked, and what is known here of it."""
    said = call.body(VillageSpendFields)
    values = VillageSpending(
        tap=tap_of(said.tap),
        lines=tuple(Line(line.label, line.amount) for line in said.lines),
        point=said.point,
        sale=said.sale,
    )
    return values, look(call.principal, values, key_of(call), session)


@flow
async def spend(call: Call) -> VillageSpendJson:
    values, seen = call.found
    return spend_json(await flows_village.pay(call.app, call.principal, values, seen=seen))


@flow
async def show(call: Call) -> VillageSpendJson:
    return spend_json(await flows_village.look(call.app, call.path["id"]))


@flow
async def refund(call: Call) -> VillageSpendJson:
    amount = call.body(VillageRefundFields).amount
    told = await flows_clearing.refund(call.app, call.principal, call.path["id"], amount, key_of(call))
    return spend_json(told)


def spend_json(told: Told) -> VillageSpendJson:
    """As the API shows it."""
    return VillageSpendJson(
        id=told.id,
        state=told.state,
        amount=told.amount,
        parts=[
            PartJson(issuer=one.issuer, asset=one.asset, amount=one.amount, state=one.state)
            for one in told.parts
        ],
        why=told.why,
        missing=told.missing,
        left=told.left,
        is_offline=told.is_offline,
    )


CARD = (refusals.CardUnknown, refusals.CardLost, refusals.CardBlocked, refusals.CardReplaced)

DOORS = (
    api(
        "POST", "/api/v1/village-spends", "api.village_spends.create", spend,
        first=spending, needs=LOAD, scope="money:write", body=VillageSpendFields, answer=VillageSpendJson,
        status=201,
        refusals=(*CARD, refusals.Insufficient, refusals.BadAmount, refusals.IdConflict),
        summary="Let a Pass of any node pay", repeatable=True,
    ),
    api(
        "GET", "/api/v1/village-spends/{id:uuid}", "api.village_spends.show", show,
        needs=LOAD, scope="money:read", answer=VillageSpendJson, refusals=(refusals.NoSuchTransfer,),
        summary="How a payment stands",
    ),
    api(
        "POST", "/api/v1/village-spends/{id:uuid}/refunds", "api.village_spends.refund", refund,
        needs=REFUND, scope="money:write", body=VillageRefundFields, answer=VillageSpendJson, status=201,
        refusals=(
            refusals.NoSuchTransfer, refusals.NothingLeft, refusals.OverCharge, refusals.NotRefundable,
            refusals.IdConflict,
        ),
        summary="Give a payment back", repeatable=True,
    ),
)  # fmt: skip
