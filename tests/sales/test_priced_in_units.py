"""Prices in hours and points: written in the office, in a file, by a program; shown to whoever reads."""

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.db import Database
from sales.queries.catalogue import CatalogueProduct, catalogue
from tests.agenda.test_api import token
from tests.factories.catalogue import Bar, a_bar
from tests.factories.money import Till, open_till
from tests.people.browsers import add_person, sign_in

PRODUCTS = "/admin/sales/products"


@pytest.fixture
def bar(app: App) -> Bar:
    return app.db.write(a_bar)


@pytest.fixture
def money(app: App) -> Till:
    return open_till(app)


@pytest.fixture
def margot(app: App, client: TestClient, money: Till) -> TestClient:
    """The browser of a till manager, where the house has hours and points."""
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "margot@example.org", "till_manager", name="Margot")
    return client


def form(bar: Bar, money: Till, **more: str) -> dict[str, str]:
    usual = {
        "name": "Soupe des bénévoles", "category_id": str(bar.food), "vat_rate": "1000", "sort": "product",
        "unit": "piece", "price_name_0": "Plein", "price_amount_0": "4,00", "price_name_1": "Bénévoles",
        "price_amount_1": "1,5", "price_currency_1": str(money.hours),
    }  # fmt: skip
    return usual | more


def soup(db: Database) -> CatalogueProduct:
    with db.read() as session:
        return next(one for one in catalogue(session).products if one.name == "Soupe des bénévoles")


def test_the_office_writes_a_price_in_hours(margot: TestClient, db: Database, bar: Bar, money: Till) -> None:
    refused = {
        "deposit_id": form(bar, money, deposit_id=str(bar.cup)),
        "f-prices": form(bar, money, price_amount_1="0"),
        "prices": form(bar, money, price_currency_1=str(money.local)),
    }
    for where, fields in refused.items():
        answer = margot.post(f"{PRODUCTS}/new", data=fields)
        assert (answer.status_code, where in answer.text) == (422, True), where
    assert margot.post(f"{PRODUCTS}/new", data=form(bar, money)).status_code == 303
    prices = [(one.name, one.amount, one.currency_id) for one in soup(db).prices]
    assert prices == [("Plein", 400, None), ("Bénévoles", 150, money.hours)]
    shown = margot.get(f"{PRODUCTS}/{soup(db).id}").text
    assert 'value="1.50"' in shown
    assert "Bénévoles 1.5\u00a0h" in margot.get(PRODUCTS).text
    assert "Bénévoles 1.5\u00a0h" in margot.get("/admin/sales/prices").text


def test_a_file_takes_them_out_and_brings_them_back(
    margot: TestClient, db: Database, bar: Bar, money: Till
) -> None:
    margot.post(f"{PRODUCTS}/new", data=form(bar, money))
    table = margot.get(f"{PRODUCTS}.csv").text
    assert "Plein: 4.00 | Bénévoles: 1.50 time" in table
    other = "name,prices\nSoupe des bénévoles,2 h\nThé,10 loyalty\n".replace(
        "\nThé", "\nSoupe,10 loyalty\nThé"
    )
    assert margot.post("/admin/sales/import/yes", data={"text": other}).status_code == 303
    assert [(one.amount, one.currency_id) for one in soup(db).prices] == [(200, money.hours)]


def test_a_program_writes_them_too(app: App, client: TestClient, bar: Bar, money: Till) -> None:
    add_person(app, "odile@example.org", "administrator")
    key = token(app, "sales:write", role="till_manager")
    price = {"amount": 10, "currency_id": str(money.points)}
    body = {"name": "Thé", "category_id": str(bar.food), "vat_rate": 1000, "prices": [price]}
    made = client.post("/api/v1/products", json=body, headers=key)
    assert (made.status_code, made.json()["prices"][0] | price) == (201, made.json()["prices"][0])
    wrong = body | {"name": "Café", "prices": [price | {"currency_id": str(money.gift)}]}
    refused = client.post("/api/v1/products", json=wrong, headers=key)
    assert (refused.status_code, "prices" in refused.json()["errors"]) == (422, True)
