"""What the QR code of a Pass opens, for whoever holds the card or only found it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit.app import App
from tests.factories.money import ODILE, Till, open_till
from tests.people.browsers import add_person, sign_in
from tests.wallet.pockets import Pass, load, new_pass, pass_of
from wallet.cards.software import SoftwareCard
from wallet.keyring import card_keys
from wallet.service.cards.linking import replace_card
from wallet.service.cards.states import block_card, mark_lost


@pytest.fixture
def till(app: App) -> Till:
    """A café with its four currencies."""
    return open_till(app)


def page_of(browser: TestClient, card: Pass) -> str:
    """What the card's QR code opens."""
    answer = browser.get(f"/c/{card.code}")
    assert answer.status_code == 200
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert 'name="robots" content="noindex' in answer.text
    return answer.text


def test_an_unclaimed_card_shows_what_it_would_pay_with(app: App, client: TestClient, till: Till) -> None:
    card = new_pass(app)
    assert "It is empty." in page_of(client, card)
    load(app, till, card, 1_200, voucher=300)
    page = page_of(client, card)
    for words in ("Pass of Le Café d’essai", "nobody’s yet", "€12.00", "€3.00", "like cash"):
        assert words in page
    assert f"/sign-in?back=%2Fc%2F{card.code}" in page


def test_i_come_back_after_signing_in_and_link_it(app: App, client: TestClient, till: Till) -> None:
    card = new_pass(app)
    load(app, till, card, 1_200)
    lou = sign_in(app, client, "lou@example.org")
    assert client.get(f"/sign-in?back=/c/{card.code}").headers["location"] == f"/c/{card.code}"
    page = page_of(client, card)
    said = page.partition('name="card" value="')[2].partition('"')[0]
    assert "+€12.00" in client.post("/my/cards/link", data={"card": said}).text
    client.post("/my/cards/link", data={"card": said, "sure": "yes"})
    assert "This is my card. It works." in page_of(client, card)
    assert isinstance(lou, UUID)


def test_a_persons_card_tells_a_stranger_neither_name_nor_money(
    app: App, client: TestClient, new_client: Callable[[], TestClient], till: Till
) -> None:
    card = pass_of(app, add_person(app, "lou@example.org", name="Lou Abadie"))
    load(app, till, card, 1_234)
    other = new_client()
    sign_in(app, other, "sam@example.org")
    for browser in (client, other):
        page = page_of(browser, card)
        assert "This card belongs to somebody." in page
        for secret in ("Lou", "Abadie", "12.34", card.number, str(card.id), str(card.wallet)):
            assert secret not in page
    assert "I sign in" in page_of(client, card)


def test_a_card_that_pays_no_more_says_so_and_shows_no_money(
    app: App, client: TestClient, till: Till
) -> None:
    lost, blocked, old, new = (new_pass(app) for _number in range(4))
    for card in (lost, blocked, old):
        load(app, till, card, 1_234)
    app.db.write(lambda session: mark_lost(session, ODILE, lost.id).id)
    app.db.write(lambda session: block_card(session, ODILE, blocked.id).id)
    app.db.write(lambda session: replace_card(session, ODILE, old.id, new.id).id)
    for card, words in ((lost, "declared lost"), (blocked, "is blocked"), (old, "replaced by another")):
        page = page_of(client, card)
        assert words in page
        assert "12.34" not in page
        assert "/my/cards/link" not in page
    assert "12.34" in page_of(client, new)


def test_my_lost_card_lets_me_find_it_again(app: App, client: TestClient, till: Till) -> None:
    card = pass_of(app, sign_in(app, client, "lou@example.org"))
    app.db.write(lambda session: mark_lost(session, ODILE, card.id).id)
    assert f"/my/cards/{card.id}/found" in page_of(client, card)


def test_a_card_of_the_team_offers_nothing(app: App, client: TestClient, till: Till) -> None:
    card = new_pass(app, kind="staff")
    load(app, till, card, 1_234)
    page = page_of(client, card)
    assert "card of the team" in page
    assert "12.34" not in page


def test_codes_of_a_series_show_no_money(app: App, client: TestClient, till: Till) -> None:
    first, second = new_pass(app, code="CARTE-0001"), new_pass(app, code="CARTE-0002")
    load(app, till, first, 1_234)
    load(app, till, second, 1_234)
    page = page_of(client, first)
    assert "easy to guess" in page
    assert "12.34" not in page
    assert first.number not in page


def test_a_tap_that_the_chip_proves_opens_its_card(app: App, client: TestClient, till: Till) -> None:
    card = new_pass(app, uid="04112233445566")
    load(app, till, card, 1_234)
    chip = SoftwareCard("04112233445566", card_keys(app))
    tap = chip.tap()
    address = f"/c?picc_data={tap.picc_data}&cmac={tap.cmac}"
    assert "12.34" in client.get(address).text
    altered = f"/c?picc_data={tap.picc_data}&cmac={'0' * len(tap.cmac)}"
    assert client.get(altered).status_code == 404


def test_an_unknown_code_is_a_calm_page_and_guessing_ends(app: App, client: TestClient, till: Till) -> None:
    for path in ("/c", "/c/nothing", "/c/%00", "/c/" + "A" * 3000, "/c/%F0%9F%90%8C"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "No card has this address" in answer.text
    statuses = [client.get(f"/c/GUESS{number:04}").status_code for number in range(16)]
    assert statuses == [404] * 15 + [429]
    card = new_pass(app)
    assert client.get(f"/c/{card.code}").status_code == 200  # who holds a card still reads it


def test_opening_cards_by_the_hundred_ends(app: App, client: TestClient, till: Till) -> None:
    card = new_pass(app)
    statuses = [client.get(f"/c/{card.code}").status_code for _number in range(61)]
    assert statuses == [200] * 60 + [429]


def test_a_code_never_stands_in_the_log(
    app: App, client: TestClient, till: Till, capsys: pytest.CaptureFixture[str]
) -> None:
    card = new_pass(app)
    page_of(client, card)
    told = capsys.readouterr()
    assert "/c/•••" in told.out + told.err
    assert card.code not in told.out + told.err
