"""Lines that one of two nodes contests: what stands aside, who offers what, the question for us."""

from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet import flows_disputes as flows
from wallet import permissions
from wallet.between.shapes import KeptLine
from wallet.money import amount_text
from wallet.pages.act_checks import read_amount
from wallet.pages.village_showing import me, peer_of, village_page
from wallet.queries.village_disputes import Disputed, contested_seqs, dispute_by_id, disputes
from wallet.queries.village_money import Side, between
from wallet.service.posting import request_id
from wallet.village_dispute_words import dispute_why, next_words
from wallet.village_words import CLEARING_STATES, DISPUTE_STATES, LINE_NAMES

WORDS: dict[str, Any] = {
    "states": DISPUTE_STATES,
    "offer_states": CLEARING_STATES,
    "line_names": LINE_NAMES,
    "why_words": dispute_why,
    "next_words": next_words,
}
TURNS = ("answer", "offer", "wait", "")
"""What asks something of us comes first."""


class Contest(Struct, frozen=True):
    """How much of the line, and why."""

    amount: Annotated[str, Meta(max_length=20)] = ""
    reason: Annotated[str, Meta(max_length=140)] = ""
    key: Annotated[str, Meta(max_length=64)] = ""


class Offer(Struct, frozen=True):
    """Who gets what was contested."""

    to: Literal["holder", "payer"]
    key: Annotated[str, Meta(min_length=8, max_length=64)]
    reason: Annotated[str, Meta(max_length=140)] = ""


class Answer(Struct, frozen=True):
    """Do we sign it?"""

    agrees: Literal["yes", "no"]


@read
def listed(call: Call, session: Session) -> Response:
    """Every dispute: what we answer, what we may end, then the others; newest first."""
    found = sorted(disputes(session), key=_turn)
    peers = {one.row.peer for one in found}
    return village_page(call, session, "wallet/village_disputes.html", peers=peers, found=found, **WORDS)


@read
def one(call: Call, session: Session) -> Response:
    """One dispute: its line, its offers, what we may do. Raises NotFound."""
    return _one(call, session)


def _turn(one: Disputed) -> int:
    return TURNS.index(one.to_do)


@read
def ask_why(call: Call, session: Session) -> Response:
    """How much of a line is contested, and why; the dispute itself when there is one. Raises NotFound."""
    return _form(call, session)


@flow
async def contest(call: Call) -> Response:
    """Say it to the neighbour. Raises NotFound."""
    try:
        form = call.form(Contest)
        kept, amount = await call.app.db.aread(partial(_read, call, form=form))
        named = _id(call, form.key or new_id().hex)
        await flows.contest_line(call.app, call.principal, kept, amount, id=named, reason=form.reason)
    except NotFound:
        raise
    except Refusal as refusal:
        return await call.app.db.aread(partial(_form, call, refusal=refusal))
    notice = _("The neighbour is told. The amount stands aside as soon as it has answered.")
    return call.see_other("wallet.village_dispute", id=named, notice=notice)


@flow
async def offer(call: Call) -> Response:
    """Offer how it ends. Raises NotFound."""
    try:
        form = call.form(Offer)
        named = _id(call, form.key)
        await flows.offer_end(
            call.app, call.principal, call.path["id"], form.to, id=named, reason=form.reason
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return await call.app.db.aread(partial(_one, call, refusal=refusal))
    return _back(call, _("The neighbour is asked to sign it, too."))


@flow
async def answer(call: Call) -> Response:
    """Sign the neighbour's offer, or say no. Raises NotFound."""
    is_right = call.form(Answer).agrees == "yes"
    try:
        await flows.answer_end(call.app, call.principal, call.path["id"], is_right)
    except NotFound:
        raise
    except Refusal as refusal:
        return _back(call, refusal.sentence)
    return _back(call, _("It is signed by both.") if is_right else _("The neighbour is told: no."))


@flow
async def withdraw(call: Call) -> Response:
    """Ask for what we proposed back. Raises NotFound."""
    try:
        await flows.withdraw(call.app, call.principal, call.path["id"])
    except NotFound:
        raise
    except Refusal as refusal:
        return _back(call, refusal.sentence)
    return _back(call, _("The neighbour is asked to forget it."))


def _back(call: Call, notice: str) -> Response:
    return call.see_other("wallet.village_dispute", id=call.path["id"], notice=notice)


def _id(call: Call, key: str) -> UUID:
    """Two presses of one form are one dispute."""
    return request_id(call.principal, f"dispute {key}")


def _one(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    found = dispute_by_id(session, call.path["id"])
    if found is None:
        raise NotFound
    return village_page(
        call, session, "wallet/village_dispute.html", refusal, peers=[found.row.peer],
        found=found, key=new_id().hex, **WORDS,
    )  # fmt: skip


def _line(call: Call, session: Session) -> tuple[str, Side, KeptLine]:
    """Raises NotFound."""
    peer, currency = peer_of(call, session), call.path["currency"]
    sides = between(session, me(call), clock.now(), peer).sides
    side = next((one for one in sides if one.currency.id == currency), None)
    if side is None:
        raise NotFound
    return peer, side, flows.line_at(session, peer, side.asset, call.path["epoch"], call.path["seq"])


def _form(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    peer, side, kept = _line(call, session)
    known = contested_seqs(session, peer, side.asset).get((kept.line.epoch, kept.line.seq))
    if known is not None:
        notice = _("This payment is contested already.")
        return call.see_other("wallet.village_dispute", id=known, notice=notice)
    whole = amount_text(max(0, kept.line.delta), side.currency.scale, "", "fr").replace("\u202f", "")
    preset = {"amount": whole, "reason": ""}
    values = {**preset, **(call.form_values() if refusal else {}), "key": new_id().hex}
    return village_page(
        call, session, "wallet/village_contest.html", refusal, peers=[peer],
        peer=peer, side=side, line=kept.line, values=values, **WORDS,
    )  # fmt: skip


def _read(call: Call, session: Session, form: Contest) -> tuple[KeptLine, int]:
    """Raises NotFound, and Invalid beside the field that is wrong."""
    _peer, side, kept = _line(call, session)
    amount = read_amount(form.amount, side.currency.scale)
    if not form.reason.strip():
        raise Invalid(fields={"reason": _("I say what is not right.")})
    return kept, amount


PATH = "/admin/money/village/disputes"
LINE = "/admin/money/village/{peer}/lines/{currency:uuid}/{epoch:int}/{seq:int}/dispute"
MAY = permissions.VILLAGE
DOORS = (
    page("GET", PATH, "wallet.village_disputes", listed, needs=MAY),
    page("GET", f"{PATH}/{{id:uuid}}", "wallet.village_dispute", one, needs=MAY),
    page("POST", f"{PATH}/{{id:uuid}}/end", "wallet.village_dispute_end", offer, needs=MAY),
    page("POST", f"{PATH}/{{id:uuid}}/answer", "wallet.village_dispute_answer", answer, needs=MAY),
    page("POST", f"{PATH}/{{id:uuid}}/withdrawal", "wallet.village_dispute_withdraw", withdraw, needs=MAY),
    page("GET", LINE, "wallet.village_contest_form", ask_why, needs=MAY),
    page("POST", LINE, "wallet.village_contest", contest, needs=MAY),
)
