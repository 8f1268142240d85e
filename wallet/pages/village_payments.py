"""Payments between nodes: those that wait or are in doubt; one of them step by step, for who asks."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, json
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Invalid, NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet import flows_clearing as flows
from wallet import permissions
from wallet.between.desk import milliseconds
from wallet.models.village import VillageLine
from wallet.pages.act_checks import read_amount
from wallet.pages.village_proofs import evidence_file
from wallet.pages.village_showing import days_ago, me, morning_ms, uuid_in, village_page
from wallet.pages.village_steps import answer_words, last_word, told
from wallet.queries.village_asked import asked_of_us
from wallet.queries.village_disputes import contested_lines, may_contest
from wallet.queries.village_payments import PaidPage, Wanted, count_waiting, payment_of, payments
from wallet.queries.village_timeline import timeline
from wallet.village_words import LEGS, PAYMENT_KINDS, state_words, why_words

LOOK_BACK = 30
"""Days that are searched unless the reader says otherwise: a long past costs nothing."""
PATH = "/admin/money/village/payments"


class Filter(Struct, frozen=True):
    """Which payments. `q`: an id, or the words of a point of sale; days are those of the collective."""

    state: Literal["", "waiting", "doubt", "failed", "all"] = ""
    q: Annotated[str, Meta(max_length=100)] = ""
    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""
    before: Annotated[str, Meta(max_length=60)] = ""


class RefundForm(Struct, frozen=True):
    """How much goes back; empty for all of it."""

    key: Annotated[str, Meta(min_length=8, max_length=64)]
    amount: Annotated[str, Meta(max_length=20)] = ""


@read
def listed(call: Call, session: Session) -> Response:
    """A page of them; an id goes to its payment at once."""
    asked, wrong, now = call.query(Filter), None, clock.now()
    named = uuid_in(asked.q)
    if named is not None and payment_of(session, named) is not None:
        return call.see_other("wallet.village_payment", id=payment_of(session, named))
    state = asked.state or ("all" if asked.q or asked.since or asked.until else "waiting")
    since = asked.since or (
        "" if state in {"waiting", "doubt"} else days_ago(LOOK_BACK, call.collective.timezone)
    )
    try:
        found = payments(session, _wanted(call, asked, state, since), now)
    except Invalid as refusal:
        wrong, found = refusal, PaidPage((), None)
    return village_page(
        call,
        session,
        "wallet/village_payments.html",
        wrong,
        peers={peer for one in found.rows for peer in one.issuers},
        wanted=asked,
        state=state,
        since=since,
        found=found,
        counts=count_waiting(session, now),
        next=f"{found.next[0]}.{found.next[1]}" if found.next else "",
        state_words=state_words,
        kinds=PAYMENT_KINDS,
        why_words=why_words,
    )


@read
def one(call: Call, session: Session) -> Response:
    """The timeline of one payment, ours or one that a neighbour asked of us. Raises NotFound."""
    named = payment_of(session, call.path["id"])
    if named is None:
        raise NotFound
    if named != call.path["id"]:
        return call.see_other("wallet.village_payment", id=named)
    found = timeline(session, named, clock.now())
    if found is None:
        return _asked(call, session, named)
    peers = found.paid.issuers
    return village_page(
        call,
        session,
        "wallet/village_payment.html",
        peers=peers,
        found=found,
        told=told,
        last_word=last_word(found),
        state_words=state_words,
        kinds=PAYMENT_KINDS,
        leg_words=LEGS,
        **_contesting(call, session, found.lines),
    )


def _asked(call: Call, session: Session, named: UUID) -> Response:
    found = asked_of_us(session, me(call), named)
    peers = {one.answer.peer for one in found}
    return village_page(
        call, session, "wallet/village_asked.html", peers=peers, found=found, named=named,
        why_words=why_words, answer_words=answer_words,
        **_contesting(call, session, [one.line for one in found if one.line is not None]),
    )  # fmt: skip


def _contesting(call: Call, session: Session, lines: Sequence[VillageLine]) -> dict[str, Any]:
    """For each line of a payment: whether this person may contest it, or the dispute that it has."""
    now_ms, may = milliseconds(clock.now()), call.principal.may(permissions.VILLAGE)
    return {
        "may_contest": lambda line: may and may_contest(line, now_ms),
        "contested": contested_lines(session, lines, me(call)) if may else {},
    }


@read
def evidence(call: Call, session: Session) -> Response:
    """Everything that was signed about one payment, as a file that others can check. Raises NotFound."""
    named: UUID = call.path["id"]
    found: dict[str, Any] | None = evidence_file(session, me(call), named)
    if found is None:
        raise NotFound
    headers = {
        "content-disposition": f'attachment; filename="payment-{named}.json"',
        "cache-control": "no-store",
    }
    return Response(json.format(json.encode(found)), media_type="application/json", headers=headers)


def _wanted(call: Call, asked: Filter, state: str, since: str) -> Wanted:
    """Raises Invalid for a day that is none."""
    zone = call.collective.timezone
    return Wanted(
        state=state,
        point=asked.q.strip(),
        since=morning_ms("since", since, zone),
        until=morning_ms("until", asked.until, zone, more=1),
        before=_cursor(asked.before),
    )


def _cursor(text: str) -> tuple[int, UUID] | None:
    made, _dot, key = text.partition(".")
    found = uuid_in(key)
    if not made.isdecimal() or len(made) > 15 or found is None:
        return None
    return int(made), found


@read
def ask_refund(call: Call, session: Session) -> Response:
    """How much goes back. Raises NotFound."""
    return _refund_form(call, session)


@flow
async def refund(call: Call) -> Response:
    """Give a payment or a part of it back to the card that paid. Raises NotFound."""
    payment_id: UUID = call.path["id"]
    try:
        form = call.form(RefundForm)
        amount = read_amount(form.amount, 2) if form.amount.strip() else None
        given = await flows.refund(call.app, call.principal, payment_id, amount, form.key)
    except NotFound:
        raise
    except Refusal as refusal:
        return await call.app.db.aread(partial(_refund_form, call, refusal=refusal))
    return call.see_other("wallet.village_payment", id=given.id, notice=_("The money goes back to the card."))


def _refund_form(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    found = timeline(session, call.path["id"], clock.now())
    if found is None:
        raise NotFound
    values = {"amount": "", **call.form_values(), "key": new_id().hex}
    return village_page(
        call, session, "wallet/village_refund.html", refusal,
        peers=found.paid.issuers, found=found, values=values,
    )  # fmt: skip


DOORS = (
    page("GET", PATH, "wallet.village_payments", listed, needs=permissions.LOAD, query=Filter),
    page("GET", f"{PATH}/{{id:uuid}}", "wallet.village_payment", one, needs=permissions.LOAD),
    page(
        "GET",
        f"{PATH}/{{id:uuid}}/refund",
        "wallet.village_refund_form",
        ask_refund,
        needs=permissions.REFUND,
    ),
    page("POST", f"{PATH}/{{id:uuid}}/refund", "wallet.village_refund", refund, needs=permissions.REFUND),
    page(
        "GET", f"{PATH}/{{id:uuid}}/evidence", "wallet.village_evidence", evidence, needs=permissions.VILLAGE
    ),
)
