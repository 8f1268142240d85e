"""The JSON API of money: what scripts rely on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.factories.money import DUSK, Till, an_evening, at, open_till
from tests.people.browsers import add_person
from tests.wallet.asking import Program, program
from wallet.cards.software import SoftwareCard, new_uid
from wallet.keyring import card_keys

CHIP = "04A2B3C4D5E6F7"


@pytest.fixture
def till(app: App) -> Till:
    """A café with four currencies, Lou's wallet and Sam's."""
    return open_till(app)


@pytest.fixture
def treasurer(app: App, client: TestClient, till: Till) -> Program:
    """A script of the treasurer."""
    return program(app, client, "treasurer")


def lines(*amounts: int) -> list[dict[str, Any]]:
    return [{"label": f"Plat {number}", "amount": amount} for number, amount in enumerate(amounts, 1)]


def held(treasurer: Program, wallet: object) -> dict[str, int]:
    """Balances by currency."""
    return {one["asset"]: one["amount"] for one in treasurer.get(f"wallets/{wallet}")["balances"]}


def test_currency_from_its_creation_to_its_archive(treasurer: Program) -> None:
    said: dict[str, Any] = {"name": "Coquille", "symbol": "c", "icon": "coins", "where_spent": "Au café."}
    made = treasurer.post("assets", **said, nature="free", reach="local", scale=0)
    assert (made["code"], made["scale"], made["archived_at"]) == ("coquille", 0, None)
    path = f"assets/{made['id']}"
    patched = treasurer.ask("PATCH", path, json={"name": "Galet", "archived": True}).json()
    assert (patched["name"], patched["symbol"], patched["archived_at"] is None) == ("Galet", "c", False)
    assert treasurer.get(path) == patched
    back = treasurer.ask("PATCH", path, json={"archived": False}).json()
    assert (back["name"], back["archived_at"]) == ("Galet", None)
    assert [one["code"] for one in treasurer.whole_list("assets")] == sorted(
        ["coquille", "gift", "local", "points", "time"]
    )
    again = treasurer.refused("assets", "code_taken", **said, code="local")
    assert list(again["errors"]) == ["code"]
    nature = treasurer.ask("PATCH", path, json={"nature": "money"}).json()
    assert list(nature["errors"]) == ["nature"], "what it is never changes"


def test_card_topped_up_spent_and_given_back(treasurer: Program, till: Till) -> None:
    card = treasurer.post("cards", uid=CHIP, number="KD7M-2A", kind="pass")
    by_card = {"card": card["id"]}
    top_up = treasurer.post("top-ups", amount=2_000, asset=str(till.local), **by_card, point="Accueil")
    assert (top_up["kind"], top_up["verdict"], top_up["point"]) == ("top_up", "posted", "Accueil")
    assert top_up["sums"] == [{"amount": 2_000, "asset": str(till.local)}]
    treasurer.post("gifts", amount=500, asset=str(till.gift), tap={"number": card["number"]})
    spend = treasurer.post("spends", lines=lines(300, 700), payers=[by_card], point="Bar")
    assert spend["sums"] == [
        {"amount": 500, "asset": str(till.gift)},
        {"amount": 500, "asset": str(till.local)},
    ]
    paid = [[one["amount"] for one in line["paid"]] for line in spend["lines"]]
    assert [sum(parts) for parts in paid] == [300, 700]
    assert treasurer.get(f"transfers/{spend['id']}") == spend
    back = treasurer.post("refunds", transfer=spend["id"], amount=600, reason="Froid")
    assert (back["refers"], back["reason"]) == (spend["id"], "Froid")
    assert held(treasurer, card["wallet"]) == {str(till.gift): 100, str(till.local): 2_000}
    left = treasurer.refused("refunds", "over_charge", transfer=spend["id"], amount=401)
    assert left["errors"]["missing"] == "1"
    cash = treasurer.post("cash-outs", amount=1_000, asset=str(till.local), wallet=card["wallet"])
    undone = treasurer.post("corrections", transfer=cash["id"], reason="Mauvais bouton")
    assert undone["sums"] == cash["sums"]
    assert held(treasurer, card["wallet"])[str(till.local)] == 2_000


def test_set_aside_then_taken_or_let_go(treasurer: Program, till: Till) -> None:
    treasurer.post("top-ups", amount=1_000, asset=str(till.local), wallet=str(till.lou))
    tomorrow = (clock.now() + timedelta(days=1)).replace(microsecond=0)
    payers, until = [{"wallet": str(till.lou)}], tomorrow.isoformat().replace("+00:00", "Z")
    table = treasurer.post("spends", lines=lines(600), payers=payers, until=until)
    assert (table["verdict"], table["until"], table["entries"][0]["op"]) == ("held", until, "hold")
    wallet = treasurer.get(f"wallets/{till.lou}")
    assert (wallet["balances"][0]["held"], wallet["spendable"]) == (600, 400)
    taken = treasurer.post(f"spends/{table['id']}/capture", amount=250)
    assert (taken["verdict"], taken["sums"][0]["amount"]) == ("captured", 250)
    assert treasurer.refused(f"spends/{table['id']}/release", "already_closed")
    other = treasurer.post("spends", lines=lines(750), payers=payers, until=until)
    freed = treasurer.post(f"spends/{other['id']}/release")
    assert (freed["verdict"], freed["refers"]) == ("released", other["id"])
    assert treasurer.get(f"wallets/{till.lou}")["spendable"] == 750
    assert treasurer.refused(f"spends/{uuid4()}/capture", "no_such_transaction")


@pytest.mark.parametrize("days", [-1, 31])
def test_a_sum_is_set_aside_for_thirty_days_at_most(treasurer: Program, till: Till, days: int) -> None:
    payers, until = [{"wallet": str(till.lou)}], (clock.now() + timedelta(days=days)).isoformat()
    assert treasurer.refused("spends", "bad_until", lines=lines(100), payers=payers, until=until)


def test_same_key_is_the_same_answer_for_ever(treasurer: Program, till: Till) -> None:
    body = {"amount": 700, "asset": str(till.local), "wallet": str(till.lou)}
    first = treasurer.ask("POST", "top-ups", once="lundi", json=body)
    treasurer.post("spends", lines=lines(700), payers=[{"wallet": str(till.lou)}])
    treasurer.ask("PATCH", f"assets/{till.local}", json={"name": "Galet", "archived": True})
    again = treasurer.ask("POST", "top-ups", once="lundi", json=body)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert held(treasurer, till.lou) == {}
    other = treasurer.ask("POST", "top-ups", once="lundi", json=body | {"amount": 701})
    assert (other.status_code, other.json()["title"]) == (409, "conflict")
    long = treasurer.ask("POST", "top-ups", once="x" * 201, json=body)
    assert (long.status_code, long.json()["title"]) == (400, "bad request")
    elsewhere = treasurer.ask("POST", "gifts", once="lundi", json=body)
    assert (elsewhere.status_code, elsewhere.json()["title"]) == (409, "conflict")


def test_a_no_stays_a_no_after_a_top_up(treasurer: Program, till: Till) -> None:
    body = {"lines": lines(450), "payers": [{"wallet": str(till.lou)}]}
    first = treasurer.ask("POST", "spends", once="bar-12", json=body)
    assert (first.status_code, first.json()["title"]) == (409, "insufficient")
    assert first.json()["errors"]["missing"] == "450"
    treasurer.post("top-ups", amount=1_000, asset=str(till.local), wallet=str(till.lou))
    again = treasurer.ask("POST", "spends", once="bar-12", json=body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    told = treasurer.get(f"transfers/{first.json()['errors']['transfer']}")
    assert (told["verdict"], told["why"], told["missing"], told["entries"]) == (
        "declined",
        "insufficient",
        450,
        [],
    )
    assert treasurer.ask("POST", "spends", once="bar-13", json=body).status_code == 201


def test_currencies_that_may_pay_are_said_in_any_order(treasurer: Program, till: Till) -> None:
    treasurer.post("top-ups", amount=1_000, asset=str(till.local), wallet=str(till.lou))
    others = [str(uuid4()) for _ in range(20)]
    body = {"lines": lines(100), "payers": [{"wallet": str(till.lou)}]}
    first = treasurer.ask("POST", "spends", once="a", json=body | {"accepts": [str(till.local), *others]})
    again = treasurer.ask(
        "POST", "spends", once="a", json=body | {"accepts": [*others[::-1], str(till.local)]}
    )
    assert (first.status_code, first.content) == (201, again.content)
    assert treasurer.refused("spends", "insufficient", **body, accepts=others)["errors"]["missing"] == "100"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        ("top-ups", {"amount": 0}, "amount"),
        ("top-ups", {"amount": -5}, "amount"),
        ("top-ups", {"amount": 1.0}, "amount"),
        ("top-ups", {"amount": 1.5}, "amount"),
        ("top-ups", {"amount": "100"}, "amount"),
        ("top-ups", {"amount": 2**53}, "amount"),
        ("top-ups", {"amount": 10**40}, "amount"),
        ("top-ups", {"amount": True}, "amount"),
        ("top-ups", {"fee": 5}, "fee"),
        ("top-ups", {"asset": "euro"}, "asset"),
        ("top-ups", {"reason": "a\x00b"}, "reason"),
        ("top-ups", {"reason": "a" * 201}, "reason"),
        ("top-ups", {"wallet": None}, "wallet"),
        ("top-ups", {"card": str(uuid4())}, "card"),
        ("top-ups", {"wallet": None, "tap": {}}, "text"),
        ("top-ups", {"wallet": None, "tap": {"uid": "04", "pin": "1"}}, "tap.pin"),
        ("gifts", {"expires_at": "2027-05-01T18:00:00"}, "expires_at"),
        ("gifts", {"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
    ],
)
def test_wrong_bodies_name_the_field(
    treasurer: Program, till: Till, path: str, changes: dict[str, Any], field: str
) -> None:
    body = {"amount": 100, "asset": str(till.local), "wallet": str(till.lou)} | changes
    problem = treasurer.refused(path, "invalid", **body)
    assert (problem["status"], list(problem["errors"])) == (422, [field])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"label": "Thé", "amount": 2.5}]}, "lines.0.amount"),
        ({"lines": [{"label": "Thé", "amount": 250, "vat": 20}]}, "lines.0.vat"),
        ({"lines": [{"label": "T\x00", "amount": 250}]}, "lines.0.label"),
        ({"payers": [{}]}, "payers.0.wallet"),
        ({"payers": [{"wallet": str(uuid4())}] * 3}, "payers"),
        ({"until": "tomorrow"}, "until"),
    ],
)
def test_wrong_spends_name_the_field(
    treasurer: Program, till: Till, changes: dict[str, Any], field: str
) -> None:
    body = {"lines": lines(100), "payers": [{"wallet": str(till.lou)}]} | changes
    assert list(treasurer.refused("spends", "invalid", **body)["errors"]) == [field]


def test_what_moved_goes_on_from_page_to_page(app: App, treasurer: Program, till: Till) -> None:
    told = an_evening(app, till)
    mine = treasurer.whole_list(f"wallets/{till.lou}/transfers", limit=2)
    numbers = [line["number"] for line in mine]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)
    local = [line for line in mine if line["asset"] == str(till.local)]
    assert treasurer.whole_list(f"wallets/{till.lou}/transfers", asset=str(till.local), limit=3) == local
    kept = held(treasurer, till.lou)
    assert sum(line["amount"] for line in local) == kept[str(till.local)] == local[0]["balance"]
    assert {line["transfer"] for line in mine} <= {str(one.id) for one in told.values()}


def test_statement_of_a_day_and_of_a_wallet(app: App, treasurer: Program, till: Till) -> None:
    told = an_evening(app, till)
    whole = treasurer.whole_list("statements", limit=4)
    assert [line["number"] for line in whole] == sorted(line["number"] for line in whole)
    first = treasurer.whole_list("statements", **{"from": "2026-11-20", "to": "2026-11-20"})
    night = treasurer.whole_list("statements", **{"from": "2026-11-21", "to": "2026-11-30"})
    assert {line["kind"] for line in first} >= {"top_up", "gift", "spend", "opening"}
    assert str(told["refund"].id) in {line["transfer"] for line in night}, "01:00 in Paris is another day"
    mine = treasurer.whole_list("statements", wallet=str(till.sam), asset=str(till.local))
    assert all(str(till.sam) in (line["source"]["owner"], line["target"]["owner"]) for line in mine)
    balance = sum(line["amount"] * (1 if line["target"]["owner"] == str(till.sam) else -1) for line in mine)
    assert balance == held(treasurer, till.sam).get(str(till.local), 0)
    assert treasurer.ask("GET", "statements", params={"cursor": "x"}).json()["title"] == "bad cursor"
    assert treasurer.ask("GET", "statements", params={"from": "0001-01-01"}).status_code == 422


def test_card_looked_up_by_whatever_is_at_hand(app: App, treasurer: Program, till: Till) -> None:
    card = treasurer.post("cards", uid="04:a2:b3:c4:d5:e6:f7")
    person = add_person(app, "lou@example.org", name="Lou Lambert")
    treasurer.post("top-ups", amount=1_250, asset=str(till.local), card=card["id"])
    treasurer.post(f"cards/{card['id']}/link", status=200, person=str(person))
    for tap in ({"uid": CHIP}, {"number": card["number"]}, {"code": card["code"]}, {"text": card["number"]}):
        found = treasurer.post("cards/lookups", status=200, **tap)
        assert (found["card"], found["state"], found["first_name"]) == (card["id"], "active", "Lou")
        assert (found["spendable"], found["balances"][0]["amount"]) == (1_250, 1_250)
    linked = treasurer.get(f"cards/{card['id']}")
    assert (linked["person"], linked["wallet"] == card["wallet"]) == (str(person), False)
    assert treasurer.refused("cards/lookups", "card_unknown", uid="04FFFFFFFFFFFF")
    assert treasurer.refused("cards/lookups", "invalid")
    assert treasurer.refused(f"cards/{card['id']}/link", "not_found", person=str(uuid4()))


def test_lost_card_says_no_more_than_that(treasurer: Program, till: Till) -> None:
    card = treasurer.post("cards", uid=CHIP)
    treasurer.post("top-ups", amount=900, asset=str(till.local), card=card["id"])
    lost = treasurer.post(f"cards/{card['id']}/loss", status=200, reason="Tombée dans la rivière")
    assert lost["state"] == "lost"
    seen = treasurer.post("cards/lookups", status=200, uid=CHIP)
    assert (seen["state"], seen["balances"], seen["spendable"]) == ("lost", [], 0)
    body: dict[str, Any] = {"lines": lines(100), "payers": [{"tap": {"uid": CHIP}}]}
    assert treasurer.refused("spends", "card_lost", **body)
    treasurer.post(f"cards/{card['id']}/recovery", status=200)
    assert treasurer.post("spends", **body)["verdict"] == "posted"
    assert treasurer.post(f"cards/{card['id']}/block", status=200)["state"] == "blocked"
    assert treasurer.refused("spends", "card_blocked", **body)
    assert treasurer.post(f"cards/{card['id']}/block", status=200, blocked=False)["state"] == "active"


def test_replaced_card_leaves_its_wallet_to_the_new_one(treasurer: Program, till: Till) -> None:
    old, new = treasurer.post("cards", uid=CHIP), treasurer.post("cards")
    treasurer.post("top-ups", amount=900, asset=str(till.local), card=old["id"])
    treasurer.post("top-ups", amount=50, asset=str(till.local), card=new["id"])
    told = treasurer.post(f"cards/{old['id']}/replacement", status=200, card=new["id"])
    assert (told["id"], told["wallet"], told["state"]) == (new["id"], old["wallet"], "active")
    assert held(treasurer, told["wallet"]) == {str(till.local): 950}
    body: dict[str, Any] = {"lines": lines(100), "payers": [{"tap": {"uid": CHIP}}]}
    assert treasurer.refused("spends", "card_replaced", **body)
    assert treasurer.refused(f"cards/{old['id']}/recovery", "card_replaced")
    assert treasurer.refused(f"cards/{new['id']}/replacement", "same_wallet", card=new["id"])


def test_proven_tap_pays_once(app: App, treasurer: Program, till: Till) -> None:
    chip = SoftwareCard(new_uid(), card_keys(app))
    card = treasurer.post("cards", uid=chip.uid, chip="ntag424")
    treasurer.post("top-ups", amount=900, asset=str(till.local), wallet=card["wallet"])
    message = chip.tap()
    tap = {"picc_data": message.picc_data, "cmac": message.cmac}
    assert treasurer.post("cards/lookups", status=200, **tap)["proved"] is True
    body = {"lines": lines(100), "payers": [{"tap": tap}]}
    first = treasurer.ask("POST", "spends", once="tap-1", json=body)
    assert first.status_code == 201, first.text
    assert treasurer.ask("POST", "spends", once="tap-1", json=body).content == first.content
    assert treasurer.refused("spends", "card_replayed", **body)
    assert treasurer.refused("spends", "card_unproved", lines=lines(100), payers=[{"card": card["id"]}])


def test_cards_in_pages_and_once(treasurer: Program) -> None:
    made = [treasurer.post("cards", once=f"card-{number}") for number in range(5)]
    assert treasurer.post("cards", once="card-0") == made[0]
    listed = treasurer.whole_list("cards", limit=2)
    assert [one["number"] for one in listed] == sorted(one["number"] for one in made)
    treasurer.post(f"cards/{made[1]['id']}/loss", status=200)
    assert [one["id"] for one in treasurer.whole_list("cards", state="lost")] == [made[1]["id"]]
    assert treasurer.whole_list("cards", wallet=made[2]["wallet"])[0]["id"] == made[2]["id"]


def test_who_may_move_money(app: App, client: TestClient, treasurer: Program, till: Till) -> None:
    cashier = program(app, client, "cashier")
    body: dict[str, Any] = {"amount": 100, "asset": str(till.local), "wallet": str(till.lou)}
    mine = treasurer.post("top-ups", once="lundi", **body)
    assert cashier.post("top-ups", once="lundi", **body)["id"] != mine["id"], "a key is its owner's alone"
    for path in ("gifts", "cash-outs", "assets"):
        assert cashier.refused(path, "forbidden", **body)
    assert cashier.get(f"wallets/{till.lou}", status=403)
    reader = program(app, client, "treasurer", "money:read")
    assert reader.get(f"wallets/{till.lou}")["spendable"] == 200
    assert reader.refused("top-ups", "forbidden", **body)
    assert client.post("/api/v1/top-ups", json=body).status_code == 401
    assert treasurer.get(f"wallets/{uuid4()}", status=404)["title"] == "wallet unknown"
    assert treasurer.get(f"transfers/{uuid4()}", status=404)["title"] == "no such transaction"


def test_vouchers_that_are_over_are_not_shown_to_the_till(treasurer: Program, till: Till) -> None:
    card = treasurer.post("cards", uid=CHIP)
    with at(DUSK):
        ends = (DUSK + timedelta(days=2)).isoformat()
        treasurer.post("gifts", amount=500, asset=str(till.gift), card=card["id"], expires_at=ends)
        assert treasurer.post("cards/lookups", status=200, uid=CHIP)["spendable"] == 500
    with at(DUSK + timedelta(days=3)):
        seen = treasurer.post("cards/lookups", status=200, uid=CHIP)
        assert (seen["spendable"], seen["balances"]) == (0, [])
        late = {"lines": lines(100), "payers": [{"card": card["id"]}]}
        assert treasurer.refused("spends", "insufficient", **late)


def test_every_write_says_that_it_may_be_repeated(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    rooms = ("assets", "cards", "top-ups", "gifts", "spends", "refunds", "cash-outs", "corrections")
    writes = {
        f"{method} {path}": [one["name"] for one in operation["parameters"]]
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method != "get" and path.removeprefix("/api/v1/").partition("/")[0] in rooms
    }
    del writes["post /api/v1/cards/lookups"]  # it writes nothing
    assert len(writes) == 16
    assert all("Idempotency-Key" in names for names in writes.values()), writes
