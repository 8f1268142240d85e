"""What the catalogue takes from people and programs, before any rule is applied. Money in cents of euro."""

from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

Tone = Literal["hot", "cold", "beer", "wine", "food", "deposit"]
Sort = Literal["product", "deposit"]
Unit = Literal["piece", "kilogram", "litre"]

MOST_CENTS: Final = 10_000_000
"""A hundred thousand euros: no price is higher."""
MOST_PRICES: Final = 20
MOST_PRODUCTS: Final = 2_000
MOST_SHELVES: Final = 100
"""Categories, and points of sale."""

Name = Annotated[str, Meta(max_length=60)]
Short = Annotated[str, Meta(max_length=40)]
Icon = Annotated[str, Meta(max_length=40)]
Cents = Annotated[int, Meta(ge=0, le=MOST_CENTS)]


class CategoryValues(Struct, frozen=True, kw_only=True):
    """A category: `tone` is its colour at the till, `icon` one of the drawings."""

    name: Short
    tone: Tone = "food"
    icon: Icon = "fork-knife"


class PriceValues(Struct, frozen=True, kw_only=True):
    """A price, VAT included, by the product's unit; without `amount` the buyer chooses.

    `id` names one that the product already has. With another amount it becomes a new one. With `currency_id`
    it is in minor units of that currency of time or points: a Pass alone pays it, and it bears no VAT.
    """

    amount: Cents | None = None
    name: Short = ""
    id: UUID | None = None
    currency_id: UUID | None = None


class ProductFields(Struct, frozen=True, kw_only=True):
    """A product. `vat_rate` in basis points; `deposit_id` names the deposit that is added by itself.

    `points` are the points of sale that show it; None leaves them as they are. An empty `icon` is that of
    the category; `purchase_price` is without VAT.
    """

    name: Name
    category_id: UUID
    prices: Annotated[tuple[PriceValues, ...], Meta(max_length=MOST_PRICES)]
    vat_rate: int = 2000
    sort: Sort = "product"
    unit: Unit = "piece"
    icon: Icon = ""
    purchase_price: Cents | None = None
    deposit_id: UUID | None = None
    is_sold_out: bool = False
    points: Annotated[tuple[UUID, ...], Meta(max_length=MOST_SHELVES)] | None = None


class ProductValues(ProductFields, frozen=True, kw_only=True):
    """A product as the house writes it: its fields, and its picture, already stored."""

    picture: Annotated[str, Meta(max_length=64)] = ""


class PointValues(Struct, frozen=True, kw_only=True):
    """A point of sale. `products` is its list, in order; None leaves it as it is."""

    name: Short
    icon: Icon = "storefront"
    products: Annotated[tuple[UUID, ...], Meta(max_length=MOST_PRODUCTS)] | None = None
