"""The back office's points of sale, each with the ordered list of what its tills show."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Invalid, Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from sales.catalogue_values import PointValues
from sales.models.catalogue import Product
from sales.models.points import PointOfSale
from sales.pages.categories import Steps
from sales.pages.showing import sales_page
from sales.permissions import CATALOGUE
from sales.queries.shelves import (
    all_categories,
    all_points,
    all_products,
    lists_of_points,
    point_by_id,
    products_of,
)
from sales.service import points as service

TAB = "sales.points"


@read
def points(call: Call, session: Session) -> Response:
    """Those in use with what they show, then the archived."""
    found, names = all_points(session), _names(session)
    shown = {
        point_id: [names[one] for one in listed if one in names]
        for point_id, listed in lists_of_points(session).items()
    }
    return sales_page(
        call, "sales/points.html", tab=TAB, shown=shown,
        used=[one for one in found if one.archived_at is None],
        archived=[one for one in found if one.archived_at is not None],
    )  # fmt: skip


@read
def new(call: Call, session: Session) -> Response:
    """An empty form."""
    return _form(call, session, None, {})


@read
def point(call: Call, session: Session) -> Response:
    """The form of a point of sale. Raises NoSuchPoint."""
    found = point_by_id(session, call.path["id"])
    return _form(call, session, found, _values(session, found))


@flow
def create(call: Call) -> Response:
    """Add a point of sale."""
    try:
        values = _read(call, {}, ())
        saved = call.app.db.write(lambda session: service.create_point(session, call.principal, values))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, None, call.form_values(), refusal)
    return call.see_other(TAB, notice=_("{name} is saved.").format(name=saved.name))


@flow
def change(call: Call) -> Response:
    """Change its name, icon, list. Raises NoSuchPoint."""
    point_id: UUID = call.path["id"]
    try:
        with call.app.db.read() as session:
            listed = products_of(session, point_by_id(session, point_id).id)
            before = _places(listed, _names(session))
        values = _read(call, before, [one for one in listed if one not in before])
        call.app.db.write(lambda session: service.edit_point(session, call.principal, point_id, values))
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _form(call, session, point_by_id(session, point_id), call.form_values(), refusal)
    here = f"{call.url(TAB)}#s-{point_id}"
    return call.see_other(here, notice=_("{name} is saved.").format(name=values.name))


@flow
def move(call: Call) -> Response:
    """One place up or down. Raises NoSuchPoint."""
    steps, point_id = call.form(Steps).steps, call.path["id"]
    call.app.db.write(lambda session: service.move_point(session, call.principal, point_id, steps))
    return call.see_other(f"{call.url(TAB)}#s-{point_id}")


@read
def ask_archive(call: Call, session: Session) -> Response:
    """The question before. Raises NoSuchPoint."""
    return sales_page(call, "sales/point_archive.html", point=point_by_id(session, call.path["id"]))


@flow
def archive(call: Call) -> Response:
    """Tills no longer offer it; one press brings it back. Raises NoSuchPoint."""
    found = call.app.db.write(lambda session: service.archive_point(session, call.principal, call.path["id"]))
    notice = _("{name} is archived.").format(name=found.name)
    return call.see_other(TAB, notice=notice, undo=call.url("sales.point_restore", id=found.id))


@flow
def restore(call: Call) -> Response:
    """Tills offer it again. Raises NoSuchPoint, PointNameTaken."""
    found = call.app.db.write(lambda session: service.restore_point(session, call.principal, call.path["id"]))
    return call.see_other(TAB, notice=_("{name} is back.").format(name=found.name))


def in_order(wanted: Mapping[UUID, int], before: Mapping[UUID, int]) -> tuple[UUID, ...]:
    """By the numbers that people wrote: one that moved takes its number, the others make room for it."""

    def rank(product: UUID) -> tuple[float, int]:
        number, was = wanted[product], before.get(product)
        step = 0.0 if was == number else 0.5 if was is not None and was < number else -0.5
        return number + step, number

    return tuple(sorted(wanted, key=rank))


def _read(call: Call, before: Mapping[UUID, int], hidden: Sequence[UUID]) -> PointValues:
    """The form; `hidden` are archived products, which stay on the list. Raises Invalid."""
    wanted: dict[UUID, int] = {}
    for name, values in call.fields.items():
        if name.startswith("place_") and (text := values[-1].strip()):
            wanted[_id(name.removeprefix("place_"))] = _number(name, text)
    form = call.form(PointValues)
    return PointValues(name=form.name, icon=form.icon, products=(*in_order(wanted, before), *hidden))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(cause=f"no product id: {text[:40]!r}") from error


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Invalid(fields={name: _("I write a whole number, such as 3, or nothing.")})
    return int(text)


def _names(session: Session) -> dict[UUID, Product]:
    return {one.id: one for one in all_products(session) if one.archived_at is None}


def _places(listed: list[UUID], known: Mapping[UUID, Product]) -> dict[UUID, int]:
    return {one: at for at, one in enumerate((one for one in listed if one in known), start=1)}


def _values(session: Session, found: PointOfSale) -> dict[str, Any]:
    places = _places(products_of(session, found.id), _names(session))
    return {"name": found.name, "icon": found.icon} | {f"place_{one}": at for one, at in places.items()}


def _form(
    call: Call,
    session: Session,
    found: PointOfSale | None,
    values: dict[str, Any],
    refusal: Refusal | None = None,
) -> Response:
    """Those that are shown come first, in their order; then the others, by category."""
    products = list(_names(session).values())
    if found is not None:
        places = _places(products_of(session, found.id), {one.id: one for one in products})
        last = len(products) + 1
        products.sort(key=lambda one: places.get(one.id, last))
    return sales_page(
        call, "sales/point.html", refusal, tab=TAB, point=found, products=products,
        shelves={one.id: one for one in all_categories(session)},
        values={"name": "", "icon": "storefront"} | values,
    )  # fmt: skip


GUARD = {"needs": CATALOGUE}
DOORS = (
    page("GET", "/admin/sales/points", TAB, points, **GUARD),
    page("GET", "/admin/sales/points/new", "sales.point_new", new, **GUARD),
    page("POST", "/admin/sales/points/new", "sales.point_create", create, **GUARD),
    page("GET", "/admin/sales/points/{id:uuid}", "sales.point", point, **GUARD),
    page("POST", "/admin/sales/points/{id:uuid}", "sales.point_change", change, **GUARD),
    page("POST", "/admin/sales/points/{id:uuid}/move", "sales.point_move", move, **GUARD),
    page("GET", "/admin/sales/points/{id:uuid}/archive", "sales.point_ask", ask_archive, **GUARD),
    page("POST", "/admin/sales/points/{id:uuid}/archive", "sales.point_archive", archive, **GUARD),
    page("POST", "/admin/sales/points/{id:uuid}/restore", "sales.point_restore", restore, **GUARD),
)
