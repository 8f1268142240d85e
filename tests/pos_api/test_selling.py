"""Selling through the API: the till says, the node works it out, the journal has it, once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from kit.ids import new_id
from tests.factories.money import Till, at, open_till
from tests.pos_api.tills import OFFICE, TestTill, make_operators, named, pair
from tests.sales.counter import Bar, open_bar
from wallet.cards.software import SoftwareCard
from wallet.keyring import card_keys
from wallet.models.card import PassCard
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.states import mark_lost

UID = "04A1B2C3D4E5F6"


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


@pytest.fixture
def money(app: App, bar: Bar) -> Till:
    app.db.write(lambda session: enrol_card(session, OFFICE, uid=UID).id)
    return open_till(app)


def asked(till: TestTill, bar: Bar, **more: Any) -> dict[str, Any]:
    """What every operation at the bar carries."""
    till.count += 1
    at = clock.now().isoformat()
    return {"id": str(new_id()), "at": at, "count": till.count, "point": str(bar.point), **more}


def line(bar: Bar, name: str, quantity: str = "1") -> dict[str, str]:
    product, price = bar.prices[name]
    return {"product": str(product), "price": str(price), "quantity": quantity}


def paid(amount: int, means: str = "cash", **more: Any) -> dict[str, Any]:
    return {"means": means, "amount": amount, **more}


def beers(till: TestTill, bar: Bar, *payments: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two beers at 3.00."""
    return asked(till, bar, lines=[line(bar, "Demi blonde", "2")], payments=payments, total=600, **more)


def tap(till: TestTill) -> dict[str, Any]:
    told: dict[str, Any] = till.post("/taps", {"uid": UID}).json()
    return told


def load(till: TestTill, bar: Bar, money: Till, amount: int) -> Any:
    fields = {"tap": tap(till)["ref"], "asset": str(money.local), "amount": amount}
    return till.post("/top-ups", asked(till, bar, **fields, payments=[paid(amount)]))


def test_a_sale_in_cash_is_written_once(till: TestTill, bar: Bar) -> None:
    body = beers(till, bar, paid(600, given=1000))
    first, again = till.post("/sales", body), till.post("/sales", body)
    assert first.status_code == 201, first.text
    sale = first.json()["sale"]
    assert (sale["series"], sale["number"], sale["operator"], sale["change"]) == ("T1", 1, "E3", 400)
    assert (sale["lines"][0]["net"], sale["lines"][0]["vat"]) == (500, 100)
    assert again.json() == first.json()
    other = till.post("/sales", {**body, "count": 99})
    assert (other.status_code, named(other)) == (409, "idempotency_conflict")
    assert [one["id"] for one in till.call("GET", "/sales").json()["items"]] == [body["id"]]


def test_a_line_is_one_thing(till: TestTill, bar: Bar) -> None:
    body = beers(till, bar, paid(605)) | {"total": 605}
    body["lines"] = [{**body["lines"][0], "tip": 5}]
    answer = till.post("/sales", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["lines.0"])


A_QUANTITY = {
    "en": "A quantity is a number such as 2 or 0.350.",
    "fr": "Une quantité est un nombre, comme 2 ou 0.350.",
}


def test_all_wrong_fields_of_a_sale_are_said_at_once(till: TestTill, bar: Bar) -> None:
    body = beers(till, bar, paid(600, given="10")) | {"point": "bar", "cashier": "E3"}
    body["at"] = "2026-11-21T14:48:01"
    body["lines"] = [line(bar, "Demi blonde"), {**line(bar, "Demi blonde", "two"), "tip": 0}]
    for language, words in A_QUANTITY.items():
        answer = till.post("/sales", body, accept_language=language)
        told = answer.json()["errors"]
        assert (answer.status_code, named(answer)) == (422, "invalid")
        assert set(told) == {
            *("at", "point", "cashier", "lines.1.quantity", "lines.1.tip", "payments.0.given"),
        }
        assert told["lines.1.quantity"] == words
    assert till.call("GET", "/sales").json()["items"] == []


def test_each_wrong_quantity_names_its_line(till: TestTill, bar: Bar) -> None:
    many = [line(bar, "Demi blonde", quantity) for quantity in ("1", "0.5", "-1", "0")]
    for language in ("en", "fr"):
        answer = till.post("/sales", beers(till, bar, paid(600)) | {"lines": many}, accept_language=language)
        told = answer.json()["errors"]
        assert list(told) == ["lines.1.quantity", "lines.2.quantity", "lines.3.quantity"]
        assert told["lines.3.quantity"] == A_QUANTITY[language]


def test_a_wrong_total_is_refused_with_the_right_one(till: TestTill, bar: Bar) -> None:
    for total, amount in ((500, 500), (600, 500), (500, 600)):
        answer = till.post("/sales", {**beers(till, bar, paid(amount)), "total": total})
        assert (answer.status_code, named(answer)) == (422, "wrong_total")
        assert answer.json()["errors"]["total"] == "600"
    assert till.call("GET", "/sales").json()["items"] == []


def test_a_pass_pays_and_what_is_missing_is_said(app: App, till: TestTill, bar: Bar, money: Till) -> None:
    assert load(till, bar, money, 500).status_code == 201
    told = tap(till)
    assert (told["who"], told["state"], told["home"], told["payable"]) == ("Pass", "active", "here", 500)
    short = till.post("/sales", beers(till, bar, paid(600, "pass", tap=told["ref"])))
    assert (short.status_code, named(short)) == (409, "card_short")
    assert short.json()["errors"] == {"missing": "100", "payable": "500"}
    body = beers(till, bar, paid(500, "pass", tap=told["ref"]), paid(100, "card_terminal"))
    both = till.post("/sales", body).json()["sale"]["payments"]
    assert {(one["means"], one["amount"], one["left"]) for one in both} == {
        ("pass", 500, 0), ("card_terminal", 100, None),
    }  # fmt: skip


def test_a_tap_lasts_two_minutes_and_its_sale_is_told_again_later(
    till: TestTill, bar: Bar, money: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(till, bar, money, 1000)
    ref = tap(till)["ref"]
    body = beers(till, bar, paid(600, "pass", tap=ref))
    first = till.post("/sales", body)
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert till.post("/sales", body).json()["sale"]["id"] == first.json()["sale"]["id"]
    assert named(till.post("/sales", beers(till, bar, paid(600, "pass", tap=ref)))) == "tap_over"
    assert named(till.post("/sales", beers(till, bar, paid(600, "pass", tap="no.seal")))) == "tap_elsewhere"


def test_a_tap_of_another_till_is_named_as_such(
    app: App, client: TestClient, till: TestTill, bar: Bar, money: Till
) -> None:
    load(till, bar, money, 1000)
    other = pair(app, client, "Tablette 2")
    other.hold("3333")
    body = beers(till, bar, paid(600, "pass", tap=tap(other)["ref"]))
    said = {language: till.post("/sales", body, accept_language=language) for language in ("fr", "en")}
    assert {(one.status_code, named(one)) for one in said.values()} == {(410, "tap_elsewhere")}
    assert "not read at this till" in said["en"].json()["detail"]
    assert "pas été lu à cette caisse" in said["fr"].json()["detail"]


def test_a_lost_card_is_said_with_words(app: App, till: TestTill, bar: Bar, money: Till) -> None:
    ref = tap(till)["ref"]
    app.db.write(lambda session: mark_lost(session, OFFICE, _card(session), "Perdue").id)
    told = tap(till)
    assert (told["state"], told["payable"], told["ref"]) == ("lost", 0, "")
    assert "lost" in told["words"]
    assert named(till.post("/sales", beers(till, bar, paid(600, "pass", tap=ref)))) == "card_lost"
    no_ref = till.post("/sales", beers(till, bar, paid(600, "pass", tap="")))
    assert (no_ref.status_code, named(no_ref)) == (409, "card_unusable")
    onto = {"tap": "", "asset": str(money.local), "amount": 100}
    assert named(till.post("/top-ups", asked(till, bar, **onto, payments=[paid(100)]))) == "card_unusable"


def test_rights_are_checked_by_the_node(till: TestTill, bar: Bar, money: Till) -> None:
    first, second = (till.post("/sales", beers(till, bar, paid(600))).json()["sale"]["id"] for _ in "12")
    manager, till.operator = till.operator, ""
    assert named(till.post("/sales", beers(till, bar, paid(600)))) == "operator_needed"
    till.hold("1111")
    refused: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/cash-movements", {"way": "float", "amount": 5000}),
        ("/closings", {}),
        ("/card-refunds", {"tap": tap(till)["ref"], "asset": str(money.local), "amount": 100}),
    )
    for path, more in refused:
        assert named(till.post(path, asked(till, bar, **more))) == "right_missing", path
    reason = {"reason": "Verre renversé"}
    assert named(till.post(f"/sales/{first}/void", _after(till, **reason))) == "right_missing"
    assert named(till.post(f"/sales/{second}/void", _after(till, **reason))) == "right_missing", "another's"
    till.operator = manager
    assert till.post(f"/sales/{first}/void", _after(till, **reason)).status_code == 201


def test_the_last_sale_is_undone_by_who_made_it(till: TestTill, bar: Bar) -> None:
    till.hold("1111")
    sale = till.post("/sales", beers(till, bar, paid(600))).json()["sale"]
    body = _after(till)
    undone = till.post(f"/sales/{sale['id']}/void", body)
    assert undone.status_code == 201, undone.text
    assert (undone.json()["sale"]["kind"], undone.json()["sale"]["total"]) == ("credit_note", -600)
    assert till.post(f"/sales/{sale['id']}/void", body).json() == undone.json(), "the same again"
    shown = till.call("GET", f"/sales/{sale['id']}").json()["sale"]
    assert shown["taken_back_by"] == body["id"]


def test_what_was_done_without_a_line_is_signed(till: TestTill, bar: Bar) -> None:
    body = beers(till, bar, paid(600), is_offline=True)
    assert named(till.post("/sales", body)) == "signature_needed"
    wrong = till.post("/sales", body, hameau_signature="A" * 86)
    assert (wrong.status_code, named(wrong)) == (403, "bad_signature")
    first, again = till.signed("/sales", body), till.signed("/sales", body)
    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    by_pass = beers(till, bar, paid(600, "pass", tap="x"), is_offline=True)
    assert named(till.signed("/sales", by_pass)) == "no_offline_pass"


def test_means_are_corrected_until_the_day_is_closed(till: TestTill, bar: Bar) -> None:
    moved = till.post("/cash-movements", asked(till, bar, way="float", amount=5000, reason="Fond"))
    assert moved.status_code == 201, moved.text
    sale = till.post("/sales", beers(till, bar, paid(600))).json()["sale"]
    change = {"payments": [paid(600, "card_terminal")], "reason": "Erreur de touche"}
    changed = till.post(f"/sales/{sale['id']}/correction", _after(till, **change))
    assert changed.json()["sale"]["payments"][0]["means"] == "card_terminal", changed.text
    report = till.call("GET", f"/x-report?point={bar.point}").json()
    assert (report["totals"]["turnover"], report["drawer"]["expected"]) == (600, 5000)
    closed = till.post("/closings", asked(till, bar, counted=5000, left=5000)).json()
    assert (closed["number"], closed["totals"]["turnover"], closed["drawer"]["difference"]) == (1, 600, 0)
    assert named(till.post("/closings", asked(till, bar))) == "nothing_to_close"
    late = till.post(f"/sales/{sale['id']}/correction", _after(till, **change))
    assert named(late) == "closed_already"
    assert [one["id"] for one in till.call("GET", f"/closings?point={bar.point}").json()["items"]] == [
        closed["id"]
    ]


def test_the_second_receipt_is_a_duplicate(till: TestTill, bar: Bar) -> None:
    sale = till.post("/sales", beers(till, bar, paid(600))).json()["sale"]
    body = _after(till)
    first, again = (till.post(f"/sales/{sale['id']}/receipt", body).json() for _ in "12")
    second = till.post(
        f"/sales/{sale['id']}/receipt", _after(till, way="mail", mail="lou@example.org")
    ).json()
    assert (first["copy"], again["copy"], second["copy"]) == (1, 1, 2)
    assert "Duplicate" in second["text"]
    assert "Demi blonde" in first["text"]


def test_training_has_its_own_numbers_and_says_simulation(till: TestTill, bar: Bar) -> None:
    assert till.post("/training", {"is_training": True}).json()["is_training"] is True
    sale = till.post("/sales", beers(till, bar, paid(600))).json()["sale"]
    assert (sale["is_training"], sale["number"]) == (True, 1)
    receipt = till.post(f"/sales/{sale['id']}/receipt", _after(till)).json()
    assert "SIMULATION" in receipt["text"]
    till.post("/training", {"is_training": False})
    assert till.post("/sales", beers(till, bar, paid(600))).json()["sale"]["number"] == 1


def test_what_was_done_without_a_line_goes_to_the_chain_of_its_moment(till: TestTill, bar: Bar) -> None:
    """Played before the training ended, sold before it began: each where the till says it was done."""
    now = clock.now()
    with at(now + timedelta(minutes=15)):
        till.post("/training", {"is_training": True})
    played = beers(till, bar, paid(600), is_offline=True, is_training=True)
    played["at"] = (now + timedelta(minutes=30)).isoformat()
    real = beers(till, bar, paid(600), is_offline=True, is_training=False)
    with at(now + timedelta(hours=1)):
        assert till.signed("/sales", real).json()["sale"]["is_training"] is False
        till.post("/training", {"is_training": False})
    with at(now + timedelta(hours=2)):
        assert till.signed("/sales", played).json()["sale"]["is_training"] is True
        assert till.signed("/sales", played).json()["sale"]["number"] == 1, "the same again"
        for late in (5, 90):
            hidden = beers(till, bar, paid(600), is_offline=True, is_training=True)
            hidden["at"] = (now + timedelta(minutes=late)).isoformat()
            refused = till.signed("/sales", hidden)
            assert (refused.status_code, named(refused)) == (409, "not_in_training")
        assert till.post("/sales", beers(till, bar, paid(600))).json()["sale"]["number"] == 2


def test_the_catalogue_is_sent_when_it_changed(till: TestTill, bar: Bar, money: Till) -> None:
    first = till.call("GET", "/catalogue")
    assert {one["kind"] for one in first.json()["sellables"]} == {"top_up", "gift", "give"}
    assert first.json()["points"][0]["name"] == "Bar"
    tag = first.headers["etag"]
    assert till.call("GET", "/catalogue", if_none_match=tag).status_code == 304
    bar.sells("Tisane", 200)
    assert till.call("GET", "/catalogue", if_none_match=tag).status_code == 200


def _after(till: TestTill, **more: Any) -> dict[str, Any]:
    till.count += 1
    return {"id": str(new_id()), "at": clock.now().isoformat(), "count": till.count, **more}


def _card(session: Any) -> UUID:

    found = session.scalar(select(PassCard.id).where(PassCard.uid == UID))
    assert found
    return UUID(str(found))


def test_a_card_that_must_prove_its_tap_says_so_before_it_pays(
    app: App, till: TestTill, bar: Bar, money: Till
) -> None:
    chip = SoftwareCard("04A21B3C4D5E82", card_keys(app))
    app.db.write(lambda session: enrol_card(session, OFFICE, uid=chip.uid, chip="ntag424").id)
    unproved = till.post("/taps", {"uid": chip.uid}).json()
    fields = {"tap": unproved["ref"], "asset": str(money.local), "amount": 1000}
    assert till.post("/top-ups", asked(till, bar, **fields, payments=[paid(1000)])).status_code == 201
    for language, words in (("en", "must be tapped"), ("fr", "Cette carte doit être")):
        told = till.post("/taps", {"uid": chip.uid}, accept_language=language).json()
        assert words in told.pop("words")
        silent = {
            "who": "Pass",
            "state": "active",
            "home": "here",
            "balances": [],
            "payable": 0,
            "silent": [],
        }
        assert told == {**silent, "must_prove": True, "ref": told["ref"]}
    refused = till.post("/sales", beers(till, bar, paid(600, "pass", tap=told["ref"])))
    assert (refused.status_code, named(refused)) == (409, "card_unproved")
    message = chip.tap()
    sun = {"sun": {"picc_data": message.picc_data, "cmac": message.cmac}}
    proved = till.post("/taps", sun).json()
    assert (proved["must_prove"], proved["payable"], proved["words"]) == (False, 1000, "")
    sold = till.post("/sales", beers(till, bar, paid(600, "pass", tap=proved["ref"])))
    assert sold.status_code == 201, sold.text
    again = till.post("/taps", sun).json()
    assert (again["must_prove"], again["balances"]) == (True, []), "a tap proves itself once"
