"""Sales in time or points: in which currency a sale is, and what may pay it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kit.i18n import _
from sales.journal.shapes import Line, Payment, Unit
from sales.journal.units import BY_HOUSE, GIVEN
from sales.queries.catalogue import SellableProduct
from sales.queries.counter import Counter
from sales.refusals import MixedUnits, OnlyByPass, UnitsShort
from sales.schemas import AnyLine, LoadLine, ProductLine, Selling
from sales.unit_words import unit_text
from wallet.refusals import Insufficient, WrongNature

EURO = None
"""What the prices of most sales are in."""


def currency_of(lines: Sequence[AnyLine], now: Counter) -> UUID | None:
    """The currency of time or points that a whole sale is in, or EURO. Raises MixedUnits, WrongNature."""
    found = {_currency(line, now.products) for line in lines}
    if len(found) > 1:
        raise MixedUnits
    currency = found.pop() if found else EURO
    if currency is not EURO and currency not in now.units:
        raise WrongNature
    return currency


def paid_in_euro(said: Selling) -> tuple[Payment, ...]:
    """What was paid outside of any ledger. Raises OnlyByPass: the house gives no euros."""
    if any(one.means == BY_HOUSE for one in said.paid):
        raise OnlyByPass(_("The house gives hours and points, never money."))
    return tuple(Payment(means=one.means, amount=one.amount, given=one.given) for one in said.paid)


def paid_in(unit: Unit, said: Selling, lines: Sequence[Line]) -> tuple[Payment, ...]:
    """What is written as paid before the ledger moves: nothing, or that the house gives.

    Raises OnlyByPass when something else than a Pass pays, MixedUnits when things are sold and given at once.
    """
    gives = {line.sort == GIVEN for line in lines}
    if len(gives) > 1:
        raise MixedUnits
    if gives == {True}:
        if said.by_pass is not None or any(one.means != BY_HOUSE for one in said.paid):
            raise OnlyByPass(_("Nobody pays for hours and points that I give."))
        return tuple(_paid(BY_HOUSE, one.amount, unit) for one in said.paid)
    if said.by_pass is None or said.paid:
        raise OnlyByPass
    return ()


def by_pass_alone(amount: int, unit: Unit) -> Payment:
    """What a Pass pays in training, where none is moved."""
    return _paid("pass", amount, unit)


def short(no: Insufficient, asked: int, unit: Unit) -> UnitsShort:
    """What is missing, in the words of that currency."""
    missing = unit_text(no.missing, unit)
    words = _("There is not enough on this Pass. Missing: {missing}. Nothing was taken.")
    payable = max(0, asked - no.missing)
    fields = {"missing": str(no.missing), "payable": str(payable)}
    return UnitsShort(words.format(missing=missing), fields=fields)


def _currency(line: AnyLine, products: Mapping[UUID, SellableProduct]) -> UUID | None:
    if isinstance(line, LoadLine) and line.kind == GIVEN:
        return line.asset
    product = products.get(line.product) if isinstance(line, ProductLine) else None
    offer = product.prices.get(line.price) if product and isinstance(line, ProductLine) else None
    return offer.currency_id if offer is not None else EURO


def _paid(means: str, amount: int, unit: Unit) -> Payment:
    return Payment(means=means, amount=amount, asset=unit.code, name=unit.name)  # type: ignore[arg-type]
