"""Settling with a neighbour: debts that fall against each other, debts paid by bank transfer, answers."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from anyio.to_thread import run_sync as in_thread
from msgspec import Meta, Struct, structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet import flows_clearing as flows
from wallet import permissions
from wallet.between.events import Suggest
from wallet.models.village import VillageClearing
from wallet.money import amount_text
from wallet.pages.act_checks import read_amount
from wallet.pages.village_showing import me, peer_of, village_page
from wallet.queries.village_clearings import (
    PER_PAGE,
    clearing_by_id,
    clearings_with,
    open_clearings,
    signature_of,
)
from wallet.queries.village_money import Between, Side, between
from wallet.service.posting import request_id
from wallet.village_words import CLEARING_KINDS, CLEARING_STATES, why_words

WORDS: dict[str, Any] = {
    "clearing_kinds": CLEARING_KINDS,
    "clearing_states": CLEARING_STATES,
    "why_words": why_words,
}


class Sure(Struct, frozen=True):
    """The second press. `key` makes two of them one; the amounts are those that the person read."""

    key: Annotated[str, Meta(min_length=8, max_length=64)]
    amount: Annotated[int, Meta(ge=1, le=2**53)]


class Payment(Struct, frozen=True):
    """A bank transfer that we made: which of our debts, how much, what stands on the transfer."""

    asset: Annotated[str, Meta(max_length=300)] = ""
    amount: Annotated[str, Meta(max_length=20)] = ""
    reference: Annotated[str, Meta(max_length=140)] = ""
    key: Annotated[str, Meta(max_length=64)] = ""
    sure: bool = False


class Answer(Struct, frozen=True):
    """Did the money arrive?"""

    arrived: Literal["yes", "not_yet", "no"]


class Before(Struct, frozen=True):
    """Older than this moment, in milliseconds."""

    before: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@dataclass(frozen=True)
class Paid:
    """A settlement as it was written in the form, read."""

    side: Side
    amount: int
    reference: str
    key: str


@read
def setoff(call: Call, session: Session) -> Response:
    """Both debts, what falls, what remains. Raises NotFound."""
    peer = peer_of(call, session)
    return _setoff(call, session, peer)


@flow
async def propose(call: Call) -> Response:
    """Sign the set-off and send it. Raises NotFound."""
    peer = await call.app.db.aread(lambda session: peer_of(call, session))
    try:
        form = call.form(Sure)
        if not await _was_said(call, form.key):
            event = await in_thread(partial(flows.propose_setoff, call.app, call.principal, peer))
            if event.clearing.edges[0].amount != form.amount:
                raise Invalid(_("The debts have changed meanwhile. I read the new amounts."))
            await flows.suggest(call.app, call.principal, _named(call, event, form.key))
    except NotFound:
        raise
    except Refusal as refusal:
        return await call.app.db.aread(partial(_setoff, call, peer=peer, refusal=refusal))
    return _done(call, _("The set-off is proposed. It counts when the neighbour has signed."))


@read
def settlement(call: Call, session: Session) -> Response:
    """I paid by bank transfer: which debt, how much, which reference. Raises NotFound."""
    peer = peer_of(call, session)
    return _settlement(call, session, peer)


@flow
async def settle(call: Call) -> Response:
    """First the amounts once more, then sign and send. Raises NotFound."""
    peer = await call.app.db.aread(lambda session: peer_of(call, session))
    try:
        form = call.form(Payment)
        if not (form.sure and await _was_said(call, form.key)):
            paid = await call.app.db.aread(partial(_read, call, peer=peer, form=form))
            if not form.sure:
                return await call.app.db.aread(partial(_sure, call, peer=peer, paid=paid, typed=form.amount))
            await _say_paid(call, peer, paid)
    except NotFound:
        raise
    except Refusal as refusal:
        return await call.app.db.aread(partial(_settlement, call, peer=peer, refusal=refusal))
    return _done(call, _("The neighbour is asked whether the money arrived."))


@read
def history(call: Call, session: Session) -> Response:
    """Every clearing with one neighbour, newest first. Raises NotFound."""
    peer, asked = peer_of(call, session), call.query(Before)
    found = clearings_with(session, me(call), peer, asked.before, PER_PAGE + 1)
    following = found[PER_PAGE - 1].row.made if len(found) > PER_PAGE else None
    return village_page(
        call, session, "wallet/village_clearings.html", peers=[peer], peer=peer,
        found=found[:PER_PAGE], next=following, wanted=asked, **WORDS,
    )  # fmt: skip


@read
def clearing(call: Call, session: Session) -> Response:
    """One clearing: the debts, who signed, the question for us. Raises NotFound."""
    found = clearing_by_id(session, me(call), call.path["id"])
    if found is None:
        raise NotFound
    signed = signature_of(session, found.row)
    return village_page(
        call, session, "wallet/village_clearing.html", peers=[found.row.peer],
        clearing=found, signed=signed, **WORDS,
    )  # fmt: skip


@flow
async def answer(call: Call) -> Response:
    """Whether the money that the neighbour says it paid has arrived. Raises NotFound."""
    clearing_id: UUID = call.path["id"]
    said = call.form(Answer).arrived
    if said == "not_yet":
        return call.see_other("wallet.village", notice=_("I look at my bank again later."))
    try:
        await flows.confirm_settlement(call.app, call.principal, clearing_id, said == "yes")
    except NotFound:
        raise
    except Refusal as refusal:
        return call.see_other("wallet.village_clearing", id=clearing_id, notice=refusal.sentence)
    notice = _("It is signed by both: the debt falls.") if said == "yes" else _("The neighbour is told: no.")
    return call.see_other("wallet.village_clearing", id=clearing_id, notice=notice)


@flow
async def withdraw(call: Call) -> Response:
    """Ask for our own proposal back. Raises NotFound."""
    clearing_id: UUID = call.path["id"]
    try:
        await flows.withdraw(call.app, call.principal, clearing_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return call.see_other("wallet.village_clearing", id=clearing_id, notice=refusal.sentence)
    notice = _("The neighbour is asked to forget it.")
    return call.see_other("wallet.village_clearing", id=clearing_id, notice=notice)


async def _say_paid(call: Call, peer: str, paid: Paid) -> None:
    said = (paid.side.asset, paid.amount, paid.reference)
    event = await in_thread(partial(flows.propose_settlement, call.app, peer, *said))
    await flows.suggest(call.app, call.principal, _named(call, event, paid.key))


def _id(call: Call, key: str) -> UUID:
    """Two presses of one form are one clearing."""
    return request_id(call.principal, f"clearing {key}")


def _named(call: Call, event: Suggest, key: str) -> Suggest:
    return Suggest(clearing=structs.replace(event.clearing, id=_id(call, key)))


async def _was_said(call: Call, key: str) -> bool:
    found = await call.app.db.aread(lambda session: session.get(VillageClearing, _id(call, key)))
    return found is not None


def _setoff(call: Call, session: Session, peer: str, refusal: Refusal | None = None) -> Response:
    found = between(session, me(call), clock.now(), peer)
    return village_page(
        call, session, "wallet/village_setoff.html", refusal, peers=[peer],
        between=found, setoff=found.setoff, asked=_asked(call, session, peer), key=new_id().hex,
    )  # fmt: skip


def _asked(call: Call, session: Session, peer: str) -> list[Any]:
    """What is under way with this neighbour already."""
    return [one for one in open_clearings(session, me(call)) if one.row.peer == peer]


def _settlement(call: Call, session: Session, peer: str, refusal: Refusal | None = None) -> Response:
    found = between(session, me(call), clock.now(), peer)
    values = {"asset": "", "amount": "", "reference": "", **call.form_values()} if refusal else _preset(found)
    return village_page(
        call, session, "wallet/village_settlement.html", refusal, peers=[peer],
        between=found, values=values, asked=_asked(call, session, peer),
    )  # fmt: skip


def _preset(found: Between) -> dict[str, str]:
    """The largest debt, in full."""
    side = max(found.payable, key=lambda one: one.may_fall, default=None)
    if side is None:
        return {"asset": "", "amount": "", "reference": ""}
    amount = amount_text(side.may_fall, side.currency.scale, "", "fr").replace("\u202f", "")
    return {"asset": side.asset, "amount": amount, "reference": ""}


def _read(call: Call, session: Session, peer: str, form: Payment) -> Paid:
    """Raises Invalid beside the field that is wrong."""
    payable = between(session, me(call), clock.now(), peer).payable
    side = next((one for one in payable if one.asset == form.asset), None)
    if side is None:
        raise Invalid(fields={"asset": _("I choose one of the debts.")})
    amount = read_amount(form.amount, side.currency.scale)
    if amount > side.may_fall:
        most = amount_text(side.may_fall, side.currency.scale, side.currency.symbol, call.language)
        raise Invalid(fields={"amount": _("We owe {amount} at most.").format(amount=most)})
    if not form.reference.strip():
        raise Invalid(fields={"reference": _("I write what stands on the bank transfer.")})
    return Paid(side, amount, form.reference.strip(), form.key or new_id().hex)


def _sure(call: Call, session: Session, peer: str, paid: Paid, typed: str) -> Response:
    """`typed`: the amount as it was written in the form, to be read again."""
    return village_page(
        call, session, "wallet/village_settlement_sure.html", peers=[peer], peer=peer, paid=paid, typed=typed
    )


def _done(call: Call, notice: str) -> Response:
    return call.see_other("wallet.village_one", peer=call.path["peer"], notice=notice)


ONE = "/admin/money/village/{peer}"
CLEARING = "/admin/money/village/clearings/{id:uuid}"
MAY = permissions.VILLAGE
DOORS = (
    page("GET", CLEARING, "wallet.village_clearing", clearing, needs=MAY),
    page("POST", f"{CLEARING}/answer", "wallet.village_answer", answer, needs=MAY),
    page("POST", f"{CLEARING}/withdrawal", "wallet.village_withdraw", withdraw, needs=MAY),
    page("GET", f"{ONE}/set-off", "wallet.village_setoff", setoff, needs=MAY),
    page("POST", f"{ONE}/set-off", "wallet.village_propose", propose, needs=MAY),
    page("GET", f"{ONE}/settlement", "wallet.village_settlement", settlement, needs=MAY),
    page("POST", f"{ONE}/settlement", "wallet.village_settle", settle, needs=MAY),
    page("GET", f"{ONE}/clearings", "wallet.village_clearings", history, needs=MAY, query=Before),
)
