"""What a sale needs to know before it is decided: prices, points of sale, the rules of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.collective import Collective
from kit.choices import read_choice
from sales.choices import SalesRules
from sales.journal.asking import Calendar
from sales.models.points import PointOfSale
from sales.queries.catalogue import SellableProduct, revision, sellable_products
from wallet.models.currency import Currency

_CURRENCIES: Final = select(Currency.id, Currency.name)
_POINTS: Final = select(PointOfSale.id, PointOfSale.name)


@dataclass(frozen=True)
class Counter:
    """One snapshot; the catalogue in it is read again only when it changed."""

    revision: int
    products: Mapping[UUID, SellableProduct]
    points: Mapping[UUID, str]
    regime: str
    calendar: Calendar
    currencies: Mapping[str, str]
    """Their words, by the 32 digits of their id."""


def counter(session: Session, before: Counter | None = None) -> Counter:
    """As of now. `before` spares reading a catalogue that has not changed."""
    now = revision(session)
    fresh = before is not None and before.revision == now
    rules = read_choice(session, SalesRules)
    zone = read_choice(session, Collective).timezone
    return Counter(
        revision=now,
        products=before.products if fresh and before else sellable_products(session),
        points=before.points if fresh and before else _points(session),
        regime=rules.vat_regime,
        calendar=Calendar(zone=zone, pivot=rules.pivot_hour),
        currencies={row[0].hex: row[1] for row in session.connection().execute(_CURRENCIES)},
    )


def _points(session: Session) -> Mapping[UUID, str]:
    return {row[0]: row[1] for row in session.connection().execute(_POINTS)}
