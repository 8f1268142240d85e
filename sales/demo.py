"""What the invented collectives of the demonstration sell: categories, products, points of sale."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.demo import DemoSpec
from sales.catalogue_values import CategoryValues, PointValues, PriceValues, ProductValues, Sort, Tone, Unit
from sales.product_table import read_prices
from sales.queries.units import Units, units
from sales.service.categories import create_category
from sales.service.points import create_point
from sales.service.products import create_product

FILE: Final = Path(__file__).with_name("demo.toml")
ANYONE: Final = "anyone"
BY: Final = Principal(name="hameau demo")


class ToldProduct(Struct, frozen=True, forbid_unknown_fields=True):
    """One product of the file; `vat` in percent, `price` as in a table of products, `deposit` by its name."""

    name: str
    price: str = ""
    prices: dict[str, str] = {}
    vat: float = 0
    icon: str = ""
    sort: Sort = "product"
    unit: Unit = "piece"
    deposit: str = ""
    purchase: str = ""
    sold_out: bool = False


class ToldCategory(Struct, frozen=True, forbid_unknown_fields=True):
    """One category of the file, with its products."""

    name: str
    tone: Tone
    icon: str
    products: list[ToldProduct]


class ToldPoint(Struct, frozen=True, forbid_unknown_fields=True):
    """One point of sale of the file; its products by name."""

    name: str
    icon: str
    products: list[str]


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """What one collective sells."""

    categories: list[ToldCategory]
    points: list[ToldPoint]


def fill(session: Session, spec: DemoSpec) -> None:
    """Write the catalogue of one invented collective."""
    file = tomllib.loads(FILE.read_text(encoding="utf-8"))
    told = msgspec.convert(file.get(spec.name_key, file[ANYONE]), Told)
    shelves = {
        one.name: create_category(session, BY, CategoryValues(name=one.name, tone=one.tone, icon=one.icon)).id
        for one in told.categories
    }
    pairs = [(shelves[shelf.name], product) for shelf in told.categories for product in shelf.products]
    ids: dict[str, UUID] = {}
    known = units(session)
    for shelf_id, product in sorted(pairs, key=lambda pair: pair[1].sort):  # a deposit before what needs it
        ids[product.name] = create_product(session, BY, _values(product, shelf_id, ids, known)).id
    for point in told.points:
        listed = tuple(ids[name] for name in point.products)
        create_point(session, BY, PointValues(name=point.name, icon=point.icon, products=listed))


def _values(told: ToldProduct, category_id: UUID, known: dict[str, UUID], currencies: Units) -> ProductValues:
    return ProductValues(
        name=told.name,
        category_id=category_id,
        prices=_prices(told, currencies),
        vat_rate=round(told.vat * 100),
        sort=told.sort,
        unit=told.unit,
        icon=told.icon,
        purchase_price=_cents(told.purchase) if told.purchase else None,
        deposit_id=known[told.deposit] if told.deposit else None,
        is_sold_out=told.sold_out,
    )


def _prices(told: ToldProduct, currencies: Units) -> tuple[PriceValues, ...]:
    if told.prices:
        return tuple(PriceValues(name=name, amount=_cents(euros)) for name, euros in told.prices.items())
    return read_prices(told.price, currencies)


def _cents(euros: str) -> int:
    return int(Decimal(euros) * 100)
