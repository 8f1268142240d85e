"""What a sale needs to know before it is decided: prices, points of sale, the rules of the day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.collective import Collective
from kit.choices import read_choice
from kit.db import Question, shared
from sales.choices import SalesRules
from sales.journal.asking import Calendar
from sales.journal.shapes import Unit
from sales.models.points import PointOfSale, PointProduct
from sales.queries.catalogue import SellableProduct, revision, sellable_products
from sales.queries.units import units
from wallet.models.currency import Currency

_CURRENCIES: Final = Question(select(Currency.id, Currency.code, Currency.name))
_POINTS: Final = Question(select(PointOfSale.id, PointOfSale.name))
_LISTED: Final = Question(
    select(PointProduct.point_id, PointProduct.product_id)
    .join(PointOfSale, PointOfSale.id == PointProduct.point_id)
    .where(PointOfSale.archived_at.is_(None))
)
NOTHING: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True)
class Counter:
    """One snapshot; the catalogue in it is read again only when it changed."""

    revision: int
    products: Mapping[UUID, SellableProduct]
    points: Mapping[UUID, str]
    lists: Mapping[UUID, frozenset[UUID]]
    """What each point of sale in use sells: its list of products, and the deposits that come with these."""
    regime: str
    calendar: Calendar
    currencies: Mapping[str, str]
    """Their words, as their issuer tells them, by the 32 digits of their id and by their code."""
    units: Mapping[UUID, Unit]
    """Currencies of this node that are no money: hours, points."""

    def listed(self, point: UUID) -> frozenset[UUID]:
        """What is sold at a point of sale; nothing at one that is archived."""
        return self.lists.get(point, NOTHING)


def counter(session: Session, before: Counter | None = None) -> Counter:
    """As of now. `before` spares reading a catalogue that has not changed."""
    return shared(session, Counter, partial(_counter, before))


def _counter(before: Counter | None, session: Session) -> Counter:
    now = revision(session)
    fresh = before is not None and before.revision == now
    rules = read_choice(session, SalesRules)
    zone = read_choice(session, Collective).timezone
    products = before.products if fresh and before else sellable_products(session)
    return Counter(
        revision=now,
        products=products,
        points=before.points if fresh and before else _points(session),
        lists=before.lists if fresh and before else _lists(session, products),
        regime=rules.vat_regime,
        calendar=Calendar(zone=zone, pivot=rules.pivot_hour),
        currencies=_words(session),
        units=units(session),
    )


def _points(session: Session) -> Mapping[UUID, str]:
    return {row[0]: row[1] for row in _POINTS.rows(session)}


def _words(session: Session) -> Mapping[str, str]:
    rows = list(_CURRENCIES.rows(session))
    return {row[0].hex: row[2] for row in rows} | {row[1]: row[2] for row in rows}


def _lists(session: Session, products: Mapping[UUID, SellableProduct]) -> Mapping[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for point_id, product_id in _LISTED.rows(session):
        deposit = products[product_id].deposit
        found[point_id] |= {product_id, deposit} if deposit else {product_id}
    return {point_id: frozenset(listed) for point_id, listed in found.items()}
