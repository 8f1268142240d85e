"""`/api/v1/disputes`: lines between this node and its neighbours that one of them contests."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call, api, flow, read
from people.words import one_line
from wallet import flows_disputes as flows
from wallet import permissions
from wallet.api.clearing import Amount, Origin
from wallet.api.reading import key_of
from wallet.models.village_dispute import VillageDispute
from wallet.queries.village_disputes import Disputed, dispute_by_id, disputes
from wallet.service.posting import request_id

PATH = "/api/v1/disputes"
Reason = Annotated[str, Meta(max_length=140)]


class OfferJson(Struct, frozen=True):
    """Who would get it: the `holder` of the line or the `payer`. `waiting`: a person here must answer."""

    id: UUID
    to: str
    state: str
    is_ours: bool
    reason: str
    why: str


class DisputeJson(Struct, frozen=True):
    """`amount` of line `seq` of `code`. `state`: proposed, refused, aside, answer (ours is asked), ended.

    `payment`: the payment that the line is of, with `whole`, when the line is known here. `to_do`: what a
    person here does next: `answer` an offer, `offer` how it ends (unless the neighbour does), `wait` a few
    seconds for the line of this dispute before it can be ended, or nothing. `other`: of a refused one, the
    dispute of the same line that counts: while there is one, the line is not contested anew.
    """

    id: UUID
    peer: str
    code: str
    epoch: int
    seq: int
    amount: int
    state: str
    is_ours: bool
    reason: str
    evidence: str
    why: str
    made: int
    offers: list[OfferJson]
    payment: str
    whole: int
    to_do: str
    other: UUID | None = None


class DisputeList(Struct, frozen=True):
    """The newest ones."""

    items: list[DisputeJson]
    next: str = ""


class DisputeFields(Struct, frozen=True, forbid_unknown_fields=True):
    """Which line: `code` is the wire name `host/code`. `evidence`: SHA-256 of a file that shows it."""

    peer: Origin
    code: Annotated[str, Meta(max_length=300)]
    seq: Amount
    amount: Amount
    reason: Reason
    epoch: Amount = 1
    evidence: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class EndFields(Struct, frozen=True, forbid_unknown_fields=True):
    """Who gets what was contested."""

    to: Literal["holder", "payer"]
    reason: Reason = ""


class AgreementFields(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether this node signs the neighbour's offer."""

    agrees: bool


@read
def list_disputes(call: Call, session: Session) -> DisputeList:
    return DisputeList([_dispute(one) for one in disputes(session)])


@read
def get_dispute(call: Call, session: Session) -> DisputeJson:
    return _shown(session, call.path["id"])


@flow
async def contest(call: Call) -> DisputeJson:
    """Raises NoSuchLine, DisputeRefused."""
    said = call.body(DisputeFields)
    if not one_line(said.reason):
        raise Invalid(fields={"reason": _("I say what is not right.")})
    where = (said.peer, said.code, said.epoch, said.seq)
    kept = await call.app.db.aread(lambda session: flows.line_at(session, *where))
    named = _id(call)
    await flows.contest_line(
        call.app,
        call.principal,
        kept,
        said.amount,
        id=named,
        reason=said.reason,
        evidence=said.evidence,
    )
    return await _after(call, named)


@flow
async def end(call: Call) -> DisputeJson:
    """Raises NoSuchDispute, DisputeRefused."""
    said, named = call.body(EndFields), call.path["id"]
    await flows.offer_end(call.app, call.principal, named, said.to, id=_id(call), reason=said.reason)
    return await _after(call, named)


@flow
async def confirm(call: Call) -> DisputeJson:
    """`id` is that of the offer. Raises NoSuchDispute, DisputeRefused."""
    await flows.answer_end(call.app, call.principal, call.path["id"], call.body(AgreementFields).agrees)
    return await _after(call, call.path["id"])


@flow
async def withdraw(call: Call) -> DisputeJson:
    """Of a dispute or an offer. Raises NoSuchDispute, DisputeRefused."""
    await flows.withdraw(call.app, call.principal, call.path["id"])
    return await _after(call, call.path["id"])


def _id(call: Call) -> UUID:
    return request_id(call.principal, key_of(call))


async def _after(call: Call, named: UUID) -> DisputeJson:
    return await call.app.db.aread(lambda session: _shown(session, named))


def _shown(session: Session, named: UUID) -> DisputeJson:
    found = dispute_by_id(session, named)
    if found is None:
        raise flows.NoSuchDispute
    return _dispute(found)


def _dispute(found: Disputed) -> DisputeJson:
    row = found.row
    return DisputeJson(
        row.id, row.peer, row.asset, row.epoch, row.seq, found.amount, found.state, row.is_ours,
        row.reference, row.evidence, row.why, row.made, [_offer(one) for one in found.offers],
        found.line.ref if found.line else "", found.line.delta if found.line else 0, found.to_do,
        found.other,
    )  # fmt: skip


def _offer(row: VillageDispute) -> OfferJson:
    return OfferJson(row.id, row.goes_to, row.state, row.is_ours, row.reference, row.why)


READ = {"scope": "money:read", "needs": permissions.VILLAGE}
WRITE = {"scope": "money:write", "needs": permissions.VILLAGE, "answer": DisputeJson, "status": 201}
REFUSALS = (flows.NoSuchDispute, flows.DisputeRefused)
DOORS = (
    api(
        "GET", PATH, "api.disputes", list_disputes,
        answer=DisputeList, summary="Lines with neighbours that are contested", **READ,
    ),
    api(
        "GET", f"{PATH}/{{id:uuid}}", "api.disputes.one", get_dispute,
        answer=DisputeJson, refusals=(flows.NoSuchDispute,), summary="One dispute and its offers", **READ,
    ),
    api(
        "POST", PATH, "api.disputes.contest", contest,
        body=DisputeFields, refusals=(flows.NoSuchLine, flows.DisputeRefused),
        summary="Contest a line: its amount stands aside once both nodes have signed", **WRITE,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/end", "api.disputes.end", end,
        body=EndFields, refusals=REFUSALS, summary="Offer how a dispute ends", **WRITE,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/agreement", "api.disputes.agree", confirm,
        body=AgreementFields, refusals=REFUSALS, summary="Sign how a neighbour would end a dispute", **WRITE,
    ),
    api(
        "POST", f"{PATH}/{{id:uuid}}/withdrawal", "api.disputes.withdraw", withdraw,
        refusals=REFUSALS, summary="Ask for a dispute or an offer of ours back", **WRITE,
    ),
)  # fmt: skip
