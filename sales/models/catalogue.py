"""The catalogue: categories, products, prices, and the counter that every change of them moves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int
from wallet.models.guards import freeze_columns

TONES = ("hot", "cold", "beer", "wine", "food", "deposit")
"""The colours of look.md, chapter 2: hot drinks, no alcohol, beer, wine, food, deposit."""
SORTS = ("product", "deposit")
UNITS = ("piece", "kilogram", "litre")


class Category(Base):
    """A shelf of the till: its colour (`tone`) and its icon mark every product of it."""

    __tablename__ = "sale_category"
    __table_args__ = (
        CheckConstraint("tone IN ('hot', 'cold', 'beer', 'wine', 'food', 'deposit')", name="tone"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    tone: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int] = mapped_column(Int)
    archived_at: Mapped[datetime | None]


class Product(Base):
    """What can be sold. It stays for ever, archived at most: a sale that waits may still name it.

    `vat_rate` in basis points (2000 is 20 %), `purchase_price` in cents without VAT, by `unit`.
    `deposit_id`: the deposit that is added to the order by itself. `icon` empty: that of its category.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("vat_rate BETWEEN 0 AND 10000", name="vat_rate"),
        CheckConstraint("sort IN ('product', 'deposit')", name="sort"),
        CheckConstraint("unit IN ('piece', 'kilogram', 'litre')", name="unit"),
        CheckConstraint("purchase_price >= 0", name="purchase_price"),
        CheckConstraint("sort = 'product' OR (vat_rate = 0 AND deposit_id IS NULL)", name="deposit"),
        Index(None, "category_id"),
        Index(None, "deposit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    category_id: Mapped[UUID] = mapped_column(ForeignKey("sale_category.id"))
    icon: Mapped[str]
    picture: Mapped[str]
    vat_rate: Mapped[int] = mapped_column(Int)
    sort: Mapped[str]
    unit: Mapped[str]
    purchase_price: Mapped[int | None]
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    is_sold_out: Mapped[bool]
    position: Mapped[int] = mapped_column(Int)
    archived_at: Mapped[datetime | None]


class Price(Base):
    """One price of a product, VAT included, in cents by its unit; without `amount` the buyer chooses.

    With `currency_id` it is in minor units of that currency of time or points, which only a Pass pays.
    Another amount is another row: a sale that waited without a line still finds what was asked for.
    """

    __tablename__ = "product_price"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"), Index(None, "product_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str]
    amount: Mapped[int | None]
    currency_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(Int)
    archived_at: Mapped[datetime | None]


class CatalogueRevision(Base):
    """One row, `id` 1. `number` never goes back: tills ask again when it has moved."""

    __tablename__ = "catalogue_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


freeze_columns(Product.__table__, "id", "sort", is_hot=True)
freeze_columns(Price.__table__, "id", "product_id", "amount", "currency_id", is_hot=True)
