"""Points of sale: bar, kitchen, box office, each with its list of products."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.ids import new_id
from sales.catalogue_refusals import NoSuchPoint, NoSuchProduct, PointNameTaken
from sales.catalogue_rules import check_point
from sales.catalogue_values import MOST_SHELVES, PointValues
from sales.models.catalogue import Product
from sales.models.points import PointOfSale, PointProduct
from sales.queries.shelves import all_points, lists_of_points, named, point_by_id, products_of
from sales.service.changes import changed, place_at_end, shift


def create_point(
    session: Session, by: Principal, values: PointValues, *, point_id: UUID | None = None
) -> PointOfSale:
    """Add one at the end; the same `point_id` adds it once.

    Raises Invalid, PointNameTaken, NoSuchProduct, CatalogueFull.
    """
    known = session.get(PointOfSale, point_id) if point_id else None
    if known is not None:
        return known
    check_point(values)
    _refuse_name(session, values.name, None)
    position = place_at_end(session, PointOfSale, MOST_SHELVES)
    point = PointOfSale(id=point_id or new_id(), position=position, archived_at=None)
    point.name, point.icon = values.name.strip(), values.icon
    session.add(point)
    session.flush()
    list_products(session, point, values.products or ())
    changed(session, by, "point.created", point)
    return point


def edit_point(session: Session, by: Principal, point_id: UUID, values: PointValues) -> PointOfSale:
    """Change name, icon, list. Raises NoSuchPoint, Invalid, PointNameTaken, NoSuchProduct."""
    check_point(values)
    point = point_by_id(session, point_id)
    if point.archived_at is None:
        _refuse_name(session, values.name, point)
    point.name, point.icon = values.name.strip(), values.icon
    if values.products is not None:
        list_products(session, point, values.products)
    changed(session, by, "point.edited", point)
    return point


def move_point(session: Session, by: Principal, point_id: UUID, steps: int) -> None:
    """Up (negative) or down among those in use. Raises NoSuchPoint."""
    point = point_by_id(session, point_id)
    if point.archived_at is None:
        shift([one for one in all_points(session) if one.archived_at is None], point, steps)
        changed(session, by, "point.edited", point)


def archive_point(session: Session, by: Principal, point_id: UUID) -> PointOfSale:
    """Tills no longer offer it; what was sold there stays. Raises NoSuchPoint."""
    point = point_by_id(session, point_id)
    if point.archived_at is None:
        point.archived_at = clock.now()
        changed(session, by, "point.archived", point)
    return point


def restore_point(session: Session, by: Principal, point_id: UUID) -> PointOfSale:
    """Tills offer it again, with its list. Raises NoSuchPoint, PointNameTaken."""
    point = point_by_id(session, point_id)
    if point.archived_at is not None:
        _refuse_name(session, point.name, point)
        point.archived_at = None
        changed(session, by, "point.restored", point)
    return point


def list_products(session: Session, point: PointOfSale, product_ids: Sequence[UUID]) -> None:
    """Let its list be exactly these, in this order. Raises NoSuchProduct."""
    wanted = list(dict.fromkeys(product_ids))
    known = set(session.scalars(select(Product.id).where(Product.id.in_(wanted))))
    if set(wanted) - known:
        raise NoSuchProduct
    session.execute(delete(PointProduct).where(PointProduct.point_id == point.id))
    session.add_all(
        PointProduct(point_id=point.id, product_id=product_id, position=position)
        for position, product_id in enumerate(wanted, start=1)
    )
    session.flush()


def show_at(session: Session, product_id: UUID, point_ids: Sequence[UUID]) -> None:
    """Let exactly these points of sale show a product; it comes last where it is new. Raises NoSuchPoint."""
    points = {point.id: point for point in all_points(session)}
    if set(point_ids) - set(points):
        raise NoSuchPoint
    lists = lists_of_points(session)
    for point_id, point in points.items():
        shown = lists.get(point_id, [])
        if (product_id in shown) != (point_id in point_ids):
            others = [one for one in products_of(session, point_id) if one != product_id]
            list_products(session, point, [*others, product_id] if point_id in point_ids else others)


def _refuse_name(session: Session, name: str, own: PointOfSale | None) -> None:
    taken = named(session, PointOfSale, name)
    if taken is not None and taken is not own:
        raise PointNameTaken(fields={"name": str(PointNameTaken.default)})
