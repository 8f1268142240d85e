"""The words of money between nodes: alarms, refusals, states. What happened, and what I do now."""

from dataclasses import dataclass
from typing import Final

from kit.i18n import Lazy, lazy
from wallet.refusals import BY_NAME


@dataclass(frozen=True)
class Sentence:
    """What happened, and what to do. `tone` and `icon` are those of the messages of the house."""

    fact: Lazy
    advice: Lazy
    tone: str = "warn"
    icon: str = "warning"


_ASK_NEIGHBOUR = lazy("I call the neighbour and show the proof below. I pause the money until it is clear.")
ALARMS: Final[dict[str, Sentence]] = {
    "found": Sentence(
        lazy("The neighbour wrote down a payment that our tills never asked for."),
        lazy("I do nothing: it is being taken back by itself. If it comes again, I call the neighbour."),
        "info",
        "info",
    ),
    "equivocation": Sentence(
        lazy("The neighbour signed two different lines under the same number."),
        lazy("This is a proof of a serious error or of cheating. I pause the money and I keep the proof."),
        "stop",
        "warning-circle",
    ),
    "broken_chain": Sentence(
        lazy("A line of the neighbour does not follow the line before it."),
        lazy("Its statement cannot be trusted from there on. I pause the money and I call the neighbour."),
        "stop",
        "warning-circle",
    ),
    "denied": Sentence(
        lazy("The neighbour took back a payment that we had not given up."),
        lazy("We were paid, and now we are not. I show the neighbour its receipt: it is kept below."),
        "stop",
        "warning-circle",
    ),
    "disagreement": Sentence(
        lazy("The neighbour and we do not have the same line under one number."),
        lazy("Both compare the statement line by line, with both signatures. Nothing is lost meanwhile."),
        "stop",
        "warning-circle",
    ),
    "conflict": Sentence(
        lazy("The same question came twice with different content."),
        lazy("The first answer stands and nothing moved twice. If it comes again, I call the neighbour."),
    ),
    "short": Sentence(
        lazy("We sold something, and the neighbour could not pay all of it."),
        lazy("The rest is our own loss: it is written in the ledger. I look at the payment."),
    ),
    "other_amount": Sentence(
        lazy("The neighbour answered with another amount than we asked for."),
        lazy("The till is not told yes. The question is asked again. If it stays so, I call the neighbour."),
        "stop",
        "warning-circle",
    ),
    "contradiction": Sentence(
        lazy("The neighbour took money for a payment that it had refused in writing."),
        lazy("I show the neighbour what it signed: it is kept below. It gives the money back."),
        "stop",
        "warning-circle",
    ),
    "not_undone": Sentence(
        lazy("A payment was refused at our till, but the neighbour did not take it back."),
        lazy("The person has paid for nothing. I call the neighbour: it gives the money back."),
        "stop",
        "warning-circle",
    ),
    "foreign_line": Sentence(
        lazy("The neighbour sent a line about money that we never agreed on."),
        lazy("I did not keep it. I look at what was agreed with this neighbour."),
    ),
    "unasked": Sentence(
        lazy("The neighbour answered something that we never asked."),
        lazy("Nothing moved. If it comes often, I call the neighbour."),
        "info",
        "info",
    ),
    "other_question": Sentence(
        lazy("The neighbour answered another question than ours."),
        lazy("The answer does not count. The question is asked again. If it stays so, I call the neighbour."),
    ),
    "local_part": Sentence(
        lazy("Our own part of a mixed payment could not be closed."),
        lazy("I look at the payment: what was set aside here is taken or freed by hand."),
    ),
    "not_taken": Sentence(
        lazy("Both signed a clearing, but our part of it could not be taken."),
        lazy("I check the ledger, and I compare the statement with the neighbour before I settle again."),
        "stop",
        "warning-circle",
    ),
    "not_booked": Sentence(
        lazy("A line of the neighbour could not be written in our own ledger."),
        lazy("What it owes us is more or less than our ledger says. I check the ledger."),
        "stop",
        "warning-circle",
    ),
    "refused": Sentence(
        lazy("The neighbour could not answer a question about statements or limits."),
        lazy("I look at what was agreed with it. The question is asked again by itself."),
        "info",
        "info",
    ),
}
_UNKNOWN = Sentence(lazy("Something unusual happened with this neighbour."), _ASK_NEIGHBOUR)

WHYS: Final[dict[str, Lazy]] = {
    "not_granted": lazy("No grant covers this payment."),
    "not_agreed": lazy("This currency is not agreed with this neighbour."),
    "paused": lazy("Money with this neighbour is paused."),
    "over_tap": lazy("It is more than one payment may take."),
    "over_card_day": lazy("This card has paid the most that it may in a day."),
    "over_minute": lazy("Too much was paid within a minute."),
    "over_node": lazy("The neighbour already owes us the most that was agreed."),
    "wrong_epoch": lazy("The neighbour’s ledger began anew. The card is tapped again."),
    "expired": lazy("The question came too late."),
    "handle_unknown": lazy("The neighbour does not know this card."),
    "insufficient": lazy("There was not enough on the card."),
    "cancelled": lazy("It was cancelled before."),
    "no_answer": lazy("The neighbour did not answer in time."),
    "unknown_here": lazy("Nobody at our place asked for it."),
    "declined": lazy("The neighbour said no."),
    "conflict": lazy("The same question was asked before with another content."),
    "recovering": lazy("The neighbour is repairing its ledger."),
    "not_received": lazy("The money has not arrived."),
    "more_than_owed": lazy("It is more than what is owed."),
    "not_at_par": lazy("Only currencies that are worth euros can be set off or settled."),
    "bad_edges": lazy("These debts do not match."),
    "not_waiting": lazy("It was answered already."),
    "not_known": lazy("This is not known here."),
    "not_ours_to_sign": lazy("This is our own offer: the neighbour signs it, not we."),
    "not_ours_to_call_off": lazy("The neighbour said this: it alone takes it back."),
    "not_for_people": lazy("This is the dispute itself. What is signed is an offer of how it ends."),
    "aborted": lazy("It was called off."),
    "not_ours": lazy("We do not owe this."),
    "disagreed": lazy("The other side does not agree."),
    "line_unknown": lazy("The neighbour does not have this line, or has another one under its number."),
    "not_contestable": lazy("Only payments can be contested: both have signed everything else."),
    "over_line": lazy("It is more than what is left of this payment."),
    "dispute_late": lazy("The payment is older than thirty days."),
    "in_doubt": lazy("This payment is not over yet: it may still be undone by itself."),
    "already_disputed": lazy("This line was contested already."),
    "no_such_dispute": lazy("This dispute is not signed by both."),
    "nothing_aside": lazy("This dispute was refused: nothing stands aside for it."),
    "already_ended": lazy("This dispute has ended already, signed by both."),
    "not_yet": lazy("The line of this dispute has not come yet: it may be ended in a few seconds."),
    "being_released": lazy("Somebody has already offered how it ends: that is answered first."),
    "busy": lazy("The node had too much to do."),
}
STATES: Final[dict[str, tuple[str, str, Lazy]]] = {
    "open": ("info", "hourglass-medium", lazy("Waiting for the answer")),
    "commit": ("ok", "check-circle", lazy("Paid, being taken")),
    "undo": ("warn", "arrow-counter-clockwise", lazy("Refused, being taken back")),
    "offline": ("warn", "wifi-slash", lazy("Paid, line cut")),
    "ok": ("ok", "check-circle", lazy("Paid")),
    "failed": ("stop", "x-circle", lazy("Not paid")),
}
"""Of a payment: tone, icon, word."""
REFUND_STATES: Final[dict[str, tuple[str, str, Lazy]]] = STATES | {
    "ok": ("ok", "check-circle", lazy("Given back")),
    "failed": ("stop", "x-circle", lazy("Not given back")),
}
FOUND_STATES: Final[dict[str, tuple[str, str, Lazy]]] = STATES | {
    "undo": ("warn", "arrow-counter-clockwise", lazy("Unknown here, being taken back")),
    "failed": ("outline", "check-circle", lazy("Unknown here, taken back")),
}
DOUBT: Final = ("stop", "question", lazy("In doubt"))
PAYMENT_KINDS: Final[dict[str, Lazy]] = {
    "sale": lazy("Payment at our till"),
    "refund": lazy("Money refunded"),
    "found": lazy("Payment that nobody here asked for"),
}
LEGS: Final[dict[str, Lazy]] = {
    "intent": lazy("asked, no answer yet"),
    "held": lazy("set aside there"),
    "posted": lazy("paid there"),
    "declined": lazy("refused there"),
    "offline_due": lazy("accepted here, to be presented there"),
    "undoing": lazy("being taken back there"),
    "captured": lazy("set aside, then paid there"),
    "cancelled": lazy("cancelled there"),
    "reversed": lazy("paid, then given back there"),
    "presented": lazy("accepted here, then presented there"),
}
CLEARING_KINDS: Final[dict[str, Lazy]] = {
    "setoff": lazy("Set-off"),
    "settlement": lazy("Settlement by bank transfer"),
}
CLEARING_STATES: Final[dict[str, tuple[str, str, Lazy]]] = {
    "proposed": ("info", "hourglass-medium", lazy("Waiting for the neighbour")),
    "waiting": ("warn", "hand-heart", lazy("Waiting for us")),
    "signed": ("ok", "check-circle", lazy("Signed by both")),
    "refused": ("outline", "x-circle", lazy("Refused")),
}
DISPUTE_STATES: Final[dict[str, tuple[str, str, Lazy]]] = {
    "proposed": ("info", "hourglass-medium", lazy("Waiting for the neighbour")),
    "refused": ("outline", "x-circle", lazy("Refused")),
    "aside": ("warn", "question", lazy("Set aside")),
    "answer": ("warn", "hand-heart", lazy("Waiting for us")),
    "ended": ("ok", "check-circle", lazy("Ended, signed by both")),
}
LINE_NAMES: Final[dict[str, Lazy]] = {
    "charge": lazy("Payment"),
    "capture": lazy("Payment of what was set aside"),
    "present": lazy("Payment accepted while the line was cut"),
    "cancel": lazy("Payment taken back"),
    "release": lazy("Payment taken back"),
    "refund": lazy("Money refunded"),
    "setoff": lazy("Set-off"),
    "settlement": lazy("Settlement by bank transfer"),
    "dispute": lazy("Contested, set aside"),
    "released": lazy("Contested, back to who holds it"),
    "returned": lazy("Contested, back to who paid"),
}


def alarm_words(what: str) -> Sentence:
    """What an alarm means; something general for a name that is not in the table."""
    return ALARMS.get(what, _UNKNOWN)


def why_words(why: str) -> str:
    """A refusal between nodes as a sentence; nothing for nothing."""
    if not why:
        return ""
    why = why.partition(" ")[0]
    known = WHYS.get(why) or (BY_NAME[why].default if why in BY_NAME else None)
    return str(known or WHYS["declined"])


def state_words(kind: str, state: str, *, in_doubt: bool = False) -> tuple[str, str, Lazy]:
    """Tone, icon and word for a payment in that state."""
    if in_doubt:
        return DOUBT
    tables = {"refund": REFUND_STATES, "found": FOUND_STATES}
    return tables.get(kind, STATES).get(state, STATES["open"])
