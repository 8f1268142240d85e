"""The product's form: fields as people fill them in, to values and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from kit.errors import Invalid
from kit.i18n import _, language
from sales.catalogue_values import MOST_CENTS, MOST_PRICES, PriceValues, ProductValues, Sort, Unit
from sales.models.catalogue import Price, Product
from sales.queries.units import Units
from wallet.money import NARROW, amount_text, parse_amount

EMPTY_ROWS: Final = 2
CENTS: Final = 2
Text = Annotated[str, Meta(max_length=200)]


class ProductForm(Struct, kw_only=True):
    """What the form sends, but its prices: those are numbered rows, read by `read_prices`."""

    name: Text = ""
    category_id: UUID | None = None
    vat_rate: int = 0
    sort: Sort = "product"
    unit: Unit = "piece"
    icon: Text = ""
    purchase_price: Text = ""
    deposit_id: UUID | None = None
    is_sold_out: bool = False
    points: list[UUID] = []
    picture: Text = ""
    remove_picture: bool = False


@dataclass(frozen=True)
class PriceRow:
    """One row of the form, as it was written."""

    id: str = ""
    name: str = ""
    amount: str = ""
    is_free: bool = False
    currency: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.amount or self.is_free)


def values_from(form: ProductForm, prices: tuple[PriceValues, ...], picture: str, icon: str) -> ProductValues:
    """Checked for type, not yet for sense. Raises Invalid with a sentence per field."""
    wrong = {}
    if form.category_id is None:
        wrong["category_id"] = _("I choose one of the categories in use.")
    try:
        purchase = cents(form.purchase_price) if form.purchase_price else None
    except Invalid as refusal:
        wrong["purchase_price"] = refusal.sentence
    if form.category_id is None or wrong:
        raise Invalid(fields=wrong)
    return ProductValues(
        name=form.name,
        category_id=form.category_id,
        prices=prices,
        vat_rate=form.vat_rate,
        sort=form.sort,
        unit=form.unit,
        icon=icon,
        purchase_price=purchase,
        deposit_id=form.deposit_id,
        is_sold_out=form.is_sold_out,
        points=tuple(form.points),
        picture=picture,
    )


def rows_of(fields: Mapping[str, list[str]]) -> list[PriceRow]:
    """The rows as they were sent; an empty one is left out."""
    rows = [
        PriceRow(
            _last(fields, f"price_id_{at}"),
            _last(fields, f"price_name_{at}"),
            _last(fields, f"price_amount_{at}"),
            bool(_last(fields, f"price_free_{at}")),
            _last(fields, f"price_currency_{at}"),
        )
        for at in range(MOST_PRICES)
    ]
    return [row for row in rows if not row.is_empty]


def read_prices(rows: Sequence[PriceRow], known: Units) -> tuple[PriceValues, ...]:
    """Raises Invalid at `prices`, with what is wrong in the first row that is."""
    try:
        return tuple(_price(row, known) for row in rows)
    except Invalid as refusal:
        raise Invalid(fields={"prices": refusal.fields.get("prices", refusal.sentence)}) from refusal


def cents(text: str, scale: int = CENTS) -> int:
    """What someone wrote in euros, or at another scale; nothing is worth zero too. Raises Invalid."""
    if text.strip(" 0,.€\u00a0") == "" and any(sign == "0" for sign in text):
        return 0
    amount = parse_amount(text, scale)
    if amount > MOST_CENTS:
        raise Invalid(_("This amount is too small or too large."))
    return amount


def shown_values(product: Product, points: Sequence[UUID], icon: str) -> dict[str, Any]:
    """A product as its form shows it."""
    same = ("name", "vat_rate", "sort", "unit", "is_sold_out", "picture")
    purchase = "" if product.purchase_price is None else plain_amount(product.purchase_price)
    return {name: getattr(product, name) for name in same} | {
        "icon": product.icon or icon,
        "category_id": str(product.category_id),
        "deposit_id": str(product.deposit_id or ""),
        "purchase_price": purchase,
        "points": [str(point) for point in points],
    }


def shown_rows(prices: Sequence[Price], known: Units) -> list[PriceRow]:
    """Prices as rows of the form."""
    return [
        PriceRow(
            str(price.id),
            price.name,
            _typed(price, known),
            price.amount is None,
            str(price.currency_id or ""),
        )
        for price in prices
    ]


def with_empty_rows(rows: Sequence[PriceRow], *, is_deposit: bool) -> list[PriceRow]:
    """A deposit has one price; a product may have more than it has now."""
    if is_deposit:
        return list(rows[:1]) or [PriceRow()]
    return [*rows, *[PriceRow()] * min(EMPTY_ROWS, MOST_PRICES - len(rows))]


def sent_values(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """A form as it was sent, to be shown again after a refusal."""
    found: dict[str, Any] = {name: values[-1] for name, values in fields.items() if values}
    return found | {"points": fields.get("points", [])}


def plain_amount(amount: int, scale: int = CENTS) -> str:
    """`1250` as it is typed in a field: "12,50" in French, "12.50" in English, thousands not apart."""
    return amount_text(amount, scale, "", language()).replace(NARROW if language() == "fr" else ",", "")


def _typed(price: Price, known: Units) -> str:
    if price.amount is None:
        return ""
    return plain_amount(price.amount, known[price.currency_id].scale if price.currency_id else CENTS)


def _price(row: PriceRow, known: Units) -> PriceValues:
    if row.is_free and row.amount:
        raise Invalid(_("A price is free, or it has an amount: not both."))
    if not row.is_free and not row.amount:
        raise Invalid(_("I write the amount of this price, or I tick “free price”."))
    if len(row.name) > 40:
        raise Invalid(_("This text is too long: {limit} characters at most.").format(limit=40))
    currency = _id(row.currency)
    if currency is not None and currency not in known:
        raise Invalid(_("I choose one of the answers of the list."))
    amount = None if row.is_free else cents(row.amount, known[currency].scale if currency else CENTS)
    return PriceValues(id=_id(row.id), name=row.name, amount=amount, currency_id=currency)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(_("I choose one of the answers of the list.")) from error


def _last(fields: Mapping[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[-1].strip()
