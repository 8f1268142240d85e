"""Points of sale: bar, kitchen, box office; each shows its own list of products, in its own order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.db import Base
from kit.db.types import Int


class PointOfSale(Base):
    """Where things are sold. One that is archived keeps its list."""

    __tablename__ = "point_of_sale"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int] = mapped_column(Int)
    archived_at: Mapped[datetime | None]


class PointProduct(Base):
    """A product is on the list of a point of sale."""

    __tablename__ = "point_product"
    __table_args__ = (Index(None, "product_id"),)

    point_id: Mapped[UUID] = mapped_column(ForeignKey("point_of_sale.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Int)
