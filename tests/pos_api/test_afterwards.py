"""What comes after a sale, through the API: parts of it taken back, a receipt fetched by QR code."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.factories.money import at
from tests.pos_api.test_selling import asked, line, paid
from tests.pos_api.tills import TestTill, make_operators, named, pair
from tests.sales.counter import Bar, open_bar


@pytest.fixture
def till(app: App, client: TestClient) -> TestTill:
    """A till with a manager at it."""
    make_operators(app)
    made = pair(app, client)
    made.hold("3333")
    return made


@pytest.fixture
def bar(app: App, till: TestTill) -> Bar:
    return open_bar(app)


def sale(till: TestTill, bar: Bar) -> str:
    """Two beers and a soup in cash."""
    lines = [line(bar, "Demi blonde", "2"), line(bar, "Soupe")]
    sold = till.post("/sales", asked(till, bar, lines=lines, payments=[paid(880)], total=880))
    assert sold.status_code == 201, sold.text
    return str(sold.json()["sale"]["id"])


def refund(till: TestTill, bar: Bar, *parts: tuple[int, str], reason: str = "Trop") -> dict[str, Any]:
    body = asked(till, bar, lines=[{"line": at, "quantity": many} for at, many in parts], reason=reason)
    del body["point"]
    return body


def test_one_beer_goes_back_once(till: TestTill, bar: Bar) -> None:
    sold = sale(till, bar)
    body = refund(till, bar, (0, "1"))
    first, again = (till.post(f"/sales/{sold}/refund", body) for _ in range(2))
    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    note = first.json()["sale"]
    assert (note["kind"], note["refers"], note["total"]) == ("credit_note", sold, -300)
    now = till.call("GET", f"/sales/{sold}").json()["sale"]
    assert [one["left"] for one in now["lines"]] == ["1", "1"]
    assert (now["credit_notes"], now["taken_back_by"]) == ([note["id"]], None)
    for parts, status, name in (
        ([(0, "2")], 409, "more_than_sold"),
        ([(0, "0.5")], 422, "bad_quantity"),
        ([(0, "-1")], 422, "invalid"),
        ([(1, "1"), (0, "1")], 409, "more_than_sold"),
    ):
        refused = till.post(f"/sales/{sold}/refund", refund(till, bar, *parts))
        assert (refused.status_code, named(refused)) == (status, name)
    assert till.post(f"/sales/{sold}/refund", refund(till, bar, (0, "1"), reason=" ")).status_code == 422
    rest = refund(till, bar)
    del rest["lines"]
    void = till.post(f"/sales/{sold}/void", rest).json()["sale"]
    assert void["total"] == -580
    now = till.call("GET", f"/sales/{sold}").json()["sale"]
    assert (now["taken_back_by"], [one["left"] for one in now["lines"]]) == (void["id"], ["0", "0"])


def test_only_who_may_take_sales_back_gives_parts_back(till: TestTill, bar: Bar) -> None:
    sold = sale(till, bar)
    till.hold("1111")
    refused = till.post(f"/sales/{sold}/refund", refund(till, bar, (0, "1")))
    assert (refused.status_code, named(refused)) == (403, "right_missing")


def test_a_receipt_is_fetched_by_its_qr_code(till: TestTill, bar: Bar, client: TestClient) -> None:
    sold = sale(till, bar)
    body = asked(till, bar, way="qr")
    del body["point"]
    told = till.post(f"/sales/{sold}/receipt", body).json()
    path = told["address"].partition("://")[2].partition("/")[2]
    assert (told["copy"], len(path), told["qr"]["side"] > 20) == (1, len("r/") + 51, True)
    page = client.get(f"/{path}", headers={"accept-language": "fr"})
    assert page.status_code == 200, page.text
    assert ("Demi blonde" in page.text, "DUPLICATA" in page.text) == (True, False)
    assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
    body = asked(till, bar, way="qr")
    del body["point"]
    second = till.post(f"/sales/{sold}/receipt", body).json()
    assert (second["copy"], second["is_duplicate"]) == (2, True)
    other = second["address"].partition("://")[2].partition("/")[2]
    assert "DUPLICATA" in client.get(f"/{other}", headers={"accept-language": "fr"}).text
    for wrong in (path[:-1] + ("A" if path[-1] != "A" else "B"), path[:-2], "r/é", "r/" + "A" * 500):
        assert client.get(f"/{wrong}").status_code == 404
    with at(clock.now() + timedelta(days=31)):
        assert client.get(f"/{path}").status_code == 410


def test_each_receipt_stays_the_copy_that_it_was(till: TestTill, bar: Bar) -> None:
    sold = sale(till, bar)
    bodies = [asked(till, bar, way="qr", id=str(UUID(int=number, version=4))) for number in (9, 5, 7, 2)]
    for body in bodies:
        del body["point"]
    first = [till.post(f"/sales/{sold}/receipt", body).json() for body in bodies]
    again = [till.post(f"/sales/{sold}/receipt", body).json() for body in reversed(bodies)]
    assert [one["copy"] for one in first] == [1, 2, 3, 4]
    assert again[::-1] == first


def test_a_mail_that_is_none_is_said_of_the_field_that_the_till_filled(till: TestTill, bar: Bar) -> None:
    body = asked(till, bar, way="mail", mail="x")
    del body["point"]
    refused = till.post(f"/sales/{sale(till, bar)}/receipt", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["mail"])
