"""The back office's products: listed by category, sold out or back in one press, moved, archived."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.i18n import _
from kit.web import Call, flow, page, read
from people.words import folded
from sales.catalogue_words import prices_text
from sales.models.catalogue import Category, Product
from sales.pages.showing import sales_page
from sales.permissions import CATALOGUE
from sales.picture_names import picture_path
from sales.queries.shelves import (
    all_categories,
    all_products,
    category_by_id,
    prices_by_product,
    product_by_id,
)
from sales.queries.units import units
from sales.service import products as service

TAB = "sales.products"


class ProductFilter(Struct):
    """What the list takes. `archived`: those that are no longer sold."""

    q: Annotated[str, Meta(max_length=200)] = ""
    category: UUID | None = None
    archived: bool = False


class SoldOut(Struct):
    """The switch, and the list that it was pressed on."""

    is_sold_out: bool
    back: Annotated[str, Meta(max_length=500)] = ""


class Move(Struct):
    """Up or down by how many places, and the list that it was pressed on."""

    steps: Annotated[int, Meta(ge=-1, le=1)]
    back: Annotated[str, Meta(max_length=500)] = ""


@dataclass(frozen=True)
class Row:
    """One product as the list shows it."""

    product: Product
    category: Category
    prices: list[str]
    deposit: str
    picture: str


@read
def products(call: Call, session: Session) -> Response:
    """Those of a category, or all."""
    asked = call.query(ProductFilter)
    found = all_products(session)
    shelves = all_categories(session)
    return sales_page(
        call, "sales/products.html", tab=TAB,
        asked=asked, rows=_rows(session, found, shelves, asked), here=call.same_page(),
        chips=_chips(call, shelves, asked), categories=shelves,
        any_product=bool(found), archived=sum(one.archived_at is not None for one in found),
    )  # fmt: skip


@flow
def sold_out(call: Call) -> Response:
    """None is left, or there is some again: tills show it at once. Raises NoSuchProduct."""
    wish, product_id = call.form(SoldOut), call.path["id"]
    found = call.app.db.write(
        lambda session: service.set_sold_out(session, call.principal, product_id, wish.is_sold_out)
    )
    words = _("{name}: sold out.") if wish.is_sold_out else _("{name}: available again.")
    return call.see_other(f"{_list(call, wish.back)}#p-{product_id}", notice=words.format(name=found.name))


@flow
def move(call: Call) -> Response:
    """One place up or down in its category. Raises NoSuchProduct."""
    wish, product_id = call.form(Move), call.path["id"]
    call.app.db.write(lambda session: service.move_product(session, call.principal, product_id, wish.steps))
    return call.see_other(f"{_list(call, wish.back)}#p-{product_id}")


@read
def ask_archive(call: Call, session: Session) -> Response:
    """The question before. Raises NoSuchProduct."""
    product = product_by_id(session, call.path["id"])
    shelf = category_by_id(session, product.category_id)
    return sales_page(call, "sales/product_archive.html", product=product, shelf=shelf)


@flow
def archive(call: Call) -> Response:
    """It leaves the tills; one press brings it back. Raises NoSuchProduct, DepositInUse."""
    found = call.app.db.write(
        lambda session: service.archive_product(session, call.principal, call.path["id"])
    )
    notice = _("{name} is archived.").format(name=found.name)
    return call.see_other(TAB, notice=notice, undo=call.url("sales.product_restore", id=found.id))


@flow
def restore(call: Call) -> Response:
    """It is sold again. Raises NoSuchProduct, ProductNameTaken, Invalid."""
    found = call.app.db.write(
        lambda session: service.restore_product(session, call.principal, call.path["id"])
    )
    return call.see_other(TAB, notice=_("{name} is back.").format(name=found.name))


def _rows(session: Session, found: list[Product], shelves: list[Category], asked: ProductFilter) -> list[Row]:
    by_id, prices = {shelf.id: shelf for shelf in shelves}, prices_by_product(session)
    names, known = {one.id: one.name for one in found}, units(session)
    wanted = folded(asked.q)
    return [
        Row(
            one, by_id[one.category_id], prices_text(prices.get(one.id, []), one.unit, known),
            names.get(one.deposit_id, "") if one.deposit_id else "", picture_path(one.picture),
        )
        for one in found
        if (one.archived_at is not None) == asked.archived
        and asked.category in (None, one.category_id)
        and wanted in folded(one.name)
    ]  # fmt: skip


def _chips(call: Call, shelves: list[Category], asked: ProductFilter) -> list[tuple[str, str, bool, str]]:
    used = [shelf for shelf in shelves if shelf.archived_at is None]
    all_of_them = (_("All"), call.same_page(category=None), asked.category is None, "list")
    return [all_of_them] + [
        (shelf.name, call.same_page(category=shelf.id), asked.category == shelf.id, shelf.icon)
        for shelf in used
    ]


def _list(call: Call, back: str) -> str:
    """The list that a verb was pressed on: an address of this page alone, whatever the form says."""
    here = call.url(TAB)
    return back if back == here or back.startswith(f"{here}?") else here


GUARD = {"needs": CATALOGUE}
DOORS = (
    page("GET", "/admin/sales/products", TAB, products, query=ProductFilter, **GUARD),
    page("POST", "/admin/sales/products/{id:uuid}/sold-out", "sales.product_sold_out", sold_out, **GUARD),
    page("POST", "/admin/sales/products/{id:uuid}/move", "sales.product_move", move, **GUARD),
    page("GET", "/admin/sales/products/{id:uuid}/archive", "sales.product_ask", ask_archive, **GUARD),
    page("POST", "/admin/sales/products/{id:uuid}/archive", "sales.product_archive", archive, **GUARD),
    page("POST", "/admin/sales/products/{id:uuid}/restore", "sales.product_restore", restore, **GUARD),
)
