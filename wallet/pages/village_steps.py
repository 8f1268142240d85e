"""The timeline of a payment in sentences that a cashier reads out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kit.i18n import Lazy, _, lazy
from wallet.between.messages import decode
from wallet.pages.showing import Euro
from wallet.queries.village_asked import Asked
from wallet.queries.village_timeline import Step, Timeline
from wallet.village_words import why_words

OK, WAIT, NO, PLAIN = "ok", "warn", "stop", ""
_STEPS: Final[dict[str, tuple[str, str, Lazy]]] = {
    "asked": (PLAIN, "cash-register", lazy("The till asked for it. It was written down here first.")),
    "own_held": (PLAIN, "hourglass", lazy("Our own part, {amount}, was set aside here.")),
    "own_captured": (OK, "check-circle", lazy("Our own part, {amount}, was taken.")),
    "own_released": (PLAIN, "arrow-counter-clockwise", lazy("Our own part, {amount}, is free again.")),
    "sent": (PLAIN, "paper-plane-tilt", lazy("We asked {to} for {amount}.")),
    "sent_cancel": (PLAIN, "arrow-counter-clockwise", lazy("We asked {to} to take the payment back.")),
    "sent_release": (PLAIN, "arrow-counter-clockwise", lazy("We asked {to} to free what it had set aside.")),
    "sent_capture": (PLAIN, "paper-plane-tilt", lazy("We asked {to} to take what it had set aside.")),
    "sent_present": (PLAIN, "paper-plane-tilt", lazy("We showed {to} the payment that we had accepted.")),
    "answered_posted": (OK, "check-circle", lazy("{by} paid {amount}.")),
    "answered_back": (OK, "arrow-counter-clockwise", lazy("{by} gave {amount} back to the card.")),
    "answered_held": (OK, "check-circle", lazy("{by} set {amount} aside.")),
    "answered_declined": (NO, "x-circle", lazy("{by} said no.")),
    "answered_cancelled": (OK, "check-circle", lazy("{by} confirmed: nothing was taken.")),
    "answered_reversed": (OK, "arrow-counter-clockwise", lazy("{by} confirmed: it is back on the card.")),
    "answered_recovering": (WAIT, "hourglass", lazy("{by} is repairing its ledger. We ask again.")),
    "answered_conflict": (NO, "warning", lazy("{by} had heard another question under this name.")),
    "line": (PLAIN, "list-checks", lazy("The statement of {by} says {amount}.")),
    "found": (WAIT, "question", lazy("Nobody at our place had asked for it: it is taken back.")),
    "taken_offline": (WAIT, "wifi-slash", lazy("The till was told: paid. The line was cut.")),
    "told_yes": (OK, "cash-register", lazy("The till was told: paid.")),
    "told_no": (NO, "cash-register", lazy("The till was told: not paid.")),
    "back": (OK, "cash-register", lazy("The till was told: given back.")),
    "not_back": (NO, "cash-register", lazy("The till was told: not given back.")),
    "waits_answer": (WAIT, "hourglass", lazy("We wait for {to}, and ask again by ourselves.")),
    "loss": (NO, "warning", lazy("{amount} was not paid to us: it is our own loss.")),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A step in words. `more`: the reason, when there is one."""

    tone: str
    icon: str
    sentence: str
    more: str


def told(step: Step, called: Callable[[str], str], money: Callable[..., str]) -> Told:
    """`called` gives a neighbour's name, `money` writes an amount in its currency."""
    tone, icon, sentence = _STEPS.get(step.what, (PLAIN, "info", lazy("Something happened.")))
    amount = "" if step.amount is None else money(abs(step.amount), step.currency)
    words = str(sentence).format(to=called(step.to), by=called(step.by), amount=amount)
    return Told(tone, icon, words, why_words(step.why))


_ASKED: Final[dict[str, Lazy]] = {
    "charge": lazy("{node} asked for {amount}."),
    "cancel": lazy("{node} asked to take the payment back."),
    "release": lazy("{node} asked to free what was set aside."),
    "capture": lazy("{node} asked to take what was set aside."),
    "present": lazy("{node} showed a payment that it had accepted while the line was cut."),
    "refund": lazy("{node} asked to give {amount} back."),
}
_ANSWERED: Final[dict[str, tuple[str, str, Lazy]]] = {
    "posted": (OK, "check-circle", lazy("We paid {amount}.")),
    "held": (OK, "check-circle", lazy("We set {amount} aside.")),
    "declined": (NO, "x-circle", lazy("We said no.")),
    "cancelled": (OK, "check-circle", lazy("We confirmed: nothing was taken.")),
    "reversed": (OK, "arrow-counter-clockwise", lazy("We gave {amount} back to the card.")),
}
_REFUNDED = (OK, "arrow-counter-clockwise", lazy("We gave {amount} back to the card."))


@dataclass(frozen=True)
class Answered:
    """A question of a neighbour and our answer, in words."""

    asked: str
    answered: str
    tone: str
    icon: str


def answer_words(one: Asked, node: str, money: Callable[..., str]) -> Answered:
    """`node` is the neighbour's name."""
    receipt, counted = one.receipt, one.currency or Euro()
    wanted = getattr(one.proof and decode(one.proof.item.body), "amount", receipt.amount)
    asked = str(_ASKED.get(receipt.verb, _ASKED["charge"])).format(node=node, amount=money(wanted, counted))
    is_back = receipt.verb == "refund" and receipt.outcome == "posted"
    tone, icon, sentence = _REFUNDED if is_back else _ANSWERED.get(receipt.outcome, _ANSWERED["declined"])
    return Answered(asked, str(sentence).format(amount=money(receipt.amount, counted)), tone, icon)


@dataclass(frozen=True)
class Word:
    """What a cashier may say now, in two sentences. `tone` and `icon` as in messages."""

    tone: str
    fact: str
    advice: str


def last_word(found: Timeline) -> Word:
    """Where the payment stands, and what the person in front of the till may be told."""
    row = found.paid.row
    if row.kind == "found":
        return _of_found(row.state)
    if row.kind == "refund":
        return _of_refund(row.state)
    if found.paid.in_doubt:
        return _in_doubt(row.state)
    return _of_sale(row.state, is_final=row.is_final)


def _of_sale(state: str, *, is_final: bool) -> Word:
    if state in {"ok", "commit"}:
        return Word("ok", _("It is paid."), _("The person has paid. They owe nothing more."))
    if state == "offline":
        return Word(
            "ok",
            _("It is paid, with the line cut."),
            _("The person has paid. The neighbour writes it down when it answers again."),
        )
    if state == "open":
        return Word("info", _("The till still waits."), _("In a moment this page says more."))
    if is_final:
        return Word("stop", _("It is not paid."), _("Nothing was taken from the card, or it is back on it."))
    return _in_doubt(state)


def _in_doubt(state: str) -> Word:
    if state == "open":
        return Word(
            "warn",
            _("We do not know yet."),
            _("The neighbour has not answered. The person pays in another way, or waits."),
        )
    return Word(
        "warn",
        _("It is not paid. The neighbour must still confirm."),
        _("The person pays in another way. What was taken from the card comes back by itself."),
    )


def _of_refund(state: str) -> Word:
    if state == "ok":
        return Word("ok", _("The money is back on the card."), _("The person can spend it again."))
    if state == "failed":
        return Word("stop", _("The money did not go back."), _("I read why below, and I try again."))
    return Word(
        "info",
        _("The refund is on its way."),
        _("It is back on the card when the neighbour answers."),
    )


def _of_found(state: str) -> Word:
    if state == "failed":
        return Word("ok", _("It was taken back."), _("Nobody at our place had asked for this payment."))
    return Word(
        "warn",
        _("Nobody at our place asked for this payment."),
        _("It is being taken back at the neighbour’s by itself."),
    )
