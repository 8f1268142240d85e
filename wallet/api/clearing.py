"""`/api/v1/clearing`: what this node and its neighbours owe each other, and how it is settled."""

from typing import Annotated
from uuid import UUID

from anyio.to_thread import run_sync as in_thread
from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session

from kit import clock
from kit.web import Call, api, flow, read
from wallet import flows_clearing as flows
from wallet import permissions
from wallet.api.reading import key_of
from wallet.between.events import Suggest
from wallet.queries.village_clearings import Cleared, clearing_by_id
from wallet.queries.village_money import Side, sides
from wallet.service.posting import request_id

PATH = "/api/v1/clearing"
Origin = Annotated[str, Meta(max_length=300, pattern=r"^https?://[^/\s]+$")]
Amount = Annotated[int, Meta(ge=1, le=2**53 - 1)]


class OwedJson(Struct, frozen=True):
    """One currency between this node and `peer`. `debtor` issues it; `owed` and `limit` are minor units.

    `agreed`: the last line that both have signed; `lines`: those that the creditor has. `waiting` and
    `in_doubt` count payments that the debtor has not answered for.
    """

    peer: str
    asset: UUID
    code: str
    debtor: str
    creditor: str
    owed: int
    limit: int
    at_par: bool
    paused: bool
    lines: int
    agreed: int
    waiting: int
    in_doubt: int


class OwedList(Struct, frozen=True):
    """Every currency of every neighbour."""

    items: list[OwedJson]
    next: str = ""


class DebtJson(Struct, frozen=True):
    """So many minor units that `debtor` owes, or owed."""

    debtor: str
    code: str
    amount: int


class ClearingJson(Struct, frozen=True):
    """`proposed` waits for the peer, `waiting` for this node; `signed` by both, or `refused`. `made`: ms."""

    id: UUID
    peer: str
    kind: str
    state: str
    is_ours: bool
    debts: list[DebtJson]
    reference: str
    why: str
    made: int


class SetOffFields(Struct, frozen=True, forbid_unknown_fields=True):
    """With whom: the smaller of both debts at par falls on both sides."""

    peer: Origin


class SettlementFields(Struct, frozen=True, forbid_unknown_fields=True):
    """What this node paid by bank transfer. `code` is the wire name of its own currency: `host/code`."""

    peer: Origin
    code: Annotated[str, Meta(max_length=300)]
    amount: Amount
    reference: Annotated[str, Meta(min_length=1, max_length=140)]


class ConfirmationFields(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the money that the peer says it paid has arrived."""

    arrived: bool


@read
def list_owed(call: Call, session: Session) -> OwedList:
    found = sides(session, call.app.settings.node.url, clock.now())
    return OwedList([_owed(side, call.app.settings.node.url) for side in found])


@read
def get_clearing(call: Call, session: Session) -> ClearingJson:
    return _shown(call, session, call.path["id"])


@flow
async def set_off(call: Call) -> ClearingJson:
    """Raises NothingToSetOff, ClearingRefused."""
    fields = call.body(SetOffFields)
    propose = flows.propose_setoff
    event = await in_thread(lambda: propose(call.app, call.principal, fields.peer))
    return await _suggested(call, event)


@flow
async def settle(call: Call) -> ClearingJson:
    """Raises ClearingRefused."""
    said = call.body(SettlementFields)
    event = await in_thread(
        lambda: flows.propose_settlement(call.app, said.peer, said.code, said.amount, said.reference)
    )
    return await _suggested(call, event)


@flow
async def confirm(call: Call) -> ClearingJson:
    """Raises NoSuchClearing, ClearingRefused."""
    clearing_id: UUID = call.path["id"]
    arrived = call.body(ConfirmationFields).arrived
    await flows.confirm_settlement(call.app, call.principal, clearing_id, arrived)
    return await call.app.db.aread(lambda session: _shown(call, session, clearing_id))


@flow
async def withdraw(call: Call) -> ClearingJson:
    """Raises NoSuchClearing, ClearingRefused."""
    clearing_id: UUID = call.path["id"]
    await flows.withdraw(call.app, call.principal, clearing_id)
    return await call.app.db.aread(lambda session: _shown(call, session, clearing_id))


async def _suggested(call: Call, event: Suggest) -> ClearingJson:
    """Under the caller's own key: the same key is the same proposal."""
    named = structs.replace(event.clearing, id=request_id(call.principal, key_of(call)))
    await flows.suggest(call.app, call.principal, Suggest(clearing=named))
    return await call.app.db.aread(lambda session: _shown(call, session, named.id))


def _shown(call: Call, session: Session, clearing_id: UUID) -> ClearingJson:
    found = clearing_by_id(session, call.app.settings.node.url, clearing_id)
    if found is None:
        raise flows.NoSuchClearing
    return _clearing(found, call.app.settings.node.url)


def _clearing(found: Cleared, me: str) -> ClearingJson:
    row = found.row
    debts = [DebtJson(me if one.we_owe else row.peer, one.asset, one.amount) for one in found.debts]
    return ClearingJson(
        row.id, row.peer, row.kind, row.state, row.is_ours, debts, row.reference, row.why, row.made
    )


def _owed(side: Side, me: str) -> OwedJson:
    mirror = side.mirror
    return OwedJson(
        peer=side.peer,
        asset=side.currency.id,
        code=side.asset,
        debtor=me if side.is_ours else side.peer,
        creditor=side.peer if side.is_ours else me,
        owed=side.owed,
        limit=side.limit,
        at_par=side.is_at_par,
        paused=side.is_paused,
        lines=mirror.seq if mirror else 0,
        agreed=mirror.agreed if mirror else 0,
        waiting=side.waiting.count,
        in_doubt=side.waiting.in_doubt,
    )


READ = {"scope": "money:read", "needs": permissions.VILLAGE}
WRITE = {"scope": "money:write", "needs": permissions.VILLAGE, "answer": ClearingJson, "status": 201}
DOORS = (
    api(
        "GET", PATH, "api.clearing", list_owed,
        answer=OwedList, summary="What this node and its neighbours owe each other", **READ,
    ),
    api(
        "GET", f"{PATH}/{{id:uuid}}", "api.clearing.one", get_clearing,
        answer=ClearingJson, refusals=(flows.NoSuchClearing,), summary="One set-off or settlement", **READ,
    ),
    api(
        "POST", f"{PATH}/set-offs", "api.clearing.set_off", set_off,
        body=SetOffFields, refusals=(flows.NothingToSetOff, flows.ClearingRefused),
        summary="Propose that the smaller debt falls on both sides", **WRITE,
    ),
    api(
        "POST", f"{PATH}/settlements", "api.clearing.settle", settle,
        body=SettlementFields, refusals=(flows.ClearingRefused,),
        summary="Say that a debt was paid by bank transfer", **WRITE,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/confirmation", "api.clearing.confirm", confirm,
        body=ConfirmationFields, refusals=(flows.NoSuchClearing, flows.ClearingRefused),
        summary="Say whether the money of a settlement has arrived", **WRITE,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/withdrawal", "api.clearing.withdraw", withdraw,
        refusals=(flows.NoSuchClearing, flows.ClearingRefused),
        summary="Ask for a proposal of ours back, unless the peer has signed it", **WRITE,
    ),
)  # fmt: skip
