"""Products, prices, categories, points of sale: what tills read, and what is refused."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kit.db import Database
from kit.demo import DemoSpec
from kit.errors import Invalid
from kit.ids import new_id
from sales import catalogue_refusals as no
from sales import demo
from sales.catalogue_values import CategoryValues, PointValues, PriceValues, ProductValues
from sales.journal.shapes import Key, read_entry
from sales.models.catalogue import Price, Product
from sales.models.journal import JournalEntry
from sales.queries.catalogue import catalogue, revision, sellable_products
from sales.queries.shelves import points_of
from sales.service import categories, points, products
from sales.store.decider import KIND, JournalDecider
from tests.factories.catalogue import MARGOT, Bar, a_bar, product
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import usual


@pytest.fixture
def bar(db: Database) -> Bar:
    db.register_kind(KIND, JournalDecider(Key(b"k" * 32), "https://bar.example"))
    return db.write(a_bar)


def edit(db: Database, product_id: UUID, values: ProductValues) -> Product:
    return db.write(lambda session: products.edit_product(session, MARGOT, product_id, values))


def test_tills_read_what_is_sold_now(db: Database, bar: Bar) -> None:
    with db.read() as session:
        found = catalogue(session)
    assert [(shelf.name, shelf.tone) for shelf in found.categories] == [
        ("Bières", "beer"),
        ("À manger", "food"),
    ]
    known = {one.id: one for one in found.products}
    assert [offer.amount for offer in known[bar.beer].prices] == [300, 200]
    assert (known[bar.beer].deposit, known[bar.beer].icon, known[bar.free].prices[0].amount) == (
        bar.cup, "beer-stein", None,
    )  # fmt: skip
    assert [(point.name, point.products) for point in found.points] == [
        ("Bar", (bar.beer, bar.free, bar.cup)),
        ("Cuisine", (bar.soup,)),
    ]


def test_what_is_archived_leaves_the_till_and_can_still_be_replayed(db: Database, bar: Bar) -> None:
    before = revision_of(db)
    db.write(lambda session: products.archive_product(session, MARGOT, bar.beer))
    with db.read() as session:
        found, all_of_them = catalogue(session), sellable_products(session)
    assert bar.beer not in {one.id for one in found.products} | set(found.points[0].products)
    assert all_of_them[bar.beer].is_archived
    assert found.revision > before
    db.write(lambda session: products.restore_product(session, MARGOT, bar.beer))
    with db.read() as session:
        assert bar.beer in catalogue(session).points[0].products


def test_another_amount_is_another_price(db: Database, bar: Bar) -> None:
    with db.read() as session:
        beer = sellable_products(session)[bar.beer]
    normal, reduced = beer.prices.values()
    prices = (
        PriceValues(id=normal.id, name="Normal", amount=320),
        PriceValues(id=reduced.id, name="Solidaire", amount=200),
    )
    edit(db, bar.beer, product(bar.drinks, "Demi", prices=prices))
    with db.read() as session:
        after = sellable_products(session)[bar.beer].prices
    assert (after[normal.id].amount, after[normal.id].is_archived) == (300, True)
    assert (after[reduced.id].name, after[reduced.id].is_archived) == ("Solidaire", False)
    assert [offer.amount for offer in after.values() if not offer.is_archived] == [320, 200]
    with pytest.raises(Invalid):
        edit(db, bar.beer, product(bar.drinks, "Demi", prices=(PriceValues(id=normal.id, amount=1),)))


def test_prices_and_archives_are_sealed(db: Database, bar: Bar) -> None:
    edit(db, bar.soup, product(bar.food, "Soupe", 450, vat_rate=550))
    edit(db, bar.soup, product(bar.food, "Soupe du soir", 450, vat_rate=550))
    db.write(lambda session: products.archive_product(session, MARGOT, bar.soup))
    with db.read() as session:
        bodies = session.scalars(select(JournalEntry.body).order_by(JournalEntry.seq)).all()
    events = [event for body in bodies if (event := read_entry(body).event)]
    assert [(event.what, event.about, event.before, event.after) for event in events] == [
        ("price", "Soupe", "4.00, VAT 10.00", "4.50, VAT 5.50"),
        ("product", "Soupe du soir", "4.50, VAT 5.50", ""),
    ]


def test_the_database_keeps_products_and_amounts(db: Database, bar: Bar) -> None:
    def dearer(session: Session) -> None:
        session.query(Price).update({"amount": 1})

    def gone(session: Session) -> None:
        session.query(Product).delete()

    for trespass in (dearer, gone):
        with pytest.raises(DBAPIError):
            db.write(trespass)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "a\nb"}),
        ("vat_rate", {"vat_rate": 1234}),
        ("icon", {"icon": "nothing"}),
        ("prices", {"prices": ()}),
        ("prices", {"prices": (PriceValues(amount=1), PriceValues(name="b", amount=1))}),
        ("prices", {"prices": (PriceValues(name="A", amount=1), PriceValues(name="a", amount=2))}),
        ("vat_rate", {"sort": "deposit"}),
        ("prices", {"sort": "deposit", "vat_rate": 0, "prices": (PriceValues(),)}),
        ("category_id", {"category_id": new_id()}),
        ("deposit_id", {"deposit_id": new_id()}),
    ],
)
def test_a_product_that_cannot_be_is_refused(
    db: Database, bar: Bar, field: str, more: dict[str, Any]
) -> None:
    values = structs.replace(product(bar.food, "Tarte"), **more)
    with pytest.raises(Invalid) as refused:
        db.write(lambda session: products.create_product(session, MARGOT, values))
    assert field in refused.value.fields


def test_names_and_uses_are_guarded(db: Database, bar: Bar) -> None:
    tart, cup = product(bar.food, "Tarte", points=(new_id(),)), product(bar.food, "Gobelet", 100)
    beers = CategoryValues(name="bieres")
    empty = PointValues(name="X", products=(new_id(),))
    acts: list[tuple[type[Exception], Any]] = [
        (no.ProductNameTaken, lambda s: products.create_product(s, MARGOT, product(bar.food, "SOUPE"))),
        (no.CategoryNameTaken, lambda s: categories.create_category(s, MARGOT, beers)),
        (no.PointNameTaken, lambda s: points.create_point(s, MARGOT, PointValues(name="bar"))),
        (no.CategoryInUse, lambda s: categories.archive_category(s, MARGOT, bar.food)),
        (no.DepositInUse, lambda s: products.archive_product(s, MARGOT, bar.cup)),
        (no.SortStays, lambda s: products.edit_product(s, MARGOT, bar.cup, cup)),
        (no.NoSuchProduct, lambda s: products.archive_product(s, MARGOT, new_id())),
        (no.NoSuchProduct, lambda s: points.create_point(s, MARGOT, empty)),
        (no.NoSuchPoint, lambda s: products.create_product(s, MARGOT, tart)),
        (no.NoSuchCategory, lambda s: categories.archive_category(s, MARGOT, new_id())),
    ]
    before = revision_of(db)
    for refusal, act in acts:
        with pytest.raises(refusal):
            db.write(act)
    assert revision_of(db) == before


def test_order_and_lists_follow(db: Database, bar: Bar) -> None:
    db.write(lambda session: products.move_product(session, MARGOT, bar.free, -1))
    db.write(lambda session: categories.move_category(session, MARGOT, bar.food, -1))
    db.write(lambda session: points.move_point(session, MARGOT, bar.kitchen, -5))
    both = product(bar.food, "Soupe", 400, vat_rate=1000, points=(bar.bar, bar.kitchen))
    edit(db, bar.soup, both)
    db.write(lambda session: products.set_sold_out(session, MARGOT, bar.soup, True))
    with db.read() as session:
        found = catalogue(session)
        assert sorted(points_of(session, bar.soup)) == sorted([bar.bar, bar.kitchen])
    assert [one.id for one in found.products] == [bar.free, bar.soup, bar.cup, bar.beer]
    assert [point.id for point in found.points] == [bar.kitchen, bar.bar]
    assert found.points[1].products == (bar.beer, bar.free, bar.cup, bar.soup)
    assert found.products[1].is_sold_out


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("key", "products_", "names"), [
    ("escargotiere", 23, ["Bar", "Cuisine"]), ("grange", 8, ["Buvette"]), ("tournevis", 7, ["Comptoir"]),
])  # fmt: skip
def test_demonstration_sells_something(db: Database, key: str, products_: int, names: list[str]) -> None:
    hours = structs.replace(usual("time", "Bar"), code="temps")
    db.write(lambda session: create_currency(session, MARGOT, hours, "https://bar.example"))
    db.write(lambda session: demo.fill(session, DemoSpec(key, date(2026, 11, 21))))
    with db.read() as session:
        found = catalogue(session)
    assert (len(found.products), [point.name for point in found.points]) == (products_, names)
    assert sum(product.is_sold_out for product in found.products) == 1


def revision_of(db: Database) -> int:
    with db.read() as session:
        return revision(session)
