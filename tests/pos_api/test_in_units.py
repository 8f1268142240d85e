"""Hours at a till, through the API: the catalogue says them, a Pass alone pays, a manager gives them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.ids import new_id
from tests.factories.money import Till
from tests.pos_api.test_selling import UID, asked, bar, line, money, paid, tap, till
from tests.pos_api.tills import OFFICE, TestTill, named
from tests.sales.counter import Bar
from wallet.service.cards.enrolling import enrol_card

__all__ = ["bar", "money", "till"]


@pytest.fixture
def soup(bar: Bar, money: Till) -> str:
    bar.sells("Soupe des bénévoles", 100, currency=money.hours)
    return "Soupe des bénévoles"


def give(till: TestTill, bar: Bar, money: Till, amount: int, means: str = "house", uid: str = UID) -> Any:
    """Hours onto the Pass, as the house gives them."""
    ref = till.post("/taps", {"uid": uid}).json()["ref"]
    held = {"sellable": "give", "asset": str(money.hours), "amount": amount, "tap": ref}
    return till.post("/sales", asked(till, bar, lines=[held], payments=[paid(amount, means)], total=amount))


def eat(till: TestTill, bar: Bar, name: str, quantity: str, *payments: dict[str, Any]) -> Any:
    total = 100 * int(quantity)
    said = payments or (paid(total, "pass", tap=tap(till)["ref"]),)
    return till.post(
        "/sales", asked(till, bar, lines=[line(bar, name, quantity)], payments=said, total=total)
    )


def test_the_catalogue_says_which_prices_are_in_hours(till: TestTill, soup: str, money: Till) -> None:
    told = till.call("GET", "/catalogue").json()
    prices = {one["name"]: one["prices"][0] for one in told["products"]}
    assert (prices[soup]["asset"], prices[soup]["amount"]) == (str(money.hours), 100)
    assert prices["Demi blonde"]["asset"] is None
    hours = next(one for one in told["currencies"] if one["asset"] == str(money.hours))
    assert (hours["symbol"], hours["scale"]) == ("h", 2)
    assert str(money.hours) in {one["asset"] for one in told["sellables"] if one["kind"] == "give"}


def test_a_volunteer_is_given_hours_and_eats(till: TestTill, bar: Bar, soup: str, money: Till) -> None:
    given = give(till, bar, money, 150)
    assert given.status_code == 201, given.text
    ate = eat(till, bar, soup, "1").json()["sale"]
    assert (ate["currency"]["symbol"], ate["total"], ate["payments"][0]["left"]) == ("h", 100, 50)
    assert [(one["sort"], one["vat"], one["left"]) for one in ate["lines"]] == [("unit", 0, "1")]
    short = eat(till, bar, soup, "1")
    assert (short.status_code, named(short)) == (409, "units_short")
    assert short.json()["errors"] == {"missing": "50", "payable": "50"}
    cash = eat(till, bar, soup, "1", paid(100))
    assert (cash.status_code, named(cash)) == (409, "only_by_pass")
    both = asked(till, bar, lines=[line(bar, soup), line(bar, "Soupe")], payments=[paid(380)], total=380)
    assert named(till.post("/sales", both)) == "mixed_units"
    receipt = till.post(f"/sales/{ate['id']}/receipt", {"id": str(new_id()), "at": both["at"]}).json()["text"]
    assert "1\u00a0h" in receipt
    assert "€" not in receipt
    back = till.post(f"/sales/{ate['id']}/void", asked_void(both))
    assert (back.status_code, back.json()["sale"]["currency"]) == (201, ate["currency"])
    assert [one["amount"] for one in tap(till)["balances"]] == [150]
    report = till.call("GET", f"/x-report?point={bar.point}").json()["totals"]
    hours = report["currencies"][0]
    assert (hours["amount"], hours["taken_back"], hours["given"]) == (0, -100, 150)
    assert (report["turnover"], report["sales"], report["by_means"]) == (0, 0, [])


def test_two_passes_pay_each_the_hours_that_were_asked_of_it(
    app: App, till: TestTill, bar: Bar, soup: str, money: Till
) -> None:
    """The first card holds enough for both: all the same, the second pays its own part."""
    other = "04A1B2C3D4E5F7"
    app.db.write(lambda session: enrol_card(session, OFFICE, uid=other).id)
    give(till, bar, money, 300)
    give(till, bar, money, 150, uid=other)
    refs = [tap(till)["ref"], till.post("/taps", {"uid": other}).json()["ref"]]
    shares = [paid(100, "pass", tap=ref) for ref in refs]
    ate = eat(till, bar, soup, "2", *shares)
    assert (ate.status_code, hours_of(till, UID), hours_of(till, other)) == (201, 200, 50), ate.text
    short = eat(till, bar, soup, "2", *shares)
    assert (named(short), short.json()["errors"]) == ("units_short", {"missing": "50", "payable": "150"})
    again = eat(till, bar, soup, "2", shares[0], shares[0])
    assert (again.status_code, hours_of(till, UID), hours_of(till, other)) == (201, 0, 50), (
        "one card, added up"
    )
    back = till.post(f"/sales/{ate.json()['sale']['id']}/void", asked_void(asked(till, bar)))
    assert (back.status_code, hours_of(till, UID), hours_of(till, other)) == (201, 100, 150)


def hours_of(till: TestTill, uid: str) -> int:
    told = till.post("/taps", {"uid": uid}).json()["balances"]
    return sum(int(one["amount"]) for one in told)


def test_what_the_house_gave_has_no_means_to_correct(
    till: TestTill, bar: Bar, soup: str, money: Till
) -> None:
    given = give(till, bar, money, 100).json()["sale"]
    change = {**asked_void(asked(till, bar)), "payments": [paid(100)]}
    refused = till.post(f"/sales/{given['id']}/correction", change)
    assert (refused.status_code, named(refused)) == (409, "nobody_paid")
    eat(till, bar, soup, "1")
    back = till.post(f"/sales/{given['id']}/void", asked_void(change))
    assert (back.status_code, named(back)) == (409, "insufficient"), "they are eaten"


def test_hours_given_in_training_are_named_like_real_ones(till: TestTill, bar: Bar, money: Till) -> None:
    till.post("/training", {"is_training": True})
    played = give(till, bar, money, 100).json()["sale"]["lines"]
    till.post("/training", {"is_training": False})
    real = give(till, bar, money, 100).json()["sale"]["lines"]
    assert [one["label"] for one in played] == [one["label"] for one in real] != [""]


def asked_void(said: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(new_id()), "at": said["at"], "reason": "Erreur"}


def test_a_cashier_gives_no_hours_and_nobody_pays_for_them(
    till: TestTill, bar: Bar, soup: str, money: Till
) -> None:
    paid_for = give(till, bar, money, 100, "cash")
    assert (paid_for.status_code, named(paid_for)) == (409, "only_by_pass")
    free = asked(till, bar, lines=[line(bar, "Soupe")], payments=[paid(280, "house")], total=280)
    assert named(till.post("/sales", free)) == "only_by_pass"
    till.hold("1111")
    refused = give(till, bar, money, 100)
    assert (refused.status_code, named(refused)) == (403, "right_missing")
    assert till.post("/taps", {"uid": UID}).json()["balances"] == []


def test_without_a_line_hours_are_refused(
    app: App, client: TestClient, till: TestTill, bar: Bar, soup: str
) -> None:
    body = asked(till, bar, lines=[line(bar, soup)], payments=[paid(100)], total=100, is_offline=True)
    sent = till.signed("/sales", body)
    assert (sent.status_code, named(sent)) == (409, "only_by_pass")
