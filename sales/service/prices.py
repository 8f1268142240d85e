"""Prices of a product. An amount never changes: another one is another price, and the old one is archived."""

from sqlalchemy.orm import Session

from kit import clock
from kit.errors import Invalid
from kit.i18n import _
from kit.ids import new_id
from sales.catalogue_values import PriceValues
from sales.models.catalogue import Price, Product
from sales.product_table import unit_figure
from sales.queries.shelves import prices_of
from sales.queries.units import Units, units


def write_prices(session: Session, product: Product, values: tuple[PriceValues, ...]) -> None:
    """Let the product have exactly these prices, in this order. Raises Invalid when one is not its own."""
    known = {price.id: price for price in prices_of(session, product.id)}
    if any(value.id is not None and value.id not in known for value in values):
        raise Invalid(fields={"prices": _("One of these prices was changed just before. I look again.")})
    kept = set()
    for position, value in enumerate(values, start=1):
        price = known.get(value.id) if value.id else None
        if price is None or (price.amount, price.currency_id) != (value.amount, value.currency_id):
            price = _new_price(product, value)
            session.add(price)
        price.name, price.position = value.name.strip(), position
        kept.add(price.id)
    for price_id, price in known.items():
        if price_id not in kept:
            price.archived_at = clock.now()
    session.flush()


def price_words(session: Session, product: Product) -> str:
    """Prices and VAT in figures that no language changes: `Normal 3.00, Bénévoles 1.00 temps, VAT 20.00`."""
    known = units(session)
    said = [f"{price.name} {_price(price, known)}".strip() for price in prices_of(session, product.id)]
    return ", ".join([*said, f"VAT {_figure(product.vat_rate)}"])


def _new_price(product: Product, value: PriceValues) -> Price:
    return Price(
        id=new_id(), product_id=product.id, amount=value.amount, currency_id=value.currency_id,
        archived_at=None,
    )  # fmt: skip


def _price(price: Price, known: Units) -> str:
    if price.currency_id is None or price.amount is None:
        return _figure(price.amount)
    return unit_figure(price.amount, known[price.currency_id])


def _figure(hundredths: int | None) -> str:
    return "free" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"
