"""What a product, a category or a point of sale must be, told field by field. Pure: no session, no clock."""

from typing import Final

from kit.errors import Invalid
from kit.i18n import _
from kit.picture_words import PICTURES
from sales.catalogue_values import CategoryValues, PointValues, PriceValues, ProductFields

VAT_RATES: Final = (2000, 1000, 550, 210, 0)
"""In basis points: the rates of metropolitan France (articles 278 to 281 nonies of its tax code); none."""

Wrong = dict[str, str]


def check_category(values: CategoryValues) -> None:
    """Raises Invalid with one sentence per wrong field."""
    _refuse(_wrong_name(values.name) | _wrong_icon(values.icon))


def check_point(values: PointValues) -> None:
    """Raises Invalid with one sentence per wrong field."""
    _refuse(_wrong_name(values.name) | _wrong_icon(values.icon))


def check_product(values: ProductFields) -> None:
    """Raises Invalid with one sentence per wrong field."""
    wrong = _wrong_name(values.name) | (_wrong_icon(values.icon) if values.icon else {})
    if values.vat_rate not in VAT_RATES:
        wrong["vat_rate"] = _("I choose one of the answers of the list.")
    wrong |= _wrong_prices(values.prices) | _wrong_mix(values)
    wrong |= _wrong_deposit(values) if values.sort == "deposit" else {}
    _refuse(wrong)


def _wrong_prices(prices: tuple[PriceValues, ...]) -> Wrong:
    names = [price.name.strip().casefold() for price in prices]
    if not prices:
        return {"prices": _("I write at least one price.")}
    if len(prices) > 1 and not all(names):
        return {"prices": _("With several prices, each one needs a name.")}
    if len(set(names)) < len(names):
        return {"prices": _("Two prices have the same name.")}
    if not all(name.isprintable() for name in names):
        return {"prices": _("I write a name on one line.")}
    if any(price.currency_id and not price.amount for price in prices):
        return {"prices": _("A price in hours or points has an amount above zero.")}
    known = [price.id for price in prices if price.id]
    return {"prices": _("The same price is written twice.")} if len(set(known)) < len(known) else {}


def _wrong_mix(values: ProductFields) -> Wrong:
    """A deposit is money that comes back: it goes into no sale in hours or points."""
    if values.deposit_id and any(price.currency_id for price in values.prices):
        return {"deposit_id": _("A deposit is paid in euros: with it, no price is in hours or points.")}
    return {}


def _wrong_deposit(values: ProductFields) -> Wrong:
    """A deposit is one amount of money that comes back: nothing else may be said of it."""
    wrong: Wrong = {}
    if values.vat_rate:
        wrong["vat_rate"] = _("A deposit is without VAT: the money comes back.")
    if len(values.prices) != 1 or not values.prices[0].amount or values.prices[0].currency_id:
        wrong["prices"] = _("A deposit has one price, the amount that comes back.")
    if values.deposit_id:
        wrong["deposit_id"] = _("A deposit has no deposit of its own.")
    if values.unit != "piece":
        wrong["unit"] = _("A deposit is counted by the piece.")
    return wrong


def _wrong_name(name: str) -> Wrong:
    if not name.strip() or not name.isprintable():
        return {"name": _("I write a name on one line.")}
    return {}


def _wrong_icon(icon: str) -> Wrong:
    return {} if icon in PICTURES else {"icon": _("I choose one of the drawings.")}


def _refuse(wrong: Wrong) -> None:
    if wrong:
        raise Invalid(fields=wrong)
