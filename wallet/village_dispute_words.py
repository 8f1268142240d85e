"""The words of a contested payment: why not, and what is asked of whoever reads it."""

from typing import Final

from kit.i18n import Lazy, _, lazy
from wallet.between.shapes import CALLED_OFF
from wallet.queries.village_disputes import Disputed
from wallet.village_words import why_words

_WHYS: Final[dict[str, Lazy]] = {
    "insufficient": lazy("Not enough of what is owed is free: a part of it is set aside for something else."),
    "more_than_owed": lazy("What is owed is less, or a part of it is needed for what is under way."),
}
"""Refusals that have another cause here than in a payment."""


def dispute_why(why: str) -> str:
    """Why a line is not contested, or a dispute does not end so, as a sentence; nothing for nothing."""
    return str(_WHYS[why]) if why in _WHYS else why_words(why)


def next_words(found: Disputed, node: str) -> str:
    """What is asked of a person here next; `node` is the neighbour's name."""
    if found.to_do == "answer":
        return _("I say whether we sign what {node} offers.").format(node=node)
    if found.to_do == "offer":
        return _("I offer who gets it, or {node} does.").format(node=node)
    return _nothing(found, node)


def _nothing(found: Disputed, node: str) -> str:
    """Why nobody here has anything to do."""
    if found.to_do == "wait":
        said = _("Nothing yet: the line of this dispute is on its way from {node}. It takes a few seconds.")
        return said.format(node=node)
    if found.other is not None:
        return _("Nothing here: another dispute of this payment counts. It cannot be contested anew.")
    if found.state == "refused":
        return _("Nothing stands aside. The payment may be contested anew.")
    if found.state == "ended":
        return _("Nothing more.")
    asked = found.offer or found.row
    if asked.why == CALLED_OFF:
        return _("Nothing: {node} is asked to forget it.").format(node=node)
    if found.offer is not None:
        return _("Nothing: a person at {node} answers our offer.").format(node=node)
    return _("Nothing: {node}’s node answers by itself.").format(node=node)
