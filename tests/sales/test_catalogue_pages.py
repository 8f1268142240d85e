"""The office of the catalogue, as a till manager uses it in a browser without JavaScript."""

import io
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from starlette.testclient import TestClient

from kit.app import App
from kit.choices import read_choice
from kit.db import Database
from kit.ids import new_id
from sales.choices import SalesRules
from sales.queries.catalogue import CatalogueProduct, catalogue
from sales.queries.shelves import all_categories, prices_of, product_by_id, products_of
from tests.factories.catalogue import Bar, a_bar
from tests.people.browsers import add_person, sign_in

PRODUCTS = "/admin/sales/products"


@pytest.fixture
def bar(app: App) -> Bar:
    return app.db.write(a_bar)


@pytest.fixture
def margot(app: App, client: TestClient) -> TestClient:
    """The browser of a till manager."""
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "margot@example.org", "till_manager", name="Margot")
    return client


def form(bar: Bar, **more: Any) -> dict[str, Any]:
    usual = {
        "name": "Assiette", "category_id": str(bar.food), "vat_rate": "1000", "sort": "product",
        "unit": "piece", "deposit_id": str(bar.cup), "purchase_price": "3,20", "points": [str(bar.kitchen)],
        "price_name_0": "Plein", "price_amount_0": "9,00", "price_name_1": "Réduit", "price_amount_1": "6",
        "price_name_2": "Soutien", "price_free_2": "on",
    }  # fmt: skip
    return usual | more


def named(db: Database, name: str) -> CatalogueProduct:
    with db.read() as session:
        return next(one for one in catalogue(session).products if one.name == name)


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(held, "PNG")
    return held.getvalue()


def test_a_product_is_written_on_one_page(margot: TestClient, db: Database, bar: Bar) -> None:
    files = {"picture_file": ("a.png", picture(), "image/png")}
    answer = margot.post(f"{PRODUCTS}/new", data=form(bar), files=files)
    assert answer.status_code == 303, answer.text
    found = named(db, "Assiette")
    assert [(price.name, price.amount) for price in found.prices] == [
        ("Plein", 900), ("Réduit", 600), ("Soutien", None),
    ]  # fmt: skip
    assert (found.deposit, found.vat_rate) == (bar.cup, 1000)
    shown = margot.get(PRODUCTS).text
    assert "€9.00" in shown
    assert found.picture in shown
    assert margot.get(found.picture.replace("-160", "-480")).headers["content-type"] == "image/webp"
    assert margot.get("/files/products/../settings.toml").status_code == 404


def test_nothing_typed_is_lost_after_a_refusal(margot: TestClient, db: Database, bar: Bar) -> None:
    wrong = form(bar, vat_rate="", name="Demi", price_amount_0="neuf", purchase_price="x")
    answer = margot.post(f"{PRODUCTS}/new", data=wrong)
    assert answer.status_code == 422
    assert "I write an amount with digits" in answer.text
    assert 'value="neuf"' in answer.text
    taken = margot.post(f"{PRODUCTS}/new", data=form(bar, name="demi"))
    assert (taken.status_code, "Another product has this name." in taken.text) == (409, True)
    both = margot.post(f"{PRODUCTS}/new", data=form(bar, price_free_0="on"))
    assert "not both" in both.text


def test_a_row_emptied_is_a_price_gone(margot: TestClient, db: Database, bar: Bar) -> None:
    with db.read() as session:
        ids = [str(price.id) for price in prices_of(session, bar.beer)]
    sent = form(
        bar, name="Demi", category_id=str(bar.drinks), price_id_0=ids[0], price_name_0="Normal",
        price_amount_0="3", price_id_1=ids[1], price_name_1="", price_amount_1="", price_name_2="",
        price_free_2="", icon="beer-stein", is_sold_out="on",
    )  # fmt: skip
    assert margot.post(f"{PRODUCTS}/{bar.beer}", data=sent).status_code == 303
    found = named(db, "Demi")
    assert [str(price.id) for price in found.prices] == ids[:1]
    assert found.is_sold_out
    with db.read() as session:
        assert product_by_id(session, bar.beer).icon == ""  # that of its category


def test_the_list_is_worked_in_single_presses(margot: TestClient, db: Database, bar: Bar) -> None:
    assert "Soupe" in margot.get(PRODUCTS, params={"category": str(bar.food)}).text
    assert "Soupe" not in margot.get(PRODUCTS, params={"q": "demi"}).text
    back = f"{PRODUCTS}?category={bar.food}"
    out = margot.post(f"{PRODUCTS}/{bar.soup}/sold-out", data={"is_sold_out": "true", "back": back})
    assert out.headers["location"] == f"{back}#p-{bar.soup}", "the keyboard goes on where it was"
    assert named(db, "Soupe").is_sold_out
    away = {"is_sold_out": "false", "back": "https://elsewhere.example/"}
    assert margot.post(f"{PRODUCTS}/{bar.soup}/sold-out", data=away).headers["location"] == (
        f"{PRODUCTS}#p-{bar.soup}"
    )
    margot.post(f"{PRODUCTS}/{bar.free}/move", data={"steps": "-1", "back": back})
    assert margot.post(f"{PRODUCTS}/{bar.cup}/archive").status_code == 409
    assert "I can bring it back" in margot.get(f"{PRODUCTS}/{bar.soup}/archive").text
    margot.post(f"{PRODUCTS}/{bar.soup}/archive")
    assert "Soupe" in margot.get(PRODUCTS, params={"archived": "true"}).text
    margot.post(f"{PRODUCTS}/{bar.soup}/restore")
    with db.read() as session:
        names = [one.name for one in catalogue(session).products]
    assert names.index("Prix libre") < names.index("Soupe")


def test_shelves_and_points_are_kept(margot: TestClient, db: Database, bar: Bar) -> None:
    new = {"name": "Vins", "tone": "wine", "icon": "wine"}
    assert margot.post("/admin/sales/categories/new", data=new).status_code == 303
    assert margot.post("/admin/sales/categories/new", data=new | {"tone": "blue"}).status_code == 422
    asked = margot.get(f"/admin/sales/categories/{bar.food}/archive")
    assert "2 products are in this category" in asked.text
    places = {f"place_{bar.free}": "1", f"place_{bar.cup}": "3", f"place_{bar.soup}": "2"}
    sent = {"name": "Bar", "icon": "beer-stein"} | places
    assert margot.post(f"/admin/sales/points/{bar.bar}", data=sent).status_code == 303
    with db.read() as session:
        assert products_of(session, bar.bar) == [bar.free, bar.soup, bar.cup]
    bad = margot.post(f"/admin/sales/points/{bar.bar}", data=sent | {f"place_{bar.soup}": "first"})
    assert (bad.status_code, "I write a whole number" in bad.text) == (422, True)
    assert margot.post(f"/admin/sales/points/{bar.kitchen}/archive").status_code == 303
    pages = ("points", "categories", f"points/{bar.bar}", f"categories/{bar.food}", "prices", "points/new")
    more = ("categories/new", f"points/{bar.bar}/archive", "products/new?sort=deposit")
    assert {margot.get(f"/admin/sales/{path}").status_code for path in (*pages, *more)} == {200}


def test_a_file_is_looked_at_before_it_is_written(margot: TestClient, db: Database, bar: Bar) -> None:
    text = (
        "name;category;prices;vat;sort;deposit;points\n"
        "Soupe;;4,50;;;;\n"
        "Demi;Bières;Normal: 3.00 | Réduit: 2.00;20;;Gobelet;Bar\n"
        "Bock;Cocktails;7;20;;Verre consigné;Bar | Cuisine\n"
        "Verre consigné;Consigne;2,00;0;consigne;;\n"
        "=1+1;Bières;gratuit;20;;;\n"
        "Tarte;À manger;3;12;;;\n"
    )
    upload = {"file": ("p.csv", text.encode(), "text/csv")}
    seen = margot.post("/admin/sales/import", files=upload)
    assert seen.status_code == 200, seen.text
    for words in ("2 products will be added", "1 will be changed", "2 lines will be left out", "Cocktails",
                  "This rate of VAT is not in the list", "I write an amount with digits"):  # fmt: skip
        assert words in seen.text
    assert named(db, "Soupe").prices[0].amount == 400
    assert margot.post("/admin/sales/import/yes", data={"text": text}).status_code == 303
    assert named(db, "Soupe").prices[0].amount == 450
    assert named(db, "Soupe").vat_rate == 1000
    assert named(db, "Bock").deposit == named(db, "Verre consigné").id
    out = margot.get("/admin/sales/products.csv").content
    again = margot.post("/admin/sales/import", files={"file": ("p.csv", out, "text/csv")})
    assert "0 products will be added" in again.text
    assert "0 will be changed" in again.text
    for junk in (b"\xff\xfe", b"a,b\n1,2\n", b""):
        assert margot.post("/admin/sales/import", files={"file": ("p.csv", junk, "x/y")}).status_code == 400


def test_an_empty_house_says_how_to_begin(margot: TestClient) -> None:
    for path, words in (
        ("products", "My catalogue is empty"),
        ("categories", "There is no category yet"),
        ("points", "There is no point of sale yet"),
        ("prices", "There is no product yet"),
        ("points/new", "New point of sale"),
    ):
        assert words in margot.get(f"/admin/sales/{path}").text


def test_rules_are_the_treasurers(app: App, client: TestClient, db: Database) -> None:
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "tom@example.org", "treasurer", name="Tom")
    assert client.get(PRODUCTS).status_code == 403
    assert client.get("/admin/sales").headers["location"] != PRODUCTS
    rules = {"vat_regime": "franchise", "pivot_hour": "5", "siret": "732 829 320 00074"}
    assert client.post("/admin/sales/rules", data=rules | {"siret": "73282932000075"}).status_code == 422
    assert client.post("/admin/sales/rules", data=rules).status_code == 303
    with db.read() as session:
        assert read_choice(session, SalesRules) == SalesRules("franchise", 5, siret="73282932000074")
    assert "Below the threshold" in client.get("/admin/sales/rules").text


def test_those_who_sell_read_the_prices(app: App, client: TestClient, bar: Bar) -> None:
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "zoe@example.org", "cashier", name="Zoé")
    shown = client.get("/admin/sales")
    assert (shown.status_code, "Free price" in shown.text) == (200, True)
    assert isinstance(bar.beer, UUID)


def test_two_categories_become_one(margot: TestClient, db: Database, bar: Bar) -> None:
    page = "/admin/sales/categories"
    with db.read() as session:
        beers = next(one for one in all_categories(session) if one.id != bar.food)
    before = {one.name for one in named_in(db, bar.food)} | {one.name for one in named_in(db, beers.id)}
    assert f'value="{beers.id}"' in margot.get(f"{page}/{bar.food}/archive").text
    for wrong in (str(bar.food), "", str(new_id())):
        refused = margot.post(f"{page}/{bar.food}/merge", data={"target": wrong})
        assert refused.status_code in (404, 422)
    merged = margot.post(f"{page}/{bar.food}/merge", data={"target": str(beers.id)})
    assert merged.status_code == 303
    assert {one.name for one in named_in(db, beers.id)} == before
    assert named_in(db, bar.food) == []
    again = margot.post(f"{page}/{beers.id}/merge", data={"target": str(bar.food)})
    assert again.status_code == 422, "not into an archived one"


def named_in(db: Database, category: UUID) -> list[CatalogueProduct]:
    with db.read() as session:
        return [one for one in catalogue(session).products if one.category == category]
