"""What the API says of the catalogue, and what it takes of it. Money in cents, rates in basis points."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from sales.catalogue_values import (
    MOST_PRICES,
    MOST_PRODUCTS,
    MOST_SHELVES,
    Cents,
    Icon,
    Name,
    PriceValues,
    Short,
    Tone,
    Unit,
)
from sales.models.catalogue import Category, Price, Product
from sales.models.points import PointOfSale
from sales.picture_names import picture_path
from sales.queries import shelves


class PriceJson(Struct, frozen=True):
    """A price, VAT included, by the product's unit; `amount` null: the buyer chooses.

    With `currency_id` it is in minor units of that currency of time or points.
    """

    id: UUID
    name: str
    amount: int | None
    currency_id: UUID | None = None


class ProductJson(Struct, frozen=True, kw_only=True):
    """A product. `picture` is an address on this node, or empty."""

    id: UUID
    name: str
    category_id: UUID
    sort: str
    unit: str
    vat_rate: int
    prices: list[PriceJson]
    icon: str
    picture: str
    purchase_price: int | None
    deposit_id: UUID | None
    is_sold_out: bool
    points: list[UUID]
    archived_at: datetime | None


class CategoryJson(Struct, frozen=True, kw_only=True):
    """A category of products."""

    id: UUID
    name: str
    tone: str
    icon: str
    archived_at: datetime | None


class PointJson(Struct, frozen=True, kw_only=True):
    """A point of sale and its list, in order."""

    id: UUID
    name: str
    icon: str
    products: list[UUID]
    archived_at: datetime | None


class ProductList(Struct, frozen=True):
    """Products, by name."""

    items: list[ProductJson]
    next: str = ""


class CategoryList(Struct, frozen=True):
    """Categories, by name."""

    items: list[CategoryJson]
    next: str = ""


class PointList(Struct, frozen=True):
    """Points of sale, by name."""

    items: list[PointJson]
    next: str = ""


class ProductPatch(Struct, frozen=True, kw_only=True):
    """Some fields of a product. `prices` replaces them all: name those that stay by their `id`."""

    name: Name | UnsetType = UNSET
    category_id: UUID | UnsetType = UNSET
    prices: Annotated[tuple[PriceValues, ...], Meta(max_length=MOST_PRICES)] | UnsetType = UNSET
    vat_rate: int | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    icon: Icon | UnsetType = UNSET
    purchase_price: Cents | UnsetType | None = UNSET
    deposit_id: UUID | UnsetType | None = UNSET
    is_sold_out: bool | UnsetType = UNSET
    points: Annotated[tuple[UUID, ...], Meta(max_length=MOST_SHELVES)] | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET


class CategoryPatch(Struct, frozen=True, kw_only=True):
    """Some fields of a category."""

    name: Short | UnsetType = UNSET
    tone: Tone | UnsetType = UNSET
    icon: Icon | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET


class PointPatch(Struct, frozen=True, kw_only=True):
    """Some fields of a point of sale. `products` is its whole list, in order."""

    name: Short | UnsetType = UNSET
    icon: Icon | UnsetType = UNSET
    products: Annotated[tuple[UUID, ...], Meta(max_length=MOST_PRODUCTS)] | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET


def said(patch: Struct) -> dict[str, Any]:
    """The fields of a patch that were given."""
    found = {field: getattr(patch, field) for field in patch.__struct_fields__}
    return {field: value for field, value in found.items() if value is not UNSET}


def product_json(session: Session, product: Product) -> ProductJson:
    """One product with its prices."""
    return products_json(session, [product])[0]


def products_json(session: Session, products: list[Product], *, with_costs: bool = True) -> list[ProductJson]:
    """Products with their prices and points of sale, in a few statements; what they cost `with_costs`."""
    prices, lists = shelves.prices_by_product(session), shelves.lists_of_points(session)
    same = ("id", "name", "category_id", "sort", "unit", "vat_rate", "icon", "deposit_id", "is_sold_out",
            "archived_at")  # fmt: skip
    return [
        ProductJson(
            prices=list(map(_price_json, prices.get(one.id, ()))),
            picture=picture_path(one.picture),
            purchase_price=one.purchase_price if with_costs else None,
            points=[point for point, listed in lists.items() if one.id in listed],
            **{name: getattr(one, name) for name in same},
        )
        for one in products
    ]


def _price_json(price: Price) -> PriceJson:
    return PriceJson(price.id, price.name, price.amount, price.currency_id)


def category_json(category: Category) -> CategoryJson:
    """One category."""
    return CategoryJson(**{name: getattr(category, name) for name in CategoryJson.__struct_fields__})


def point_json(point: PointOfSale, listed: list[UUID]) -> PointJson:
    """One point of sale and its list."""
    same = {name: getattr(point, name) for name in ("id", "name", "icon", "archived_at")}
    return PointJson(products=listed, **same)
