"""The back office's categories: the shelves of the till, with their colour and icon, in order."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Invalid, Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from sales.catalogue_values import CategoryValues
from sales.models.catalogue import TONES, Category
from sales.pages.showing import sales_page
from sales.permissions import CATALOGUE
from sales.queries.shelves import all_categories, all_products, category_by_id
from sales.service import categories as service

TAB = "sales.categories"


class Steps(Struct):
    """Up or down by how many places."""

    steps: Annotated[int, Meta(ge=-1, le=1)]


class Merging(Struct):
    """Where the products of a category go."""

    target: UUID


@read
def categories(call: Call, session: Session) -> Response:
    """Those in use, then the archived."""
    found, counts = all_categories(session), _counts(session)
    return sales_page(
        call, "sales/categories.html", tab=TAB, counts=counts,
        used=[one for one in found if one.archived_at is None],
        archived=[one for one in found if one.archived_at is not None],
    )  # fmt: skip


@read
def new(call: Call, session: Session) -> Response:
    """An empty form, with the first colour that no category has."""
    worn = {one.tone for one in all_categories(session) if one.archived_at is None}
    tone = next((tone for tone in TONES if tone not in worn), "")
    return _form(call, None, {"name": "", "tone": tone, "icon": ""})


@read
def category(call: Call, session: Session) -> Response:
    """The form of a category. Raises NoSuchCategory."""
    found = category_by_id(session, call.path["id"])
    return _form(call, found, {"name": found.name, "tone": found.tone, "icon": found.icon})


@flow
def create(call: Call) -> Response:
    """Add a category."""
    try:
        values = call.form(CategoryValues)
        call.app.db.write(lambda session: service.create_category(session, call.principal, values))
    except Refusal as refusal:
        return _form(call, None, call.form_values(), refusal)
    return call.see_other(TAB, notice=_("{name} is saved.").format(name=values.name))


@flow
def change(call: Call) -> Response:
    """Change a category. Raises NoSuchCategory."""
    category_id: UUID = call.path["id"]
    try:
        values = call.form(CategoryValues)
        call.app.db.write(lambda session: service.edit_category(session, call.principal, category_id, values))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, category_by_id(session, category_id), call.form_values(), refusal)
    here = f"{call.url(TAB)}#c-{category_id}"
    return call.see_other(here, notice=_("{name} is saved.").format(name=values.name))


@flow
def move(call: Call) -> Response:
    """One place up or down. Raises NoSuchCategory."""
    steps, category_id = call.form(Steps).steps, call.path["id"]
    call.app.db.write(lambda session: service.move_category(session, call.principal, category_id, steps))
    return call.see_other(f"{call.url(TAB)}#c-{category_id}")


@read
def ask_archive(call: Call, session: Session) -> Response:
    """The question before. Raises NoSuchCategory."""
    return _ask_archive(call, session)


@flow
def archive(call: Call) -> Response:
    """It leaves the tills; one press brings it back. Raises NoSuchCategory, CategoryInUse."""
    found = call.app.db.write(
        lambda session: service.archive_category(session, call.principal, call.path["id"])
    )
    notice = _("{name} is archived.").format(name=found.name)
    return call.see_other(TAB, notice=notice, undo=call.url("sales.category_restore", id=found.id))


@flow
def merge(call: Call) -> Response:
    """Its products go to another one, and it is archived. Raises NoSuchCategory."""
    try:
        target = call.form(Merging).target
        found = call.app.db.write(
            lambda session: service.merge_category(session, call.principal, call.path["id"], target)
        )
    except Invalid as refusal:
        with call.app.db.read() as session:
            return _ask_archive(call, session, refusal)
    return call.see_other(TAB, notice=_("{name} is archived.").format(name=found.name))


@flow
def restore(call: Call) -> Response:
    """It is back at the tills. Raises NoSuchCategory, CategoryNameTaken."""
    found = call.app.db.write(
        lambda session: service.restore_category(session, call.principal, call.path["id"])
    )
    return call.see_other(TAB, notice=_("{name} is back.").format(name=found.name))


def _ask_archive(call: Call, session: Session, refusal: Refusal | None = None) -> Response:
    found = category_by_id(session, call.path["id"])
    others = [one for one in all_categories(session) if one.archived_at is None and one.id != found.id]
    return sales_page(
        call, "sales/category_archive.html", refusal,
        category=found, inside=_counts(session).get(found.id, 0), others=others,
    )  # fmt: skip


def _counts(session: Session) -> dict[UUID, int]:
    """How many products in use are in each."""
    counts: dict[UUID, int] = {}
    for product in all_products(session):
        if product.archived_at is None:
            counts[product.category_id] = counts.get(product.category_id, 0) + 1
    return counts


def _form(
    call: Call, found: Category | None, values: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    blank = {"name": "", "tone": "", "icon": ""}
    return sales_page(
        call, "sales/category.html", refusal, tab=TAB, category=found, values=blank | values, tones=TONES
    )


GUARD = {"needs": CATALOGUE}
DOORS = (
    page("GET", "/admin/sales/categories", TAB, categories, **GUARD),
    page("GET", "/admin/sales/categories/new", "sales.category_new", new, **GUARD),
    page("POST", "/admin/sales/categories/new", "sales.category_create", create, **GUARD),
    page("GET", "/admin/sales/categories/{id:uuid}", "sales.category", category, **GUARD),
    page("POST", "/admin/sales/categories/{id:uuid}", "sales.category_change", change, **GUARD),
    page("POST", "/admin/sales/categories/{id:uuid}/move", "sales.category_move", move, **GUARD),
    page("GET", "/admin/sales/categories/{id:uuid}/archive", "sales.category_ask", ask_archive, **GUARD),
    page("POST", "/admin/sales/categories/{id:uuid}/archive", "sales.category_archive", archive, **GUARD),
    page("POST", "/admin/sales/categories/{id:uuid}/merge", "sales.category_merge", merge, **GUARD),
    page("POST", "/admin/sales/categories/{id:uuid}/restore", "sales.category_restore", restore, **GUARD),
)
