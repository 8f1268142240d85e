"""My Pass cards through my own doors: lost, found, one more linked, and what is refused by name."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from tests.factories.money import ODILE, Till, open_till
from tests.people.browsers import add_person, sign_in
from tests.wallet.pockets import Pass, held, load, new_pass, pass_of
from wallet import flows
from wallet.cards.number import check_sign
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.models.holding import Wallet
from wallet.queries.cards import card_by_id
from wallet.queries.personal import wallet_id_of
from wallet.refusals import CardLost
from wallet.schemas import Spending
from wallet.service.cards.states import block_card, mark_lost

LINK = "/my/cards/link"


@pytest.fixture
def till(app: App) -> Till:
    """A café with its four currencies."""
    return open_till(app)


@pytest.fixture
def lou(app: App, client: TestClient, till: Till) -> UUID:
    """Lou, signed in."""
    return sign_in(app, client, "lou@example.org", name="Lou")


def state_of(app: App, card: Pass) -> tuple[str, UUID]:
    """A card's state, and the wallet that it opens."""
    with app.db.read() as session:
        found = card_by_id(session, card.id)
        return found.state, found.wallet_id


def pay(app: App, card: Pass) -> None:
    """Somebody pays a coffee with the card."""
    flows.spend(app, ODILE, Spending(lines=(Line("Café", 120),), payers=(Holder(card=card.id),)))


def mistyped(number: str) -> str:
    """The number with one wrong sign at its end."""
    return number[:-1] + ("2" if check_sign(number[:-1]) != "2" else "3")


def test_a_lost_card_pays_nothing_from_that_moment_and_pays_again_once_found(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    card = pass_of(app, lou)
    load(app, till, card)
    assert "My money stays in my wallet" in client.get(f"/my/cards/{card.id}/lost").text
    assert state_of(app, card)[0] == "active"  # a question changes nothing
    answer = client.post(f"/my/cards/{card.id}/lost")
    assert answer.headers["location"] == "/my/cards"
    with pytest.raises(CardLost):
        pay(app, card)
    page = client.get("/my/cards").text
    assert f"/my/cards/{card.id}/found" in page.partition('id="toast"')[2]
    assert "It no longer pays" in page
    client.post(f"/my/cards/{card.id}/found")
    pay(app, card)
    assert held(app, card.wallet) == {"money": 1_080}


def test_a_blocked_card_is_not_mine_to_open_again(app: App, client: TestClient, lou: UUID) -> None:
    card = pass_of(app, lou)
    app.db.write(lambda session: block_card(session, ODILE, card.id).id)
    assert client.post(f"/my/cards/{card.id}/found").status_code == 409
    client.post(f"/my/cards/{card.id}/lost")
    assert state_of(app, card)[0] == "blocked"
    assert "I ask them why" in client.get("/my/cards").text


def test_someone_elses_card_does_not_exist_for_me(app: App, client: TestClient, lou: UUID) -> None:
    theirs, nobodys = pass_of(app, add_person(app, "sam@example.org")), new_pass(app)
    for card in (theirs, nobodys):
        assert client.get(f"/my/cards/{card.id}/lost").status_code == 404
        assert client.post(f"/my/cards/{card.id}/lost").status_code == 404
        assert client.post(f"/my/cards/{card.id}/found").status_code == 404
        assert state_of(app, card)[0] == "active"


@pytest.mark.parametrize("way", ["number", "spaced number", "code", "address"])
def test_i_link_a_card_after_seeing_what_it_brings(
    app: App, client: TestClient, till: Till, lou: UUID, way: str
) -> None:
    mine, card = pass_of(app, lou), new_pass(app)
    load(app, till, mine, 1_000)
    load(app, till, card, 1_200, voucher=300)
    said = {
        "number": card.number.lower(),
        "spaced number": f" {card.number[:4]}-{card.number[4:]} ",
        "code": card.code,
        "address": f"{app.settings.node.url}/c/{card.code}",
    }[way]
    asked = client.post(LINK, data={"card": said})
    assert asked.status_code == 200
    for words in ("+€12.00", "Then I hold €22.00", "+€3.00", "Then I hold €3.00"):
        assert words in asked.text
    assert state_of(app, card)[1] == card.wallet  # a question changes nothing
    assert client.post(LINK, data={"card": said, "sure": "yes"}).headers["location"] == "/my/cards"
    assert state_of(app, card) == ("active", mine.wallet)
    assert held(app, mine.wallet) == {"money": 2_200, "gift": 300}
    assert held(app, card.wallet) == {}
    assert "My card joins my wallet" in client.get("/my/money/movements").text


def test_my_first_card_makes_my_wallet(app: App, client: TestClient, till: Till, lou: UUID) -> None:
    card = new_pass(app)
    asked = client.post(LINK, data={"card": card.number})
    assert "This card is empty." in asked.text
    client.post(LINK, data={"card": card.number, "sure": "yes"})
    with app.db.read() as session:
        assert session.scalar(select(func.count()).where(Wallet.person_id == lou)) == 1
    again = client.post(LINK, data={"card": card.number})
    assert again.headers["location"] == "/my/cards"
    assert "opens my wallet already" in client.get("/my/cards").text


def test_what_cannot_be_linked_says_why(app: App, client: TestClient, till: Till, lou: UUID) -> None:
    lost_card, blocked_card = new_pass(app), new_pass(app)
    app.db.write(lambda session: mark_lost(session, ODILE, lost_card.id).id)
    app.db.write(lambda session: block_card(session, ODILE, blocked_card.id).id)
    theirs = pass_of(app, add_person(app, "sam@example.org"))
    team = new_pass(app, kind="staff")
    refused = {
        "": (422, "I type the number"),
        "no such card": (404, "not known here"),
        mistyped(theirs.number): (404, "One sign of this number is wrong"),
        theirs.number: (409, "belongs to someone else"),
        team.number: (409, "card of the team"),
        lost_card.number: (409, "declared lost"),
        blocked_card.number: (409, "is blocked"),
    }
    for said, (status, words) in refused.items():
        for sure in ("", "yes"):
            answer = client.post(LINK, data={"card": said, "sure": sure})
            assert (answer.status_code, words in answer.text) == (status, True), said
    assert "Sam" not in client.post(LINK, data={"card": theirs.number}).text


def test_the_chips_own_number_proves_nothing(app: App, client: TestClient, till: Till, lou: UUID) -> None:
    card = new_pass(app, uid="04A1B2C3D4E5F6")
    load(app, till, card)
    for said in ("04A1B2C3D4E5F6", "04:A1:B2:C3:D4:E5:F6"):
        assert client.post(LINK, data={"card": said, "sure": "yes"}).status_code == 404
    assert state_of(app, card)[1] == card.wallet


def test_a_card_of_a_series_is_linked_at_the_counter(
    app: App, client: TestClient, till: Till, lou: UUID
) -> None:
    first, second = new_pass(app, number="1001"), new_pass(app, number="1002")
    load(app, till, second)
    answer = client.post(LINK, data={"card": "1002", "sure": "yes"})
    assert answer.status_code == 409
    assert "easy to guess" in answer.text
    assert state_of(app, second)[1] == second.wallet
    # Its QR code is long and random: who has it holds the card.
    assert client.post(LINK, data={"card": f"/c/{first.code}", "sure": "yes"}).status_code == 303


def test_a_card_with_something_set_aside_waits(app: App, client: TestClient, till: Till, lou: UUID) -> None:
    card = new_pass(app)
    load(app, till, card)
    held_until = Spending(
        lines=(Line("Caution", 500),), payers=(Holder(card=card.id),), until=clock.now() + timedelta(days=1)
    )
    flows.spend(app, ODILE, held_until)
    answer = client.post(LINK, data={"card": card.number})
    assert answer.status_code == 409
    assert "Something is set aside" in answer.text


def test_guessing_numbers_ends_soon(
    app: App, client: TestClient, new_client: Callable[[], TestClient], till: Till, lou: UUID
) -> None:
    card = new_pass(app)
    for number in range(20):
        assert client.post(LINK, data={"card": f"guess{number}"}).status_code == 404
    answer = client.post(LINK, data={"card": card.number, "sure": "yes"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert state_of(app, card)[1] == card.wallet
    sam = new_client()
    sign_in(app, sam, "sam@example.org")
    assert sam.post(LINK, data={"card": card.number}).status_code == 200


def test_my_space_leads_to_my_money_and_cards(client: TestClient, lou: UUID) -> None:
    page = client.get("/my").text
    assert 'href="/my/money"' in page
    assert 'href="/my/cards"' in page
    assert "No Pass opens my wallet yet" in client.get("/my/cards").text


def test_of_four_persons_who_claim_one_card_at_once_one_gets_it_all(
    app: App, new_client: Callable[[], TestClient], till: Till
) -> None:
    card = new_pass(app)
    load(app, till, card, 1_200)
    browsers = [new_client() for _number in range(4)]
    persons = [
        sign_in(app, browser, f"person{number}@example.org") for number, browser in enumerate(browsers)
    ]

    def claim(browser: TestClient) -> int:
        return browser.post(LINK, data={"card": card.number, "sure": "yes"}).status_code

    with ThreadPoolExecutor(4) as at_once:
        answers = sorted(at_once.map(claim, browsers))
    assert answers == [303, 409, 409, 409]
    wallet = state_of(app, card)[1]
    assert held(app, wallet) == {"money": 1_200}
    with app.db.read() as session:
        assert wallet in {wallet_id_of(session, person) for person in persons}
