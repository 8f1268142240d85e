"""`/api/v1/products`, `/api/v1/product-categories`, `/api/v1/points-of-sale`: the catalogue for programs."""

from typing import Any

from msgspec import structs
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import BadCursor
from kit.web import Call, api, read, write
from kit.web.paging import Paged, one_page
from sales import catalogue_refusals as no
from sales.api import shapes
from sales.catalogue_values import CategoryValues, PointValues, PriceValues, ProductFields, ProductValues
from sales.models.catalogue import Product
from sales.permissions import CATALOGUE, ENTER, SEE
from sales.queries import shelves
from sales.service import categories, points, products


@read
def list_products(call: Call, session: Session) -> Response:
    found = shapes.products_json(session, shelves.all_products(session), with_costs=_sees_costs(call))
    return one_page(call, found, _by_name, NAMED, lambda one: one)


@read
def get_product(call: Call, session: Session) -> shapes.ProductJson:
    product = shelves.product_by_id(session, call.path["id"])
    return shapes.products_json(session, [product], with_costs=_sees_costs(call))[0]


@write
def create_product(call: Call, session: Session) -> shapes.ProductJson:
    values = ProductValues(**structs.asdict(call.body(ProductFields)))
    return shapes.product_json(session, products.create_product(session, call.principal, values))


@write
def patch_product(call: Call, session: Session) -> shapes.ProductJson:
    product = shelves.product_by_id(session, call.path["id"])
    given = shapes.said(call.body(shapes.ProductPatch))
    is_archived = given.pop("is_archived", None)
    if is_archived is not True and given.keys() == {"is_sold_out"}:
        products.set_sold_out(session, call.principal, product.id, given["is_sold_out"])
    elif given:
        values = structs.replace(_values_now(session, product), **given)
        products.edit_product(session, call.principal, product.id, values)
    _archive_or_restore(session, call, products.archive_product, products.restore_product, is_archived)
    return shapes.product_json(session, product)


@read
def list_categories(call: Call, session: Session) -> Response:
    found = [shapes.category_json(one) for one in shelves.all_categories(session)]
    return one_page(call, found, _by_name, NAMED, lambda one: one)


@write
def create_category(call: Call, session: Session) -> shapes.CategoryJson:
    return shapes.category_json(
        categories.create_category(session, call.principal, call.body(CategoryValues))
    )


@write
def patch_category(call: Call, session: Session) -> shapes.CategoryJson:
    category = shelves.category_by_id(session, call.path["id"])
    given = shapes.said(call.body(shapes.CategoryPatch))
    is_archived = given.pop("is_archived", None)
    if given:
        now = CategoryValues(name=category.name, tone=category.tone, icon=category.icon)  # type: ignore[arg-type]
        categories.edit_category(session, call.principal, category.id, structs.replace(now, **given))
    _archive_or_restore(session, call, categories.archive_category, categories.restore_category, is_archived)
    return shapes.category_json(category)


@read
def list_points(call: Call, session: Session) -> Response:
    lists = shelves.lists_of_points(session)
    found = [shapes.point_json(one, lists.get(one.id, [])) for one in shelves.all_points(session)]
    return one_page(call, found, _by_name, NAMED, lambda one: one)


@read
def get_point(call: Call, session: Session) -> shapes.PointJson:
    point = shelves.point_by_id(session, call.path["id"])
    return shapes.point_json(point, shelves.products_of(session, point.id))


@write
def create_point(call: Call, session: Session) -> shapes.PointJson:
    point = points.create_point(session, call.principal, call.body(PointValues))
    return shapes.point_json(point, shelves.products_of(session, point.id))


@write
def patch_point(call: Call, session: Session) -> shapes.PointJson:
    point = shelves.point_by_id(session, call.path["id"])
    given = shapes.said(call.body(shapes.PointPatch))
    is_archived = given.pop("is_archived", None)
    if given:
        values = structs.replace(PointValues(name=point.name, icon=point.icon), **given)
        points.edit_point(session, call.principal, point.id, values)
    _archive_or_restore(session, call, points.archive_point, points.restore_point, is_archived)
    return shapes.point_json(point, shelves.products_of(session, point.id))


def _sees_costs(call: Call) -> bool:
    """What a product costs the house is for those who change products, or see the accounts."""
    return call.principal.may(CATALOGUE) or call.principal.may(SEE)


def _archive_or_restore(
    session: Session, call: Call, archive: Any, restore: Any, is_archived: bool | None
) -> None:
    if is_archived is not None:
        (archive if is_archived else restore)(session, call.principal, call.path["id"])


def _values_now(session: Session, product: Product) -> ProductValues:
    prices = tuple(
        PriceValues(id=price.id, name=price.name, amount=price.amount)
        for price in shelves.prices_of(session, product.id)
    )
    same = {
        name: getattr(product, name) for name in ProductValues.__struct_fields__ if hasattr(product, name)
    }
    return ProductValues(**(same | {"prices": prices, "points": None}))


def _by_name(one: Any) -> tuple[str, str]:
    return str(one.name).casefold(), str(one.id)


NAMED = tuple[str, str]
READ: dict[str, Any] = {"scope": "sales:read", "needs": ENTER}
WRITE: dict[str, Any] = {"scope": "sales:write", "needs": CATALOGUE}
LIST: dict[str, Any] = {"query": Paged, "refusals": (BadCursor,)}
NO_PRODUCT = (no.NoSuchProduct, no.NoSuchPoint, no.ProductNameTaken, no.DepositInUse, no.CatalogueFull)
NO_CATEGORY = (no.NoSuchCategory, no.CategoryNameTaken, no.CategoryInUse, no.CatalogueFull)
NO_POINT = (no.NoSuchPoint, no.NoSuchProduct, no.PointNameTaken, no.CatalogueFull)
PRODUCTS, PRODUCT = "/api/v1/products", "/api/v1/products/{id:uuid}"
CATEGORIES, CATEGORY = "/api/v1/product-categories", "/api/v1/product-categories/{id:uuid}"
POINTS, POINT = "/api/v1/points-of-sale", "/api/v1/points-of-sale/{id:uuid}"

DOORS = (
    api("GET", PRODUCTS, "api.products", list_products, answer=shapes.ProductList,
        summary="Products, the archived ones too", **LIST, **READ),
    api("GET", PRODUCT, "api.product", get_product, answer=shapes.ProductJson,
        refusals=(no.NoSuchProduct,), summary="One product", **READ),
    api("POST", PRODUCTS, "api.products.create", create_product, body=ProductFields,
        answer=shapes.ProductJson, status=201, refusals=NO_PRODUCT, summary="Add a product", **WRITE),
    api("PATCH", PRODUCT, "api.products.patch", patch_product, body=shapes.ProductPatch,
        answer=shapes.ProductJson, refusals=NO_PRODUCT, summary="Change or archive a product", **WRITE),
    api("GET", CATEGORIES, "api.product_categories", list_categories, answer=shapes.CategoryList,
        summary="Categories of products", **LIST, **READ),
    api("POST", CATEGORIES, "api.product_categories.create", create_category, body=CategoryValues,
        answer=shapes.CategoryJson, status=201, refusals=NO_CATEGORY, summary="Add a category", **WRITE),
    api("PATCH", CATEGORY, "api.product_categories.patch", patch_category, body=shapes.CategoryPatch,
        answer=shapes.CategoryJson, refusals=NO_CATEGORY, summary="Change or archive a category", **WRITE),
    api("GET", POINTS, "api.points_of_sale", list_points, answer=shapes.PointList,
        summary="Points of sale and their lists", **LIST, **READ),
    api("GET", POINT, "api.point_of_sale", get_point, answer=shapes.PointJson,
        refusals=(no.NoSuchPoint,), summary="One point of sale", **READ),
    api("POST", POINTS, "api.points_of_sale.create", create_point, body=PointValues,
        answer=shapes.PointJson, status=201, refusals=NO_POINT, summary="Add a point of sale", **WRITE),
    api("PATCH", POINT, "api.points_of_sale.patch", patch_point, body=shapes.PointPatch,
        answer=shapes.PointJson, refusals=NO_POINT, summary="Change or archive a point of sale", **WRITE),
)  # fmt: skip
