"""The acceptor: a till's payment, leg by leg, until every issuer has answered.

No timeout decides money. What the till was told is a state of the payment, written before it was told; a leg
that nobody answered is undone by asking until the issuer has. Legs at several issuers are set aside first,
then one row decides, then they are taken (two-phase commit with presumed abort).
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import structs

from wallet.between.completing import said
from wallet.between.desk import Desk
from wallet.between.events import Begin, GiveUp, Hear, Outcome, follow_up
from wallet.between.granting import grant_for, lower, raise_use
from wallet.between.lines import read_line
from wallet.between.messages import Receipt, digest
from wallet.between.mirroring import look_at, take_line
from wallet.between.reserve import needed_back
from wallet.between.shapes import UNDONE, Agreement, Leg, LegState, Payment, PaymentState
from wallet.between.times import SECOND
from wallet.ledger import requests as ask
from wallet.ledger.book import MAIN
from wallet.ledger.shapes import LOSS, NOSTRO, SALES, Place

DONE: Final = frozenset({"posted", "captured", "presented"})


def begin(desk: Desk, event: Begin) -> Outcome:
    """Write down what is about to be asked; nothing is said before that is on the disk."""
    payment = event.payment
    known = desk.payments.get(payment.id)
    if known is not None:
        why = "" if known.content == payment.content else "conflict"
        return Outcome(payments=(known.id,), why=why)
    why = event.no or next((no for leg in payment.legs if (no := _refused(desk, payment, leg))), "")
    link = desk.ask_ledger(event.local) if event.local and not why else None
    if link is not None and link.receipt.verdict == "declined":
        why, missing = link.receipt.why, link.receipt.missing
        return _never_begun(desk, payment, why, missing)
    if why:
        return _never_begun(desk, payment, why)
    desk.keep_payment(_go_on(desk, payment))
    return Outcome(payments=(payment.id,))


def _never_begun(desk: Desk, payment: Payment, why: str, missing: int = 0) -> Outcome:
    """Nothing left this node, so every leg is over."""
    legs = tuple(structs.replace(leg, state="cancelled") for leg in payment.legs)
    desk.keep_payment(structs.replace(payment, legs=legs, state="failed", why=why, local=None))
    return Outcome(payments=(payment.id,), why=why, missing=missing)


def _refused(desk: Desk, payment: Payment, leg: Leg) -> str:
    agreed = desk.agreement(leg.issuer, leg.asset)
    if agreed is None or agreed.issuer != leg.issuer:
        return "not_agreed"
    if payment.kind != "sale":
        free = owed_by(desk, agreed) - needed_back(desk, leg.issuer, leg.asset)
        return "insufficient" if leg.amount > free else ""
    if agreed.is_paused:
        return "paused"
    if leg.amount > agreed.per_tap:
        return "over_tap"
    return "over_node" if owed_by(desk, agreed) + leg.amount > agreed.node_max else ""


def owed_by(desk: Desk, agreed: Agreement) -> int:
    """What the issuer owes us of its asset, as far as its lines are booked."""
    account = desk.book.accounts.get(Place(agreed.currency, NOSTRO, agreed.issuer).account_id)
    return -account.balance if account else 0


def give_up(desk: Desk, event: GiveUp) -> Outcome:
    """The till's time is over: accept under a grant, or undo."""
    payment = desk.payments.get(event.payment)
    if payment is None or payment.state != "open" or payment.kind != "sale":
        return Outcome()
    if event.may_be_offline and (offline := _offline(desk, payment, event.heard_at)) is not None:
        desk.keep_payment(offline)
    else:
        desk.keep_payment(_go_on(desk, _undo(desk, payment, "no_answer")))
    return Outcome(payments=(payment.id,))


def _offline(desk: Desk, payment: Payment, heard_at: int | None) -> Payment | None:
    """One charge that waits, under a grant that has room; None otherwise."""
    if len(payment.legs) != 1 or payment.local is not None or payment.legs[0].state != "intent":
        return None
    (leg,) = payment.legs
    grant = grant_for(desk, leg)
    if grant is None or (heard_at is not None and desk.ms - heard_at > grant.hotlist_age * SECOND):
        return None
    raise_use(desk, grant, leg)
    leg = structs.replace(leg, state="offline_due", grant=grant.id)
    return structs.replace(payment, state="offline", taken=desk.ms, legs=(leg,))


def hear_receipt(desk: Desk, heard: Hear, receipt: Receipt) -> Outcome:
    """What an issuer answered about one of our legs: its line is kept whatever became of the payment."""
    found = desk.payments.get(desk.of_leg.get(receipt.id, receipt.id))
    leg = next((one for one in found.legs if one.id == receipt.id), None) if found else None
    if found is None or leg is None or leg.issuer != heard.peer:
        desk.alarm("unasked", heard.peer, receipt.id, heard.body)
        return Outcome()
    if not _is_answer_to(found, leg, receipt):
        desk.alarm("other_question", heard.peer, receipt.id, heard.body)
        return Outcome()
    kept = take_line(desk, heard, receipt.line) if receipt.line else None
    if contradicts_itself(leg, receipt):
        desk.alarm("other_amount", heard.peer, receipt.id, heard.body)
    else:
        after = _after(desk, leg, receipt, heard)
        payment = structs.replace(found, legs=tuple(after if one is leg else one for one in found.legs))
        desk.keep_payment(_go_on(desk, payment))
    if kept is not None:
        look_at(desk, heard, kept)
    return Outcome(payments=(found.id,))


def _is_answer_to(payment: Payment, leg: Leg, receipt: Receipt) -> bool:
    """Whether the issuer answers what we said, byte for byte."""
    return receipt.req == digest(said(payment, leg, receipt.verb))


def contradicts_itself(leg: Leg, receipt: Receipt) -> bool:
    """Whether the answer is about another amount, or its line does not say what it says: nobody is paid then.

    Only what was presented may be paid in part. What moved has a line; what did not move has none.
    """
    is_undone = receipt.verb in {"cancel", "release"}
    is_posted = receipt.outcome == "posted" and not is_undone
    if is_posted or receipt.outcome == "held":
        is_part = receipt.verb == "present" and receipt.amount < leg.amount
        if receipt.amount != leg.amount and not is_part:
            return True
    if not is_posted and receipt.outcome != "reversed":
        return bool(receipt.line)
    line = read_line(receipt.line) if receipt.line else None
    delta = -receipt.amount if is_undone or receipt.verb == "refund" else receipt.amount
    said = (str(leg.id), receipt.verb, leg.asset, delta)
    return not delta or line is None or (line.ref, line.kind, line.asset, line.delta) != said


def _after(desk: Desk, leg: Leg, receipt: Receipt, heard: Hear) -> Leg:
    """The leg once this answer is known; late and repeated answers change nothing."""
    if receipt.outcome == "conflict":
        desk.alarm("conflict", leg.issuer, leg.id, heard.body)
        return leg
    if leg.is_final:
        return leg
    state = _next_state(leg, receipt)
    if state in DONE | {"held"}:
        return structs.replace(
            leg, state=state, got=receipt.amount, left=receipt.left, was_held=state == "held" or leg.was_held
        )
    return structs.replace(leg, state=state, why=receipt.why or leg.why)


def _next_state(leg: Leg, receipt: Receipt) -> LegState:
    answered = _NEXT.get((leg.state, receipt.verb, receipt.outcome))
    if answered is not None:
        return answered
    if receipt.verb in {"cancel", "release"} and leg.state == "undoing" and receipt.outcome == "posted":
        return "posted"
    return leg.state


_NEXT: Final[dict[tuple[str, str, str], LegState]] = {
    ("intent", "charge", "posted"): "posted",
    ("intent", "charge", "held"): "held",
    ("intent", "charge", "declined"): "declined",
    ("intent", "charge", "cancelled"): "cancelled",
    ("offline_due", "charge", "posted"): "posted",
    ("undoing", "charge", "declined"): "declined",
    ("undoing", "charge", "cancelled"): "cancelled",
    ("undoing", "cancel", "cancelled"): "cancelled",
    ("undoing", "cancel", "reversed"): "reversed",
    ("undoing", "release", "cancelled"): "cancelled",
    ("undoing", "release", "reversed"): "reversed",
    ("held", "capture", "posted"): "captured",
    ("held", "capture", "declined"): "captured",
    ("offline_due", "present", "posted"): "presented",
    ("offline_due", "present", "declined"): "presented",
    ("intent", "refund", "posted"): "posted",
    ("intent", "refund", "declined"): "declined",
}


def _go_on(desk: Desk, payment: Payment) -> Payment:
    """The payment's own state, from those of its legs."""
    states = {leg.state for leg in payment.legs}
    if payment.state == "open":
        return _decided(desk, payment, states)
    if payment.state == "undo" and states <= UNDONE | {"posted"}:
        for leg in payment.legs:
            if leg.state == "posted":
                desk.alarm("not_undone", leg.issuer, payment.id)
        return structs.replace(payment, state="failed")
    if payment.state in {"commit", "offline"} and states <= DONE:
        _bear_losses(desk, payment)
        lower(desk, payment)
        return structs.replace(payment, state="ok")
    return payment


def _decided(desk: Desk, payment: Payment, states: set[LegState]) -> Payment:
    if states & UNDONE:
        if payment.kind == "refund":
            return structs.replace(payment, state="failed", why=_why(payment.legs))
        return _go_on(desk, _undo(desk, payment, _why(payment.legs)))
    if not states <= {"held", "posted"}:
        return payment
    if not _close_local(desk, payment, ask.Capture, "capture"):
        desk.alarm("local_part", desk.me, payment.id)
        undone = _undo(desk, structs.replace(payment, local=None), "local_part")
        return _go_on(desk, structs.replace(undone, local=payment.local))
    return structs.replace(payment, state="commit" if "held" in states else "ok")


def _why(legs: Sequence[Leg]) -> str:
    return next((leg.why for leg in legs if leg.state in UNDONE and leg.why), "declined")


def _undo(desk: Desk, payment: Payment, why: str) -> Payment:
    """Everything that was asked is taken back, and what we set aside ourselves is free again."""
    _close_local(desk, payment, ask.Release, "release")
    legs = tuple(
        leg if leg.state in UNDONE else structs.replace(leg, state="undoing") for leg in payment.legs
    )
    return structs.replace(payment, state="undo", why=why, legs=legs)


def _close_local(
    desk: Desk, payment: Payment, verb: type[ask.Capture] | type[ask.Release], name: str
) -> bool:
    """Whether our own part is taken, or free again; not when it was freed meanwhile because of its time."""
    if payment.local is None:
        return True
    link = desk.ask_ledger(verb(id=follow_up(payment.local, name), content=name, refers=payment.local))
    return link is not None and link.receipt.verdict != "declined"


def _bear_losses(desk: Desk, payment: Payment) -> None:
    """What an issuer did not pay of what the till was promised is our own loss."""
    for leg in payment.legs:
        if leg.amount > leg.got:
            desk.alarm("short", leg.issuer, leg.id)
            desk.ask_ledger(_loss(leg))


def _loss(leg: Leg) -> ask.Transfer:
    return ask.Transfer(
        id=follow_up(leg.id, "loss"),
        content="loss",
        kind="loss",
        debit=Place(leg.currency, LOSS, MAIN),
        credit=Place(leg.currency, SALES, MAIN),
        amount=leg.amount - leg.got,
        memo=ask.Memo(place=leg.issuer),
    )


def needed_after(payment: Payment) -> tuple[ask.AnyRequest, ...]:
    """What the ledger may be asked when this payment goes on: the book must be open there."""
    is_told = payment.state in {"commit", "offline"}  # only then may there be a loss
    wanted: list[ask.AnyRequest] = [_loss(leg) for leg in payment.legs] if is_told else []
    if payment.local is not None:
        wanted.append(ask.Release(id=UUID(int=0), content="", refers=payment.local))
    return tuple(wanted)


__all__ = ["PaymentState", "begin", "give_up", "hear_receipt", "needed_after", "owed_by"]
