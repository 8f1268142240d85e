"""A small bar for tests: two categories, a deposit, a beer, a free price, a soup in the kitchen."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.ids import new_id
from sales.catalogue_values import CategoryValues, PointValues, PriceValues, ProductValues
from sales.service.categories import create_category
from sales.service.points import create_point
from sales.service.products import create_product

MARGOT = Principal(new_id(), "Margot", "margot@example.org")


@dataclass(frozen=True)
class Bar:
    """Beer: 3.00 and 2.00, 20 %, with the deposit of a cup, 1.00. Soup: 4.00, 10 %."""

    drinks: UUID
    food: UUID
    cup: UUID
    beer: UUID
    soup: UUID
    free: UUID
    bar: UUID
    kitchen: UUID


def a_bar(session: Session) -> Bar:
    """Two categories, four products, two points of sale."""
    drinks = create_category(session, MARGOT, CategoryValues(name="Bières", tone="beer", icon="beer-stein"))
    food = create_category(session, MARGOT, CategoryValues(name="À manger"))
    cup = create_product(session, MARGOT, product(drinks.id, "Gobelet", 100, vat_rate=0, sort="deposit")).id
    prices = (PriceValues(name="Normal", amount=300), PriceValues(name="Réduit", amount=200))
    beer = create_product(session, MARGOT, product(drinks.id, "Demi", prices=prices, deposit_id=cup)).id
    soup = create_product(session, MARGOT, product(food.id, "Soupe", 400, vat_rate=1000)).id
    free = create_product(session, MARGOT, product(food.id, "Prix libre", None, vat_rate=1000)).id
    bar = create_point(session, MARGOT, PointValues(name="Bar", products=(beer, free, cup))).id
    kitchen = create_point(session, MARGOT, PointValues(name="Cuisine", products=(soup,))).id
    return Bar(drinks.id, food.id, cup, beer, soup, free, bar, kitchen)


def product(category_id: UUID, name: str, amount: int | None = 300, **more: object) -> ProductValues:
    """A product with one price, unless `prices` are given."""
    values = {"prices": (PriceValues(amount=amount),)} | more
    return ProductValues(name=name, category_id=category_id, **values)  # type: ignore[arg-type]
