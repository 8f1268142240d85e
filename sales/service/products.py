"""Products: created, changed, sold out, archived. They never go: a sale that waits may still name them."""

from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.i18n import _
from kit.ids import new_id
from sales.catalogue_refusals import DepositInUse, ProductNameTaken, SortStays
from sales.catalogue_rules import check_product
from sales.catalogue_values import MOST_PRODUCTS, ProductValues
from sales.models.catalogue import Category, Product
from sales.queries.shelves import all_products, named, prices_of, product_by_id
from sales.queries.units import units_given
from sales.service.changes import changed, place_at_end, sealed, shift
from sales.service.points import show_at
from sales.service.prices import price_words, write_prices

PLAIN: Final = ("category_id", "icon", "picture", "vat_rate", "unit", "purchase_price", "deposit_id",
                "is_sold_out")  # fmt: skip


def create_product(
    session: Session, by: Principal, values: ProductValues, *, product_id: UUID | None = None
) -> Product:
    """Add one at the end of its category; the same `product_id` adds it once.

    Raises Invalid, ProductNameTaken, NoSuchPoint, CatalogueFull.
    """
    known = session.get(Product, product_id) if product_id else None
    if known is not None:
        return known
    _check(session, values, None)
    position = place_at_end(session, Product, MOST_PRODUCTS)
    product = Product(id=product_id or new_id(), sort=values.sort, position=position, archived_at=None)
    _write(session, product, values)
    changed(session, by, "product.created", product)
    return product


def edit_product(session: Session, by: Principal, product_id: UUID, values: ProductValues) -> Product:
    """Change all but its sort. Raises NoSuchProduct, Invalid, ProductNameTaken, SortStays, NoSuchPoint."""
    product = product_by_id(session, product_id)
    if values.sort != product.sort:
        raise SortStays
    _check(session, values, product)
    before = price_words(session, product)
    _write(session, product, values)
    after = price_words(session, product)
    if after == before:
        changed(session, by, "product.edited", product)
    else:
        sealed(session, by, "product.edited", product, before=before, after=after)
    return product


def set_sold_out(session: Session, by: Principal, product_id: UUID, is_sold_out: bool) -> Product:
    """There is none left, or there is again; tills show it at once. Raises NoSuchProduct."""
    product = product_by_id(session, product_id)
    if product.is_sold_out != is_sold_out:
        product.is_sold_out = is_sold_out
        changed(session, by, "product.sold_out" if is_sold_out else "product.available", product)
    return product


def move_product(session: Session, by: Principal, product_id: UUID, steps: int) -> None:
    """Up (negative) or down among those in use of its category. Raises NoSuchProduct."""
    product = product_by_id(session, product_id)
    if product.archived_at is None:
        rows = [one for one in all_products(session) if one.archived_at is None]
        shift([one for one in rows if one.category_id == product.category_id], product, steps)
        changed(session, by, "product.edited", product)


def archive_product(session: Session, by: Principal, product_id: UUID) -> Product:
    """It leaves the till; what was sold stays. Raises NoSuchProduct, DepositInUse."""
    product = product_by_id(session, product_id)
    sold_with = exists().where(Product.deposit_id == product.id, Product.archived_at.is_(None))
    if session.scalar(select(sold_with)):
        raise DepositInUse
    if product.archived_at is None:
        product.archived_at = clock.now()
        sealed(session, by, "product.archived", product, before=price_words(session, product))
    return product


def restore_product(session: Session, by: Principal, product_id: UUID) -> Product:
    """It is back at the till. Raises NoSuchProduct, ProductNameTaken, Invalid (its category is archived)."""
    product = product_by_id(session, product_id)
    if product.archived_at is not None:
        _refuse_name(session, product.name, product)
        _refuse_shelf(session, product.category_id)
        _refuse_deposit(session, product.deposit_id, product)
        product.archived_at = None
        sealed(session, by, "product.restored", product, after=price_words(session, product))
    return product


def _check(session: Session, values: ProductValues, own: Product | None) -> None:
    check_product(values)
    _refuse_currencies(session, values, own)
    if own is None or own.archived_at is None:
        _refuse_name(session, values.name, own)
    if own is None or own.category_id != values.category_id:
        _refuse_shelf(session, values.category_id)
    if own is None or own.deposit_id != values.deposit_id:
        _refuse_deposit(session, values.deposit_id, own)


def _write(session: Session, product: Product, values: ProductValues) -> None:
    product.name = values.name.strip()
    for field in PLAIN:
        setattr(product, field, getattr(values, field))
    session.add(product)
    session.flush()
    write_prices(session, product, values.prices)
    if values.points is not None:
        show_at(session, product.id, values.points)


def _refuse_name(session: Session, name: str, own: Product | None) -> None:
    taken = named(session, Product, name)
    if taken is not None and taken is not own:
        raise ProductNameTaken(fields={"name": str(ProductNameTaken.default)})


def _refuse_currencies(session: Session, values: ProductValues, own: Product | None) -> None:
    """A price may stay in a currency that is no longer given; a new one may not be."""
    known = set(units_given(session))
    had = {price.currency_id for price in prices_of(session, own.id)} if own is not None else set()
    if any(price.currency_id and price.currency_id not in known | had for price in values.prices):
        raise Invalid(fields={"prices": _("I choose one of my currencies of time or points.")})


def _refuse_shelf(session: Session, category_id: UUID) -> None:
    found = session.get(Category, category_id)
    if found is None or found.archived_at is not None:
        raise Invalid(fields={"category_id": _("I choose one of the categories in use.")})


def _refuse_deposit(session: Session, deposit_id: UUID | None, own: Product | None) -> None:
    if deposit_id is None:
        return
    found = session.get(Product, deposit_id)
    if found is None or found is own or found.sort != "deposit" or found.archived_at is not None:
        raise Invalid(fields={"deposit_id": _("I choose one of the deposits in use.")})
