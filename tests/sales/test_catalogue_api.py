"""The catalogue for programs: products, categories, points of sale."""

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.ids import new_id
from tests.agenda.test_api import token
from tests.factories.catalogue import Bar, a_bar
from tests.people.browsers import add_person

PRODUCTS, POINTS = "/api/v1/products", "/api/v1/points-of-sale"


@pytest.fixture
def bar(app: App) -> Bar:
    add_person(app, "odile@example.org", "administrator")
    return app.db.write(a_bar)


def test_a_program_keeps_the_catalogue(app: App, client: TestClient, bar: Bar) -> None:
    key = token(app, "sales:write", role="till_manager")
    body = {"name": "Tarte", "category_id": str(bar.food), "vat_rate": 1000, "prices": [{"amount": 300}]}
    made = client.post(PRODUCTS, json=body, headers=key)
    assert made.status_code == 201, made.text
    path, price = f"{PRODUCTS}/{made.json()['id']}", made.json()["prices"][0]
    same = client.patch(path, json={"prices": [price | {"name": "Part"}]}, headers=key).json()
    assert same["prices"][0]["id"] == price["id"]
    dearer = client.patch(path, json={"prices": [price | {"amount": 320}]}, headers=key).json()
    assert (dearer["prices"][0]["amount"], dearer["prices"][0]["id"] == price["id"]) == (320, False)
    stale = client.patch(path, json={"prices": [price]}, headers=key)
    assert (stale.status_code, stale.json()["title"]) == (422, "invalid")
    assert client.patch(path, json={"is_archived": True}, headers=key).json()["archived_at"]
    listed = client.get(PRODUCTS, params={"limit": 2}, headers=key)
    assert ([one["name"] for one in listed.json()["items"]], "link" in listed.headers) == (
        ["Demi", "Gobelet"], True,
    )  # fmt: skip
    taken = client.post(PRODUCTS, json=body | {"name": "soupe"}, headers=key)
    assert (taken.status_code, taken.json()["title"]) == (409, "product name taken")


def test_points_and_categories_follow(app: App, client: TestClient, bar: Bar) -> None:
    key = token(app, "sales:write", role="till_manager")
    listed = [str(bar.soup), str(bar.beer)]
    found = client.patch(f"{POINTS}/{bar.bar}", json={"products": listed}, headers=key).json()
    assert (found["name"], found["products"]) == ("Bar", listed)
    lost = client.patch(f"{POINTS}/{bar.bar}", json={"products": [str(new_id())]}, headers=key)
    assert (lost.status_code, lost.json()["title"]) == (404, "no such product")
    made = client.post(POINTS, json={"name": "Entrée", "icon": "moon"}, headers=key)
    assert made.status_code == 201
    shelf = client.post("/api/v1/product-categories", json={"name": "Vins", "tone": "wine"}, headers=key)
    assert shelf.status_code == 201, shelf.text
    used = client.patch(f"/api/v1/product-categories/{bar.food}", json={"is_archived": True}, headers=key)
    assert (used.status_code, used.json()["title"]) == (409, "category in use")


def test_who_may_read_may_not_write(app: App, client: TestClient, bar: Bar) -> None:
    key = token(app, "sales:read", role="cashier")
    assert len(client.get(POINTS, headers=key).json()["items"]) == 2
    assert client.post(POINTS, json={"name": "X"}, headers=key).status_code == 403
    assert client.get(PRODUCTS).status_code == 401


def test_what_a_product_costs_is_for_who_keeps_products_or_accounts(
    app: App, client: TestClient, bar: Bar
) -> None:
    write = token(app, "sales:write", role="till_manager")
    body = {"name": "Tarte", "category_id": str(bar.food), "vat_rate": 1000, "prices": [{"amount": 300}]}
    made = client.post(PRODUCTS, json=body | {"purchase_price": 120}, headers=write).json()
    assert made["purchase_price"] == 120
    for role, shown in (("treasurer", 120), ("cashier", None)):
        key = token(app, "sales:read", role=role)
        listed = client.get(PRODUCTS, headers=key).json()["items"]
        assert next(one for one in listed if one["id"] == made["id"])["purchase_price"] == shown
        assert client.get(f"{PRODUCTS}/{made['id']}", headers=key).json()["purchase_price"] == shown
