"""Writing a product: one form with all its prices, its errors beside the fields, nothing typed is lost."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.pictures import MOST_BYTES
from kit.web import Call, flow, page, read
from sales.catalogue_values import ProductValues
from sales.catalogue_words import UNIT_NAMES, rate_choices
from sales.models.catalogue import Category, Product
from sales.pages import product_forms as forms
from sales.pages.product_forms import PriceRow, ProductForm
from sales.pages.showing import sales_page
from sales.permissions import CATALOGUE
from sales.picture_names import picture_path
from sales.product_pictures import keep_picture, known_picture
from sales.queries import shelves
from sales.queries.units import units, units_given
from sales.service.products import create_product, edit_product

UPLOAD = MOST_BYTES + (1 << 20)
DEPOSIT = "deposit"


@read
def new(call: Call, session: Session) -> Response:
    """An empty form: of a product, or with `?sort=deposit` of a deposit."""
    is_deposit = call.request.query_params.get("sort") == DEPOSIT
    points = [str(point.id) for point in shelves.all_points(session) if point.archived_at is None]
    usual = {
        "sort": DEPOSIT if is_deposit else "product",
        "vat_rate": 0 if is_deposit else "",
        "category_id": call.request.query_params.get("category", ""),
        "points": points if len(points) == 1 else [],
    }
    return _form(call, session, None, (usual, []))


@read
def edit(call: Call, session: Session) -> Response:
    """The form of a product. Raises NoSuchProduct."""
    product = shelves.product_by_id(session, call.path["id"])
    category = shelves.category_by_id(session, product.category_id)
    values = forms.shown_values(product, shelves.points_of(session, product.id), category.icon)
    rows = forms.shown_rows(shelves.prices_of(session, product.id), units(session))
    return _form(call, session, product, (values, rows))


@flow
def create(call: Call) -> Response:
    """Keep a new product."""
    return _save(call, None)


@flow
def change(call: Call) -> Response:
    """Keep the changes of a product."""
    return _save(call, call.path["id"])


def _save(call: Call, product_id: UUID | None) -> Response:
    sent, rows = forms.sent_values(call.fields), forms.rows_of(call.fields)
    try:
        form = call.form(ProductForm)
        sent["picture"] = picture = _picture(call, form)
        saved = call.app.db.write(
            lambda session: _write(call, session, product_id, _values(session, form, rows, picture))
        )
    except Refusal as refusal:
        with call.app.db.read() as session:
            product = shelves.product_by_id(session, product_id) if product_id else None
            return _form(call, session, product, (sent, rows), refusal=refusal)
    return call.see_other("sales.products", notice=_("{name} is saved.").format(name=saved.name))


def _write(call: Call, session: Session, product_id: UUID | None, values: ProductValues) -> Product:
    if product_id is None:
        return create_product(session, call.principal, values)
    return edit_product(session, call.principal, product_id, values)


def _values(session: Session, form: ProductForm, rows: list[PriceRow], picture: str) -> ProductValues:
    """The icon of its category is written as none: it then follows the category."""
    shelf = session.get(Category, form.category_id) if form.category_id else None
    icon = "" if shelf is not None and form.icon == shelf.icon else form.icon
    return forms.values_from(form, forms.read_prices(rows, units(session)), picture, icon)


def _picture(call: Call, form: ProductForm) -> str:
    """The stored name of the picture now: the new one, else the one that was there."""
    upload = call.file("picture_file")
    if upload is None or not upload.data:
        return "" if form.remove_picture else known_picture(call.app, form.picture)
    try:
        return keep_picture(call.app, upload.data)
    except Refusal as refusal:
        refusal.fields = {"picture_file": refusal.sentence}
        raise


def _form(
    call: Call,
    session: Session,
    product: Product | None,
    shown: tuple[dict[str, Any], list[PriceRow]],
    *,
    refusal: Refusal | None = None,
) -> Response:
    values, rows = shown
    is_deposit = (product.sort if product else values.get("sort")) == DEPOSIT
    points = [point for point in shelves.all_points(session) if point.archived_at is None]
    return sales_page(
        call, "sales/product.html", refusal, tab="sales.products",
        product=product, is_deposit=is_deposit, values=_Blank(values),
        rows=forms.with_empty_rows(rows, is_deposit=is_deposit), currency_choices=_currencies(session, rows),
        category_choices=_choices(session, values), rate_choices=[("", "…"), *rate_choices()],
        unit_choices=list(UNIT_NAMES.items()), deposit_choices=_deposits(session, product),
        point_choices=[(str(point.id), point.name) for point in points],
        picture=picture_path(values.get("picture", "")),
    )  # fmt: skip


class _Blank(dict[str, Any]):
    """Values by field; what is not there is empty."""

    def __missing__(self, _name: str) -> str:
        return ""


def _choices(session: Session, values: dict[str, Any]) -> list[tuple[str, str]]:
    """The categories in use, and the one that it has."""
    own = str(values.get("category_id", ""))
    found = [one for one in shelves.all_categories(session) if one.archived_at is None or str(one.id) == own]
    return [("", "…"), *((str(one.id), one.name) for one in found)]


def _currencies(session: Session, rows: list[PriceRow]) -> list[tuple[str, str]]:
    """Euros, and the currencies of time and points that are given, or that a price has; alone, no choice."""
    used, given = {row.currency for row in rows}, units_given(session)
    found = [(str(key), one) for key, one in units(session).items() if key in given or str(key) in used]
    named = [(key, f"{one.symbol} · {one.name}" if one.symbol else one.name) for key, one in found]
    return [("", "€"), *named] if named else []


def _deposits(session: Session, product: Product | None) -> list[tuple[str, str]]:
    found = [one for one in shelves.deposits(session) if one is not product]
    return [("", _("No deposit")), *((str(one.id), one.name) for one in found)]


GUARD = {"needs": CATALOGUE}
DOORS = (
    page("GET", "/admin/sales/products/new", "sales.product_new", new, **GUARD),
    page("POST", "/admin/sales/products/new", "sales.product_create", create, max_body=UPLOAD, **GUARD),
    page("GET", "/admin/sales/products/{id:uuid}", "sales.product", edit, **GUARD),
    page("POST", "/admin/sales/products/{id:uuid}", "sales.product_change", change, max_body=UPLOAD, **GUARD),
)
