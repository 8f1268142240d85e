"""The words of agreements: their state, what a press does, the question before it."""

from dataclasses import dataclass
from typing import Final

from kit.i18n import Lazy, lazy
from wallet.queries.village_agreements import Deal

State = tuple[str, str, Lazy]
"""Tone, icon, word."""
OVER: Final[State] = ("outline", "archive", lazy("No longer offered"))
PAUSED: Final[State] = ("warn", "pause", lazy("Paused by us"))
CUT: Final[State] = ("warn", "pause", lazy("Paused, the exchange rests"))
PAUSED_THERE: Final[State] = ("warn", "pause", lazy("Paused by them"))
ON_ITS_WAY: Final[State] = ("info", "hourglass-medium", lazy("On its way"))
ACCEPTED: Final[State] = ("ok", "check-circle", lazy("They accept it"))
NOT_YET: Final[State] = ("outline", "clock", lazy("They do not accept it"))
WE_ACCEPT: Final[State] = ("ok", "check-circle", lazy("We accept it"))
TO_ANSWER: Final[State] = ("warn", "hand-heart", lazy("It waits for our answer"))


@dataclass(frozen=True)
class Question:
    """What is asked before something is done: title, sentences, verb, its icon and kind, and the notice."""

    title: Lazy
    sentences: tuple[Lazy, ...]
    verb: Lazy
    icon: str
    kind: str
    done: Lazy


QUESTIONS: Final[dict[str, Question]] = {
    "take": Question(
        lazy("Accept “{currency}” of {node}?"),
        (
            lazy("People pay at our tills with it. {node} then owes us what they paid."),
            lazy("{node} may owe us {node_max} at most. One payment takes {per_tap} at most."),
            lazy("If {node} never paid its debt, we would lose what it owes us."),
        ),
        lazy("Accept it"),
        "check",
        "primary",
        lazy("We accept it from now on."),
    ),
    "decline": Question(
        lazy("Stop accepting “{currency}” of {node}?"),
        (
            lazy("Nobody pays at our tills with it any more."),
            lazy("What is under way comes to its end. What we are owed stays."),
        ),
        lazy("Stop accepting it"),
        "prohibit",
        "cancel",
        lazy("We do not accept it any more."),
    ),
    "withdraw": Question(
        lazy("Take back the offer of “{currency}” to {node}?"),
        (
            lazy("Nobody pays at {node} with it any more. The grant without the line ends too."),
            lazy("What is under way comes to its end. What we owe stays."),
        ),
        lazy("Take the offer back"),
        "arrow-counter-clockwise",
        "cancel",
        lazy("The offer is taken back."),
    ),
    "pause": Question(
        lazy("Pause “{currency}” with {node}?"),
        (lazy("New payments are refused. What is under way goes on. I can go on at any time."),),
        lazy("Pause it"),
        "pause",
        "secondary",
        lazy("It is paused."),
    ),
    "resume": Question(
        lazy("Go on with “{currency}” and {node}?"),
        (lazy("New payments are taken again, within the same limits."),),
        lazy("Go on"),
        "play",
        "primary",
        lazy("It goes on."),
    ),
}


def state_of(deal: Deal, *, is_active: bool) -> State:
    """How it stands, in one word."""
    row = deal.row
    if deal.is_over:
        return OVER
    if row.is_paused_here:
        return PAUSED
    if not is_active:
        return CUT
    if row.is_paused_there:
        return PAUSED_THERE
    return _of_ours(deal) if deal.is_ours else (WE_ACCEPT if row.takes else TO_ANSWER)


def verbs_of(deal: Deal) -> list[str]:
    """What may be done with it now, the usual first. Limits of ours are changed on their own page."""
    row = deal.row
    if deal.is_over:
        return []
    rest = ["resume" if row.is_paused_here else "pause"]
    if deal.is_ours:
        return [*rest, "withdraw"]
    return [*rest, "decline"] if row.takes else ["take"]


def _of_ours(deal: Deal) -> State:
    if deal.row.noted_rev < deal.row.rev:
        return ON_ITS_WAY
    return ACCEPTED if deal.row.takes else NOT_YET
