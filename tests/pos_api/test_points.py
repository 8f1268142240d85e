"""Each point of sale sells its own list: what only the kitchen has is not sold at the bar."""

# ruff: noqa: F401, F811 - fixtures of a neighbouring file

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kit.app import App
from kit.ids import new_id
from sales.models.journal import JournalEntry
from sales.service.points import archive_point
from tests.people.browsers import sign_in
from tests.pos_api.test_selling import asked, bar, beers, line, paid, till
from tests.pos_api.tills import OFFICE, TestTill, named, pair
from tests.sales.counter import Bar, open_bar


@pytest.fixture
def kitchen(app: App, bar: Bar) -> Bar:
    """Another point of sale: it alone has the dish of the day, which comes in a plate with a deposit."""
    kitchen = open_bar(app, "Cuisine")
    kitchen.sells("Assiette consignée", 200, rate=0, sort="deposit", is_listed=False)
    kitchen.sells("Plat du jour", 1200, rate=1000, deposit_id=kitchen.prices["Assiette consignée"][0])
    return kitchen


@pytest.fixture
def office(app: App, new_client: Callable[[], TestClient]) -> TestClient:
    """Nora looks after the tills."""
    browser = new_client()
    sign_in(app, browser, "nora@example.org", "till_manager")
    return browser


def dish(till: TestTill, at: Bar, menu: Bar, **more: Any) -> dict[str, Any]:
    """One dish with its plate, asked for at a point of sale."""
    lines = [line(menu, "Plat du jour"), line(menu, "Assiette consignée")]
    return asked(till, at, lines=lines, payments=[paid(1400)], total=1400, **more)


def test_the_bar_does_not_sell_what_only_the_kitchen_has(till: TestTill, bar: Bar, kitchen: Bar) -> None:
    said = {
        language: till.post("/sales", dish(till, bar, kitchen), accept_language=language)
        for language in ("fr", "en")
    }
    assert {(one.status_code, named(one)) for one in said.values()} == {(409, "not_sold_here")}
    assert said["en"].json()["detail"] == "Plat du jour is not sold at this point of sale."
    assert said["fr"].json()["detail"] == "Plat du jour ne se vend pas à ce point de vente."
    wrong = {**dish(till, bar, kitchen), "total": 1}
    assert named(till.post("/sales", wrong)) == "not_sold_here"
    assert till.call("GET", "/sales").json()["items"] == []
    assert till.post("/sales", dish(till, kitchen, kitchen)).status_code == 201


def test_what_a_till_sold_without_a_line_is_taken_and_marked(
    app: App,
    till: TestTill,
    bar: Bar,
    kitchen: Bar,
    office: TestClient,
) -> None:
    taken = till.signed("/sales", dish(till, bar, kitchen, is_offline=True))
    usual = till.signed("/sales", dish(till, kitchen, kitchen, is_offline=True))
    assert [one.json()["sale"]["is_off_list"] for one in (taken, usual)] == [True, False]
    with app.db.read() as session:
        bodies = [bytes(one) for one in session.scalars(select(JournalEntry.body)) if b'"sale":' in one]
    assert [b'"is_off_list":true' in one for one in bodies] == [True, False]
    page = office.get(f"/admin/sales/journal/{taken.json()['sale']['id']}", headers={"accept-language": "fr"})
    assert "n’était pas sur la liste de ce point de vente" in page.text


def test_an_archived_point_sells_nothing_more_and_closes(app: App, till: TestTill, bar: Bar) -> None:
    assert till.post("/sales", beers(till, bar, paid(600))).status_code == 201

    app.db.write(lambda session: archive_point(session, OFFICE, bar.point).id)
    assert named(till.post("/sales", beers(till, bar, paid(600)))) == "not_sold_here"
    assert till.call("GET", f"/x-report?point={bar.point}").json()["totals"]["turnover"] == 600
    assert till.post("/closings", asked(till, bar, counted=600)).status_code == 201


def test_a_point_that_nobody_knows_has_no_report(till: TestTill, bar: Bar) -> None:
    nowhere = Bar(bar.app, point=new_id())
    for path in ("/x-report", "/closings"):
        answer = till.call("GET", f"{path}?point={nowhere.point}")
        assert (answer.status_code, named(answer)) == (404, "unknown_point"), path
    for path, body in (("/closings", {"counted": 0}), ("/cash-movements", {"way": "float", "amount": 100})):
        answer = till.post(path, asked(till, nowhere, **body))
        assert (answer.status_code, named(answer)) == (404, "unknown_point"), path


def test_a_sale_at_a_point_that_nobody_knows(till: TestTill, bar: Bar) -> None:
    answer = till.post("/sales", beers(till, bar, paid(600)) | {"point": str(new_id())})
    assert (answer.status_code, named(answer)) == (404, "unknown_point")


def test_no_more_stays_in_a_drawer_than_was_counted(till: TestTill, bar: Bar) -> None:
    till.post("/sales", beers(till, bar, paid(600)))
    refused = till.post("/closings", asked(till, bar, counted=600, left=601))
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["left"])
    assert till.post("/closings", asked(till, bar, counted=600, left=600)).status_code == 201


def test_whoever_counts_the_drawer_reads_x_and_who_closes_reads_z(
    app: App, client: TestClient, till: TestTill, bar: Bar, kitchen: Bar
) -> None:
    till.post("/sales", beers(till, bar, paid(600)))
    assert till.post("/closings", asked(till, bar, counted=600)).status_code == 201
    reports = {path: f"{path}?point={bar.point}" for path in ("/x-report", "/closings")}
    for pin, z_is in (("1111", 403), ("3333", 200)):
        till.hold(pin)
        assert till.call("GET", reports["/x-report"]).status_code == 200, pin
        assert till.call("GET", reports["/closings"]).status_code == z_is, pin
    till.hold("1111")
    refused = till.call("GET", reports["/closings"]).json()
    assert (refused["type"].rpartition("/")[2], refused["errors"]) == ("right_missing", {"right": "close"})
    cook = pair(app, client, "Cuisine", points=(kitchen.point,))
    cook.hold("3333")
    assert [named(cook.call("GET", path)) for path in reports.values()] == ["point_unknown"] * 2
