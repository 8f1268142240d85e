"""The office's cards: tapped, found, switched and undone, linked, replaced; and who may."""

import re
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit.app import App
from tests.people.browsers import add_person, sign_in
from tests.wallet.cards.holders import CHIP, Card, add_card, add_currency, held, read_card, top_up
from wallet.cards.number import shown_number
from wallet.cards.software import SoftwareCard
from wallet.keyring import card_keys
from wallet.queries.cards import cards_of

CARDS = "/admin/money/cards"


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    sign_in(app, client, "odile@example.org", "till_manager", name="Odile")
    return client


@pytest.fixture
def card(app: App) -> Card:
    add_currency(app)
    made = add_card(app, uid=CHIP)
    top_up(app, made, 1250)
    return made


def test_whatever_is_tapped_or_typed_opens_the_card(app: App, office: TestClient, card: Card) -> None:
    message = SoftwareCard(CHIP, card_keys(app)).tap()
    for tap in (
        "04:a2:1b:3c:4d:5e:80",
        str(int(CHIP, 16)),
        shown_number(card.number),
        f"https://cafe.example/c/{card.code}",
        message.address(f"https://cafe.example/c/{card.code}"),
    ):
        answer = office.post(f"{CARDS}/find", data={"tap": tap})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{CARDS}/{card.id}")


def test_an_unknown_chip_is_not_put_in_an_address_and_can_be_added(office: TestClient, card: Card) -> None:
    answer = office.post(f"{CARDS}/find", data={"tap": "04:a2:1b:3c:4d:5e:81"})
    assert answer.status_code == 404
    assert "not known here" in answer.text
    form = office.post(f"{CARDS}/new", data={"tap": "04:a2:1b:3c:4d:5e:81"}).text
    assert 'value="04:a2:1b:3c:4d:5e:81"' in form
    added = office.post(CARDS, data={"uid": "04:a2:1b:3c:4d:5e:81"})
    assert added.status_code == 303
    assert "04:A2:1B:3C:4D:5E:81" in office.get(added.headers["location"]).text


def test_a_name_finds_the_person_s_cards(app: App, office: TestClient, card: Card) -> None:
    person = add_person(app, "lise@example.org", name="Lise Aubrac")
    office.post(f"{CARDS}/{card.id}/link", data={"person": str(person), "sure": "true"})
    found = office.post(f"{CARDS}/find", data={"tap": "aubrac"})
    assert found.headers["location"] == f"{CARDS}?q=aubrac"
    page = office.get(found.headers["location"]).text
    assert shown_number(card.number) in page
    assert "Lise Aubrac" in page


def test_an_altered_message_is_refused_in_words(app: App, office: TestClient, card: Card) -> None:
    message = SoftwareCard(CHIP, card_keys(app)).tap()
    tap = f"https://cafe.example/c/{card.code}?picc_data={message.picc_data}&cmac={'0' * 16}"
    answer = office.post(f"{CARDS}/find", data={"tap": tap})
    assert answer.status_code == 422
    assert "altered" in answer.text


@pytest.mark.parametrize(
    ("press", "state", "undo"), [("lost", "lost", "found"), ("block", "blocked", "unblock")]
)
def test_one_press_stops_a_card_and_one_press_undoes_it(
    app: App, office: TestClient, card: Card, press: str, state: str, undo: str
) -> None:
    answer = office.post(f"{CARDS}/{card.id}/{press}", data={"reason": "Left on the train"})
    assert answer.status_code == 303
    assert read_card(app, card).state == state
    page = office.get(answer.headers["location"]).text
    assert "Left on the train" in page
    assert f"{CARDS}/{card.id}/{undo}" in page
    office.post(f"{CARDS}/{card.id}/{undo}")
    assert read_card(app, card).state == "active"


def test_a_staff_card_is_made_and_unmade(app: App, office: TestClient, card: Card) -> None:
    office.post(f"{CARDS}/{card.id}/staff")
    assert read_card(app, card).kind == "staff"
    assert shown_number(card.number) in office.get(f"{CARDS}?staff=true").text
    office.post(f"{CARDS}/{card.id}/not-staff")
    assert read_card(app, card).kind == "pass"


def test_linking_asks_first_and_keeps_the_balance(app: App, office: TestClient, card: Card) -> None:
    person = add_person(app, "lise@example.org", name="Lise Aubrac")
    assert str(person) in office.get(f"{CARDS}/{card.id}/link?q=lise").text
    asked = office.post(f"{CARDS}/{card.id}/link", data={"person": str(person)})
    assert asked.status_code == 200
    assert "€12.50" in asked.text
    assert read_card(app, card).wallet_id == card.wallet
    office.post(f"{CARDS}/{card.id}/link", data={"person": str(person), "sure": "true"})
    wallet = read_card(app, card).wallet_id
    assert (held(app, card.wallet), held(app, wallet)) == (0, 1250)
    with app.db.read() as session:
        assert [one.id for one in cards_of(session, person)] == [card.id]
    again = office.post(
        f"{CARDS}/{card.id}/link",
        data={"person": str(add_person(app, "marc@example.org")), "sure": "true"},
    )
    assert (again.status_code, read_card(app, card).wallet_id) == (409, wallet)


def test_replacing_asks_first_and_keeps_the_balance(app: App, office: TestClient, card: Card) -> None:
    new = add_card(app)
    asked = office.post(f"{CARDS}/{card.id}/replace", data={"tap": shown_number(new.number)})
    assert asked.status_code == 200
    assert read_card(app, card).state == "active"
    office.post(f"{CARDS}/{card.id}/replace", data={"tap": new.number, "sure": "true"})
    assert (read_card(app, card).state, read_card(app, new).wallet_id) == ("replaced", card.wallet)
    refused = office.post(f"{CARDS}/{card.id}/lost")
    assert refused.status_code == 409
    assert "replaced" in refused.text
    unknown = office.post(f"{CARDS}/{new.id}/replace", data={"tap": "nothing"})
    assert unknown.status_code == 404
    assert "not known here" in unknown.text


def test_a_card_that_cannot_be_added_says_why_beside_the_field(office: TestClient, card: Card) -> None:
    for said, words in (
        ({"uid": "08A21B3C"}, "This is a phone"),
        ({"uid": "hello"}, "A to F"),
        ({"uid": CHIP}, "known here already"),
        ({"number": "é"}, "letters and digits"),
        ({"uid": "04A21B3C", "proves": "on"}, "7 bytes"),
    ):
        answer = office.post(CARDS, data=said)
        assert answer.status_code in {409, 422}
        assert words in answer.text.replace("&#39;", "'")
        assert re.search(r'id="f-(uid|number|code)-error"', answer.text)


def test_a_decimal_reader_is_said_when_a_card_is_added(app: App, office: TestClient) -> None:
    added = office.post(CARDS, data={"uid": "0123456789", "notation": "decimal_reversed"})
    card_id = UUID(added.headers["location"].rpartition("/")[2])
    assert read_card(app, Card(card_id, card_id, "", "")).uid == "15CD5B07"


@pytest.mark.parametrize("role", ["cashier", "agenda_editor", ""])
def test_only_those_who_manage_cards_may(app: App, client: TestClient, role: str) -> None:
    card = add_card(app)
    sign_in(app, client, "kim@example.org", *([role] if role else []))
    for address in (CARDS, f"{CARDS}/{card.id}", f"{CARDS}/new", "/admin/money/batches"):
        assert client.get(address).status_code == 403
    assert client.post(f"{CARDS}/{card.id}/block").status_code == 403
    assert read_card(app, card).state == "active"


def test_nobody_s_card_is_not_found(office: TestClient, card: Card) -> None:
    for verb in ("", "/link", "/replace"):
        assert office.get(f"{CARDS}/{card.wallet}{verb}").status_code == 404
    for verb in ("lost", "found", "block", "unblock", "staff", "not-staff", "link", "replace"):
        data = {"person": str(card.wallet), "tap": "x", "sure": "true"}
        assert office.post(f"{CARDS}/{card.wallet}/{verb}", data=data).status_code == 404
