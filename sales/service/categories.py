"""Categories: the shelves of the till, kept in order."""

from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.i18n import _
from kit.ids import new_id
from sales.catalogue_refusals import CategoryInUse, CategoryNameTaken
from sales.catalogue_rules import check_category
from sales.catalogue_values import MOST_SHELVES, CategoryValues
from sales.models.catalogue import Category, Product
from sales.queries.shelves import all_categories, category_by_id, named
from sales.service.changes import changed, place_at_end, shift


def create_category(
    session: Session, by: Principal, values: CategoryValues, *, category_id: UUID | None = None
) -> Category:
    """Add one at the end; the same `category_id` adds it once.

    Raises Invalid, CategoryNameTaken, CatalogueFull.
    """
    known = session.get(Category, category_id) if category_id else None
    if known is not None:
        return known
    check_category(values)
    _refuse_name(session, values.name, None)
    position = place_at_end(session, Category, MOST_SHELVES)
    category = Category(id=category_id or new_id(), position=position, archived_at=None)
    _write(category, values)
    session.add(category)
    changed(session, by, "category.created", category)
    return category


def edit_category(session: Session, by: Principal, category_id: UUID, values: CategoryValues) -> Category:
    """Change name, colour, icon. Raises NoSuchCategory, Invalid, CategoryNameTaken."""
    check_category(values)
    category = category_by_id(session, category_id)
    if category.archived_at is None:
        _refuse_name(session, values.name, category)
    _write(category, values)
    if session.is_modified(category):
        changed(session, by, "category.edited", category)
    return category


def move_category(session: Session, by: Principal, category_id: UUID, steps: int) -> None:
    """Up (negative) or down among those in use. Raises NoSuchCategory."""
    category = category_by_id(session, category_id)
    if category.archived_at is None:
        shift([one for one in all_categories(session) if one.archived_at is None], category, steps)
        changed(session, by, "category.edited", category)


def archive_category(session: Session, by: Principal, category_id: UUID) -> Category:
    """It leaves the till. Raises NoSuchCategory, CategoryInUse while products in use are in it."""
    category = category_by_id(session, category_id)
    inside = exists().where(Product.category_id == category.id, Product.archived_at.is_(None))
    if session.scalar(select(inside)):
        raise CategoryInUse
    if category.archived_at is None:
        category.archived_at = clock.now()
        changed(session, by, "category.archived", category)
    return category


def merge_category(session: Session, by: Principal, category_id: UUID, target_id: UUID) -> Category:
    """Its products go to the end of another category, the archived ones too, and it leaves the till.

    What was sold keeps its category. Raises NoSuchCategory, Invalid for itself or an archived target.
    """
    source, target = category_by_id(session, category_id), category_by_id(session, target_id)
    if target is source or target.archived_at is not None:
        raise Invalid(fields={"target": _("I choose another category that is in use.")})
    last = session.scalar(select(func.max(Product.position)).where(Product.category_id == target.id)) or 0
    moving = select(Product).where(Product.category_id == source.id).order_by(Product.position, Product.id)
    for place, product in enumerate(session.scalars(moving).all(), start=last + 1):
        product.category_id, product.position = target.id, place
    changed(session, by, "category.merged", source)
    return archive_category(session, by, source.id)


def restore_category(session: Session, by: Principal, category_id: UUID) -> Category:
    """It is back at the till. Raises NoSuchCategory, CategoryNameTaken."""
    category = category_by_id(session, category_id)
    if category.archived_at is not None:
        _refuse_name(session, category.name, category)
        category.archived_at = None
        changed(session, by, "category.restored", category)
    return category


def _write(category: Category, values: CategoryValues) -> None:
    category.name, category.tone, category.icon = values.name.strip(), values.tone, values.icon


def _refuse_name(session: Session, name: str, own: Category | None) -> None:
    taken = named(session, Category, name)
    if taken is not None and taken is not own:
        raise CategoryNameTaken(fields={"name": str(CategoryNameTaken.default)})
