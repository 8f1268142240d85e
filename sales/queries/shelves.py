"""One product, category or point of sale, by its id or by its name; and those of a list, in order."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.words import folded
from sales.catalogue_refusals import NoSuchCategory, NoSuchPoint, NoSuchProduct
from sales.models.catalogue import Category, Price, Product
from sales.models.points import PointOfSale, PointProduct

Row = Category | PointOfSale | Product


def product_by_id(session: Session, product_id: UUID) -> Product:
    """Archived or not. Raises NoSuchProduct."""
    found = session.get(Product, product_id)
    if found is None:
        raise NoSuchProduct
    return found


def category_by_id(session: Session, category_id: UUID) -> Category:
    """Archived or not. Raises NoSuchCategory."""
    found = session.get(Category, category_id)
    if found is None:
        raise NoSuchCategory
    return found


def point_by_id(session: Session, point_id: UUID) -> PointOfSale:
    """Archived or not. Raises NoSuchPoint."""
    found = session.get(PointOfSale, point_id)
    if found is None:
        raise NoSuchPoint
    return found


def is_point(session: Session, point_id: UUID) -> bool:
    """Whether there is such a point of sale, archived or not."""
    return session.get(PointOfSale, point_id) is not None


def all_categories(session: Session) -> list[Category]:
    """In their order, the archived ones too."""
    return list(session.scalars(select(Category).order_by(Category.position, Category.name)))


def all_points(session: Session) -> list[PointOfSale]:
    """In their order, the archived ones too."""
    return list(session.scalars(select(PointOfSale).order_by(PointOfSale.position, PointOfSale.name)))


def all_products(session: Session) -> list[Product]:
    """By category, then in their order, the archived ones too."""
    shelves = (Category.position, Category.name, Product.position, Product.name)
    return list(session.scalars(select(Product).join(Category).order_by(*shelves)))


def deposits(session: Session) -> list[Product]:
    """The deposits in use, by name."""
    statement = select(Product).where(Product.sort == "deposit", Product.archived_at.is_(None))
    return list(session.scalars(statement.order_by(Product.name)))


def prices_of(session: Session, product_id: UUID) -> list[Price]:
    """The prices that a product has now, in their order."""
    statement = select(Price).where(Price.product_id == product_id, Price.archived_at.is_(None))
    return list(session.scalars(statement.order_by(Price.position)))


def prices_by_product(session: Session) -> dict[UUID, list[Price]]:
    """The prices of every product, in their order."""
    found: dict[UUID, list[Price]] = {}
    for price in session.scalars(select(Price).where(Price.archived_at.is_(None)).order_by(Price.position)):
        found.setdefault(price.product_id, []).append(price)
    return found


def points_of(session: Session, product_id: UUID) -> list[UUID]:
    """The points of sale that show a product."""
    return list(session.scalars(select(PointProduct.point_id).where(PointProduct.product_id == product_id)))


def products_of(session: Session, point_id: UUID) -> list[UUID]:
    """The list of a point of sale, in order; archived products keep their place in it."""
    statement = select(PointProduct.product_id).where(PointProduct.point_id == point_id)
    return list(session.scalars(statement.order_by(PointProduct.position)))


def lists_of_points(session: Session) -> dict[UUID, list[UUID]]:
    """The list of every point of sale, in order."""
    found: dict[UUID, list[UUID]] = {}
    rows = select(PointProduct.point_id, PointProduct.product_id).order_by(PointProduct.position)
    for point_id, product_id in session.execute(rows):
        found.setdefault(point_id, []).append(product_id)
    return found


def named(session: Session, model: type[Row], name: str) -> Row | None:
    """The one in use that has this name, whatever its capitals and accents."""
    wanted = folded(name.strip())
    rows: list[Row] = list(session.scalars(select(model).where(model.archived_at.is_(None))))
    return next((row for row in rows if folded(row.name) == wanted), None)


def count(session: Session, model: type[Row]) -> int:
    """How many there are, archived or not."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def pictures_in_use(session: Session) -> frozenset[str]:
    """The names of all stored pictures that a product shows."""
    return frozenset(session.scalars(select(Product.picture).where(Product.picture != "")))
