"""What the pages of the room share: the tabs that someone may open, words, what was refused."""

from typing import Any, Final

from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import Lazy, lazy
from kit.web import Call
from sales import catalogue_words
from sales.permissions import CATALOGUE, RULES, SEE

TABS: Final[tuple[tuple[Lazy, str, str], ...]] = (
    (lazy("Turnover"), "sales.turnover", SEE),
    (lazy("Closings"), "sales.closings", SEE),
    (lazy("Journal"), "sales.journal", SEE),
    (lazy("Payments received"), "sales.payments", SEE),
    (lazy("Products"), "sales.products", CATALOGUE),
    (lazy("Categories"), "sales.categories", CATALOGUE),
    (lazy("Points of sale"), "sales.points", CATALOGUE),
    (lazy("Rules"), "sales.rules", RULES),
    (lazy("SIMULATION"), "sales.training", SEE),
)
"""Word, door, permission."""


def open_tabs(call: Call, current: str) -> list[tuple[Lazy, str, bool]]:
    """The tabs that this person may open; `current` is a door."""
    return [
        (word, call.url(door), door == current) for word, door, needs in TABS if call.principal.may(needs)
    ]


def sales_page(
    call: Call, template: str, refusal: Refusal | None = None, *, tab: str = "", **context: Any
) -> Response:
    """A page of the room, with its tabs, its words, and what was refused."""
    return call.page(
        template,
        status=refusal.status if refusal else 200,
        tabs=open_tabs(call, tab),
        words=catalogue_words,
        errors=refusal.fields if refusal else {},
        sentence=refusal.sentence if refusal else "",
        **context,
    )
