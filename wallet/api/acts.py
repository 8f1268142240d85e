"""`/api/v1/top-ups`, `gifts`, `spends`, `refunds`, `cash-outs`, `corrections`: everything that moves money.

The `Idempotency-Key` is the ledger's own: the same key and content get the same bytes for ever, also when the
answer was no.
"""

from collections.abc import Callable
from typing import Any

from kit.errors import Refusal
from kit.web import Call, Door, api, flow
from wallet import flows, refusals
from wallet.api import bodies
from wallet.api.parties import instant, party_of, receiver_of
from wallet.api.reading import key_of
from wallet.api.transfers import TransferJson, transfer_json
from wallet.ledger.requests import Holder, Line
from wallet.ledger.shapes import Receipt
from wallet.permissions import CORRECT, GIVE, LOAD, REFUND
from wallet.refusals import Declining
from wallet.schemas import CashOut, Correction, Gift, Refunding, Spending, TopUp


@flow
def top_up(call: Call) -> TransferJson:
    said = call.body(bodies.TopUpFields)
    who = receiver_of(call, said)
    values = TopUp(**_amount(said, who), counter=who.counter, point=said.point)
    return _told(call, lambda key: flows.top_up(call.app, call.principal, values, key))


@flow
def give(call: Call) -> TransferJson:
    said = call.body(bodies.GiftFields)
    values = Gift(**_amount(said, receiver_of(call, said)), expires_at=instant(said.expires_at, "expires_at"))
    return _told(call, lambda key: flows.give(call.app, call.principal, values, key))


@flow
def cash_out(call: Call) -> TransferJson:
    said = call.body(bodies.CashOutFields)
    who = party_of(call, said)
    values = CashOut(**_amount(said, who), counter=who.counter)
    return _told(call, lambda key: flows.cash_out(call.app, call.principal, values, key))


@flow
def spend(call: Call) -> TransferJson:
    said = call.body(bodies.SpendFields)
    values = Spending(
        lines=tuple(Line(line.label, line.amount) for line in said.lines),
        payers=tuple(party_of(call, payer, f"payers.{number}.") for number, payer in enumerate(said.payers)),
        unit=said.unit,
        accepts=None if said.accepts is None else frozenset(said.accepts),
        until=instant(said.until, "until"),
        point=said.point,
    )
    return _told(call, lambda key: flows.spend(call.app, call.principal, values, key))


@flow
def capture(call: Call) -> TransferJson:
    amount, held = call.body(bodies.CaptureFields).amount, call.path["id"]
    return _told(call, lambda key: flows.capture(call.app, call.principal, held, amount, key))


@flow
def release(call: Call) -> TransferJson:
    call.body(bodies.NoFields)
    held = call.path["id"]
    return _told(call, lambda key: flows.release(call.app, call.principal, held, key))


@flow
def refund(call: Call) -> TransferJson:
    said = call.body(bodies.RefundFields)
    values = Refunding(transfer=said.transfer, amount=said.amount, reason=said.reason)
    return _told(call, lambda key: flows.refund(call.app, call.principal, values, key))


@flow
def correct(call: Call) -> TransferJson:
    said = call.body(bodies.CorrectionFields)
    values = Correction(transfer=said.transfer, reason=said.reason)
    return _told(call, lambda key: flows.correct(call.app, call.principal, values, key))


def _amount(said: bodies.AmountFields, who: Holder) -> dict[str, Any]:
    return {
        "asset": said.asset,
        "amount": said.amount,
        "wallet": who.wallet,
        "card": who.card,
        "reason": said.reason,
    }


def _told(call: Call, ask: Callable[[str | None], Receipt]) -> TransferJson:
    """What was written; of a "no", its number in the ledger and what is missing are said too."""
    try:
        receipt = ask(key_of(call))
    except Declining as refusal:
        refusal.fields |= _declined(refusal)
        raise
    with call.app.db.read() as session:
        return transfer_json(session, receipt.id)


def _declined(refusal: Declining) -> dict[str, str]:
    told = {"transfer": str(refusal.receipt.id)} if refusal.receipt else {}
    return told | ({"missing": str(refusal.missing)} if refusal.missing else {})


CARD = (refusals.CardUnknown, refusals.CardLost, refusals.CardBlocked, refusals.CardReplaced)
PAYING = (*CARD, refusals.CardReplayed, refusals.CardUnproved, refusals.Insufficient, refusals.WalletUnknown)
CURRENCY = (refusals.CurrencyUnknown, refusals.IssuedElsewhere, refusals.WrongNature)
TWO = (refusals.SameWallet, refusals.CurrencyUnknown)
COMING = (*CARD, *CURRENCY, refusals.WalletUnknown, refusals.CurrencyArchived, refusals.OverCap)
AFTER = (refusals.NoSuchTransfer, refusals.Insufficient, refusals.BetweenNodes)
CLOSING = (refusals.NoSuchTransfer, refusals.NotHeld, refusals.AlreadyClosed, refusals.BetweenNodes)
BACK = (refusals.NotRefundable, refusals.NothingLeft, refusals.OverCharge)


def _act(path: str, run: Any, needs: str, body: type, summary: str, *no: type[Refusal]) -> Door:
    name = path.replace("/{id:uuid}/", ".") if "{" in path else f"{path.replace('-', '_')}.create"
    return api(
        "POST", f"/api/v1/{path}", f"api.{name}", run,
        needs=needs, scope="money:write", body=body, answer=TransferJson, status=201,
        refusals=(*no, refusals.IdConflict), summary=summary, repeatable=True,
    )  # fmt: skip


DOORS = (
    _act("top-ups", top_up, LOAD, bodies.TopUpFields, "Top a wallet up", *COMING),
    _act("gifts", give, GIVE, bodies.GiftFields, "Give vouchers", *COMING, refusals.LotExpired),
    _act("spends", spend, LOAD, bodies.SpendFields, "Pay, or set aside until later", *PAYING, *TWO),
    _act(
        "spends/{id:uuid}/capture", capture, LOAD, bodies.CaptureFields,
        "Take what was set aside", *CLOSING, refusals.OverHold,
    ),
    _act(
        "spends/{id:uuid}/release", release, LOAD, bodies.NoFields, "Free what was set aside", *CLOSING
    ),
    _act("refunds", refund, REFUND, bodies.RefundFields, "Give a spend back", *AFTER, *BACK),
    _act(
        "cash-outs", cash_out, REFUND, bodies.CashOutFields,
        "Give money back in cash", *PAYING, *CURRENCY, refusals.OverCap,
    ),
    _act(
        "corrections", correct, CORRECT, bodies.CorrectionFields,
        "Undo a transfer by its opposite", *AFTER, refusals.NotReversible, refusals.AlreadyReversed,
    ),
)  # fmt: skip
