"""One movement of money: what the ledger holds of it, its refund, its correction by an opposite entry."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound, Refusal
from kit.i18n import _
from kit.ids import new_id
from kit.web import Call, flow, page, read
from wallet import flows
from wallet.federated.neighbours import Neighbours
from wallet.ledger.shapes import NODE, NOSTRO, Receipt
from wallet.pages.act_checks import read_amount
from wallet.pages.office_words import ACCOUNT_NAMES, MOVE_ICONS, MOVE_NAMES
from wallet.pages.showing import money_page
from wallet.queries.transfer import Transfer, whole_transfer
from wallet.queries.village_asked import said_between
from wallet.refusals import BY_NAME
from wallet.schemas import Correction, Refunding

SEE, REFUND, CORRECT = "money.load", "money.refund", "money.correct"
BETWEEN_ACCOUNTS = frozenset({NODE, NOSTRO})
WORDS: dict[str, Any] = {
    "move_names": MOVE_NAMES,
    "move_icons": MOVE_ICONS,
    "account_names": ACCOUNT_NAMES,
    "refusals": BY_NAME,
}


class RefundForm(Struct, frozen=True):
    """How much goes back; empty for the whole."""

    key: Annotated[str, Meta(min_length=8, max_length=64)]
    amount: Annotated[str, Meta(max_length=20)] = ""
    reason: Annotated[str, Meta(max_length=200)] = ""


class CorrectForm(Struct, frozen=True):
    """Why a movement was a mistake."""

    key: Annotated[str, Meta(min_length=8, max_length=64)]
    reason: Annotated[str, Meta(max_length=200)]


@read
def transfer(call: Call, session: Session) -> Response:
    """Everything about one movement. Raises NoSuchTransfer."""
    found = whole_transfer(session, call.path["id"])
    said = said_between(session, found.receipt)
    may_see = said is not None and call.principal.may(call.app.house.doors[said[0]].needs)
    return _page(call, session, "wallet/transfer.html", found, said=said if may_see else None)


@read
def ask_refund(call: Call, session: Session) -> Response:
    """How much goes back, and why. Raises NoSuchTransfer."""
    return _refund_form(call, session)


@flow
def refund(call: Call) -> Response:
    """Give a payment back to the balances that paid it. Raises NoSuchTransfer."""
    try:
        receipt = _refund(call)
    except NotFound:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _refund_form(call, session, refusal)
    return call.see_other("wallet.transfer", id=receipt.id, notice=_("The money is back in the wallet."))


@read
def ask_correct(call: Call, session: Session) -> Response:
    """The question before. Raises NoSuchTransfer."""
    return _correct_form(call, session)


@flow
def correct(call: Call) -> Response:
    """Write the exact opposite; both stay in the history. Raises NoSuchTransfer."""
    try:
        form = call.form(CorrectForm)
        wanted = Correction(transfer=call.path["id"], reason=form.reason)
        receipt = flows.correct(call.app, call.principal, wanted, key=form.key)
    except NotFound:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _correct_form(call, session, refusal)
    return call.see_other("wallet.transfer", id=receipt.id, notice=_("The opposite is written."))


def _page(
    call: Call,
    session: Session,
    template: str,
    found: Transfer,
    refusal: Refusal | None = None,
    **more: Any,
) -> Response:
    """With the names of the nodes that it names."""
    owners = [
        one.owner for step in found.steps for one in (step.debit, step.credit) if one.kind in BETWEEN_ACCOUNTS
    ]
    called = Neighbours(call.app, session, [*owners, found.receipt.memo.place]).called
    return money_page(call, template, refusal, transfer=found, neighbour_name=called, **WORDS, **more)


def _refund(call: Call) -> Receipt:
    form = call.form(RefundForm)
    transfer_id: UUID = call.path["id"]
    with call.app.db.read() as session:
        found = whole_transfer(session, transfer_id)
    amount = _amount(found, form.amount) if form.amount else None
    wanted = Refunding(transfer=transfer_id, amount=amount, reason=form.reason)
    return flows.refund(call.app, call.principal, wanted, key=form.key)


def _amount(found: Transfer, text: str) -> int:
    scale = found.steps[0].currency.scale if found.steps else 2
    return read_amount(text, scale)


def _refund_form(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    found = whole_transfer(session, call.path["id"])
    values = {"amount": "", "reason": "", **call.form_values(), "key": new_id().hex}
    return _page(call, session, "wallet/transfer_refund.html", found, refusal, values=values)


def _correct_form(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    found = whole_transfer(session, call.path["id"])
    values = {"reason": "", **call.form_values(), "key": new_id().hex}
    return _page(call, session, "wallet/transfer_correct.html", found, refusal, values=values)


DOORS = (
    page("GET", "/admin/money/transfers/{id:uuid}", "wallet.transfer", transfer, needs=SEE),
    page("GET", "/admin/money/transfers/{id:uuid}/refund", "wallet.refund_form", ask_refund, needs=REFUND),
    page("POST", "/admin/money/transfers/{id:uuid}/refund", "wallet.refund", refund, needs=REFUND),
    page(
        "GET", "/admin/money/transfers/{id:uuid}/correct", "wallet.correct_form", ask_correct, needs=CORRECT
    ),
    page("POST", "/admin/money/transfers/{id:uuid}/correct", "wallet.correct", correct, needs=CORRECT),
)
