"""From what a till names to the lines of a sale: the node's own prices, whatever the till says."""

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from kit.errors import Invalid
from kit.i18n import _
from sales.journal import vat
from sales.journal.shapes import MOST_CENTS, Line
from sales.journal.units import SOLD
from sales.queries.catalogue import SellableProduct
from sales.refusals import NotSoldHere, SoldOut, UnknownProduct
from sales.schemas import AnyLine, ProductLine, RefundLine, TipLine
from wallet.refusals import BadAmount

MOST_LINES = 200
LIABLE = "liable"


class WrongQuantity(ValueError):
    """Not so much of this product; the sentence says why."""


def priced(
    lines: Sequence[AnyLine],
    products: Mapping[UUID, SellableProduct],
    regime: str,
    *,
    listed: Container[UUID],
    is_offline: bool,
) -> list[Line]:
    """The lines with their labels, prices and rates frozen. Those of other rooms get their transfer later.

    `listed` is what the point of sale sells: a till without a line may have sold something else, by then.

    Raises UnknownProduct, NotSoldHere, SoldOut, BadAmount, Invalid.
    """
    if not 0 < len(lines) <= MOST_LINES:
        raise Invalid(fields={"lines": _("A sale has one line at least, and 200 at most.")})
    if not is_offline:
        _refuse_elsewhere(lines, products, listed)
    priced_lines: list[Line] = []
    wrong: dict[str, str] = {}
    for at, line in enumerate(lines):
        try:
            priced_lines.append(_line(line, products, regime, is_offline))
        except WrongQuantity as error:
            wrong[f"lines.{at}.quantity"] = str(error)
    if wrong:
        raise Invalid(fields=wrong)
    return priced_lines


def is_off_list(lines: Sequence[AnyLine], listed: Container[UUID]) -> bool:
    """Whether a product stands in the sale that its point of sale does not sell."""
    return any(isinstance(line, ProductLine) and line.product not in listed for line in lines)


def _refuse_elsewhere(
    lines: Sequence[AnyLine], products: Mapping[UUID, SellableProduct], listed: Container[UUID]
) -> None:
    """What nobody knows, or nobody sells any more, is refused by its own name, later."""
    for line in lines:
        product = products.get(line.product) if isinstance(line, ProductLine) else None
        if product is not None and not product.is_archived and product.id not in listed:
            raise NotSoldHere(_("%(name)s is not sold at this point of sale.") % {"name": product.name})


def _line(said: AnyLine, products: Mapping[UUID, SellableProduct], regime: str, is_offline: bool) -> Line:
    if isinstance(said, ProductLine):
        return _product_line(said, products, regime, is_offline)
    if not 0 < said.amount <= MOST_CENTS:
        raise BadAmount
    if isinstance(said, TipLine):
        return _plain_line("tip", "", said.amount)
    sign, sort = (-1, "card_refund") if isinstance(said, RefundLine) else (1, said.kind)
    return _plain_line(sort, "", sign * said.amount)


def _plain_line(sort: str, label: str, amount: int) -> Line:
    return Line(
        sort=sort,  # type: ignore[arg-type]
        label=label,
        quantity="1" if amount > 0 else "-1",
        unit_price=abs(amount),
        rate=0,
        gross=amount,
        net=amount,
        vat=0,
    )


def _product_line(
    said: ProductLine, products: Mapping[UUID, SellableProduct], regime: str, is_offline: bool
) -> Line:
    product = products.get(said.product)
    if product is None or said.price not in product.prices:
        raise UnknownProduct
    is_apart = product.prices[said.price].currency_id is not None
    if (product.is_archived or product.prices[said.price].is_archived) and not is_offline:
        raise UnknownProduct
    if product.is_sold_out and not is_offline and not said.quantity.startswith("-"):
        raise SoldOut(_("%(name)s is sold out.") % {"name": product.name})
    unit_price, quantity = _unit_price(said, product, is_offline), _quantity(said, product)
    gross = vat.gross(unit_price, quantity)
    if abs(gross) > MOST_CENTS:
        raise BadAmount
    rate = product.vat_rate if regime == LIABLE and not is_apart else 0
    net = vat.net(gross, rate)
    return Line(
        sort=SOLD if is_apart else product.sort,  # type: ignore[arg-type]
        label=_label(product, said.price),
        quantity=vat.plain(quantity),
        unit_price=unit_price,
        rate=rate,
        gross=gross,
        net=net,
        vat=gross - net,
        product=product.id.hex,
        category=product.category,
    )


def _unit_price(said: ProductLine, product: SellableProduct, is_offline: bool) -> int:
    """A till without a line sold at the price that it knew: the money is in its drawer."""
    amount = product.prices[said.price].amount
    if amount is None or (is_offline and said.unit_price is not None):
        amount = said.unit_price
    if amount is None or not 0 <= amount <= MOST_CENTS:
        raise BadAmount
    return amount


def _quantity(said: ProductLine, product: SellableProduct) -> Decimal:
    try:
        number = vat.quantity(said.quantity)
    except vat.BadQuantity:
        raise WrongQuantity(_("A quantity is a number such as 2 or 0.350.")) from None
    if product.unit == "piece" and number != int(number):
        raise WrongQuantity(_("This product is sold by the piece: I give a whole number."))
    if number < 0 and product.sort != "deposit":
        raise WrongQuantity(_("Only a deposit is given back in a sale. I take a sale back."))
    return number


def _label(product: SellableProduct, price: UUID) -> str:
    name = product.prices[price].name
    return f"{product.name}, {name}" if name else product.name
