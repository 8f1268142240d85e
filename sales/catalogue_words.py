"""The catalogue in words: colours, units, rates and prices as people read them."""

from collections.abc import Sequence
from typing import Final

from kit.i18n import Lazy, _, language, lazy
from kit.picture_words import PICTURES, picture_words
from sales.catalogue_rules import VAT_RATES
from sales.catalogue_values import PriceValues
from sales.journal.shapes import Unit
from sales.models.catalogue import Price
from sales.queries.catalogue import Offer
from sales.queries.units import Units
from sales.unit_words import amount_in
from wallet.money import FIXED, amount_text

Offered = Price | PriceValues | Offer
TONE_NAMES: Final[dict[str, Lazy]] = {
    "hot": lazy("Brown, for what is hot"),
    "cold": lazy("Blue-green, for drinks without alcohol"),
    "beer": lazy("Yellow, for beer and cider"),
    "wine": lazy("Pink, for wine"),
    "food": lazy("Green, for what is eaten"),
    "deposit": lazy("Grey, for deposits"),
}
UNIT_NAMES: Final[dict[str, Lazy]] = {
    "piece": lazy("By the piece"),
    "kilogram": lazy("By weight, in kilograms"),
    "litre": lazy("By volume, in litres"),
}
FIRST_DRAWINGS: Final = (
    "coffee", "tea-bag", "orange-slice", "pint-glass", "drop", "beer-stein", "beer-bottle", "wine",
    "champagne", "martini", "fork-knife", "bowl-steam", "bowl-food", "cooking-pot", "bread", "cake",
    "cookie", "ice-cream", "pizza", "hamburger", "cheese", "egg", "carrot", "cherries", "orange", "grains",
    "popcorn", "fish", "jar", "recycle", "hand-coins", "coins", "gift", "basket", "tote", "t-shirt",
    "book-open", "wrench", "storefront", "cash-register", "tent",
)  # fmt: skip
"""What tills most often show."""
UNIT_SIGNS: Final = {"piece": "", "kilogram": "kg", "litre": "l"}
VAT_HELP: Final[dict[int, Lazy]] = {
    2000: lazy("alcohol, objects"),
    1000: lazy("eaten or drunk on the spot"),
    550: lazy("food to take away, without alcohol"),
    210: lazy("special cases"),
    0: lazy("without VAT"),
}


def drawings() -> list[tuple[str, str]]:
    """Each drawing with its word: those of tills first, then the others by their words."""
    first = [(name, str(PICTURES[name])) for name in FIRST_DRAWINGS]
    return first + [pair for pair in picture_words() if pair[0] not in FIRST_DRAWINGS]


def money_text(cents: int) -> str:
    """`1250` as the reader writes it: "12,50 €"."""
    return amount_text(cents, 2, "€", language())


def rate_text(rate: int) -> str:
    """`550` basis points: "5,5 %" in French, "5.5%" in English."""
    figure = f"{rate / 100:g}"
    return f"{figure.replace('.', ',')}{FIXED}%" if language() == "fr" else f"{figure}%"


def rate_choices() -> list[tuple[int, str]]:
    """The rates of the list, each with what it is for."""
    return [(rate, f"{rate_text(rate)} · {VAT_HELP[rate]}") for rate in VAT_RATES]


def price_text(amount: int | None, unit: str, currency: Unit | None = None) -> str:
    """One price: "3,00 €", "24,00 €/kg", "2 h", "Free price"."""
    if amount is None:
        return _("Free price")
    sign, words = UNIT_SIGNS[unit], amount_in(amount, currency)
    return f"{words}/{sign}" if sign else words


def prices_text(prices: Sequence[Offered], unit: str, known: Units) -> list[str]:
    """Each price with its name: ["Plein 9,00 €", "Bénévoles 1 h"]; `known` are the currencies of these."""
    pairs = [(one, known[one.currency_id] if one.currency_id else None) for one in prices]
    return [f"{one.name} {price_text(one.amount, unit, currency)}".strip() for one, currency in pairs]
