"""The catalogue as tills read it: one snapshot, in a few statements, without the archived."""

from collections import defaultdict
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db import Question
from sales.models.catalogue import CatalogueRevision, Category, Price, Product
from sales.models.points import PointOfSale, PointProduct
from sales.picture_names import picture_path

_REVISION: Final = Question(select(CatalogueRevision.number).where(CatalogueRevision.id == 1))
ORDER = (Category.position, Category.name, Product.position, Product.name)


class Shelf(Struct, frozen=True):
    """A category: its colour and its icon."""

    id: UUID
    name: str
    tone: str
    icon: str


class Offer(Struct, frozen=True):
    """One price, in cents by the unit, VAT included; without `amount` the buyer chooses.

    With `currency_id` it is in minor units of that currency of time or points.
    """

    id: UUID
    name: str
    amount: int | None
    is_archived: bool = False
    currency_id: UUID | None = None


class CatalogueProduct(Struct, frozen=True, kw_only=True):
    """A product and its prices. `vat_rate` in basis points; `deposit` is added to the order by itself.

    `picture` is an address on this node, or empty.
    """

    id: UUID
    name: str
    category: UUID
    icon: str
    picture: str
    vat_rate: int
    sort: str
    unit: str
    deposit: UUID | None
    is_sold_out: bool
    prices: tuple[Offer, ...]


class CataloguePoint(Struct, frozen=True):
    """A point of sale and its list of products, in order."""

    id: UUID
    name: str
    icon: str
    products: tuple[UUID, ...]


class Catalogue(Struct, frozen=True):
    """Everything that is sold now. The same `revision` is the same catalogue."""

    revision: int
    categories: tuple[Shelf, ...]
    products: tuple[CatalogueProduct, ...]
    points: tuple[CataloguePoint, ...]


class SellableProduct(Struct, frozen=True, kw_only=True):
    """What a sale needs to know of a product, archived or not; so are its prices, by their ids.

    A price never changes its amount: another amount has another id, and the old one is archived.
    """

    id: UUID
    name: str
    category_id: UUID
    category: str
    vat_rate: int
    sort: str
    unit: str
    deposit: UUID | None
    is_sold_out: bool
    is_archived: bool
    prices: dict[UUID, Offer]


def revision(session: Session) -> int:
    """A number that grows with every change of the catalogue."""
    return _REVISION.value(session) or 0


def catalogue(session: Session) -> Catalogue:
    """What tills show: categories, products and points of sale in use, in their order."""
    products = _products(session)
    return Catalogue(
        revision=revision(session),
        categories=tuple(_shelves(session)),
        products=products,
        points=tuple(_points(session, {product.id for product in products})),
    )


def sellable_products(session: Session) -> dict[UUID, SellableProduct]:
    """Every product that was ever sold, with every price it ever had: a sale that waited may name them."""
    offers = _offers(session, archived=True)
    columns = (Product.id, Product.name, Product.category_id, Category.name, Product.vat_rate, Product.sort,
               Product.unit, Product.deposit_id, Product.is_sold_out, Product.archived_at)  # fmt: skip
    statement = select(*columns).join(Category, Category.id == Product.category_id)
    return {
        row[0]: SellableProduct(
            id=row[0],
            name=row[1],
            category_id=row[2],
            category=row[3],
            vat_rate=row[4],
            sort=row[5],
            unit=row[6],
            deposit=row[7],
            is_sold_out=row[8],
            is_archived=row[9] is not None,
            prices={offer.id: offer for offer in offers.get(row[0], ())},
        )
        for row in session.execute(statement)
    }


def _shelves(session: Session) -> list[Shelf]:
    statement = select(Category.id, Category.name, Category.tone, Category.icon)
    statement = statement.where(Category.archived_at.is_(None)).order_by(Category.position, Category.name)
    return [Shelf(*row) for row in session.execute(statement)]


def _products(session: Session) -> tuple[CatalogueProduct, ...]:
    offers = _offers(session, archived=False)
    statement = select(Product, Category.icon).join(Category, Category.id == Product.category_id)
    statement = statement.where(Product.archived_at.is_(None)).order_by(*ORDER)
    return tuple(
        _product(product, icon, tuple(offers.get(product.id, ())))
        for product, icon in session.execute(statement)
    )


def _product(product: Product, icon: str, prices: tuple[Offer, ...]) -> CatalogueProduct:
    return CatalogueProduct(
        id=product.id,
        name=product.name,
        category=product.category_id,
        icon=product.icon or icon,
        picture=picture_path(product.picture),
        vat_rate=product.vat_rate,
        sort=product.sort,
        unit=product.unit,
        deposit=product.deposit_id,
        is_sold_out=product.is_sold_out,
        prices=prices,
    )


def _offers(session: Session, *, archived: bool) -> dict[UUID, list[Offer]]:
    found: dict[UUID, list[Offer]] = defaultdict(list)
    statement = select(
        Price.product_id, Price.id, Price.name, Price.amount, Price.archived_at, Price.currency_id
    )
    if not archived:
        statement = statement.where(Price.archived_at.is_(None))
    for product_id, price_id, name, amount, at, currency in session.execute(
        statement.order_by(Price.position)
    ):
        found[product_id].append(Offer(price_id, name, amount, at is not None, currency))
    return found


def _points(session: Session, known: set[UUID]) -> list[CataloguePoint]:
    listed: dict[UUID, list[UUID]] = defaultdict(list)
    rows = select(PointProduct.point_id, PointProduct.product_id).order_by(PointProduct.position)
    for point_id, product_id in session.execute(rows):
        if product_id in known:
            listed[point_id].append(product_id)
    statement = select(PointOfSale.id, PointOfSale.name, PointOfSale.icon)
    statement = statement.where(PointOfSale.archived_at.is_(None)).order_by(
        PointOfSale.position, PointOfSale.name
    )
    return [CataloguePoint(*row, tuple(listed.get(row[0], ()))) for row in session.execute(statement)]
