"""One card, whatever the reader, the camera or the hand gives."""

import pytest

from kit.app import App
from tests.people.browsers import OFFICE, add_person
from tests.wallet.cards.holders import CHIP, Card, add_card, add_currency, pay, read_card, top_up
from wallet.card_refusals import CardAltered, CardAmbiguous, CardMessageMalformed, CardWrong
from wallet.cards.number import shown_number
from wallet.cards.reading import Tap
from wallet.cards.software import SoftwareCard
from wallet.cards.sun import CardKeys
from wallet.keyring import card_keys
from wallet.queries.cards import Found, Wanted, count_cards, find_card, list_cards
from wallet.refusals import CardReplayed, CardUnknown, CardUnproved
from wallet.service.cards.linking import link_card
from wallet.service.cards.states import block_card


def find(app: App, **tap: str) -> Found:
    with app.db.read() as session:
        return find_card(session, Tap(**tap), card_keys(app))


def test_a_card_is_found_by_chip_number_code_and_address(app: App) -> None:
    card = add_card(app, uid=CHIP)
    for tap in (
        {"uid": "04:a2:1b:3c:4d:5e:80"},
        {"uid": str(int(CHIP, 16))},
        {"number": shown_number(card.number).lower()},
        {"code": card.code},
        {"code": f"https://cafe.example/c/{card.code}"},
    ):
        assert find(app, **tap).card.id == card.id
        assert find(app, text=next(iter(tap.values()))).card.id == card.id


def test_cards_of_an_older_system_keep_their_number_and_address(app: App) -> None:
    card = add_card(app, uid=CHIP, number="000123", code="https://old.example/qr/9d3c-AbC")
    assert read_card(app, card).code == "9d3c-AbC"
    assert find(app, text="000123").card.id == card.id
    assert find(app, text="https://old.example/qr/9d3c-AbC").card.id == card.id


def test_a_decimal_reader_is_told_apart_by_the_cards_that_are_known(app: App) -> None:
    card = add_card(app, uid="075BCD15")
    assert find(app, text="0123456789").card.id == card.id
    add_card(app, uid="15CD5B07")
    with pytest.raises(CardAmbiguous):
        find(app, text="0123456789")


@pytest.mark.parametrize("text", ["", "04A21B3C4D5E81", "nobody", "https://cafe.example/c/NOTHERE22", "/"])
def test_an_unknown_card_is_refused_by_name(app: App, text: str) -> None:
    add_card(app, uid=CHIP)
    with pytest.raises(CardUnknown):
        find(app, text=text)


def test_a_mistyped_number_says_so(app: App) -> None:
    card = add_card(app)
    wrong = card.number[:-1] + ("2" if card.number[-1] != "2" else "3")
    with pytest.raises(CardUnknown) as refused:
        find(app, text=wrong)
    assert "sign" in refused.value.sentence


def test_a_right_message_pays_once_and_a_replayed_one_never(app: App) -> None:
    add_currency(app)
    card = add_card(app, uid=CHIP, chip="ntag424")
    top_up(app, card, 1000)
    chip = SoftwareCard(CHIP, card_keys(app))
    message = chip.tap()
    found = find(app, picc_data=message.picc_data, cmac=message.cmac)
    assert (found.card.id, found.counter) == (card.id, 1)
    assert pay(app, card, 300, found.counter).verdict == "posted"
    with pytest.raises(CardReplayed):
        pay(app, card, 300, find(app, picc_data=message.picc_data, cmac=message.cmac).counter)
    later = chip.tap()
    again = find(app, text=later.address(f"https://cafe.example/c/{card.code}"))
    assert pay(app, card, 300, again.counter).verdict == "posted"


def test_the_number_of_a_chip_that_can_prove_itself_does_not_pay_alone(app: App) -> None:
    add_currency(app)
    card = add_card(app, uid=CHIP, chip="ntag424")
    top_up(app, card, 1000)
    with pytest.raises(CardUnproved):
        pay(app, card, 300, find(app, uid=CHIP).counter)


def test_altered_foreign_and_broken_messages_are_refused_by_name(app: App) -> None:
    add_card(app, uid=CHIP, chip="ntag424")
    message = SoftwareCard(CHIP, card_keys(app)).tap()
    flipped = f"{int(message.cmac[0], 16) ^ 1:X}{message.cmac[1:]}"
    with pytest.raises(CardAltered):
        find(app, picc_data=message.picc_data, cmac=flipped)
    with pytest.raises(CardMessageMalformed):
        find(app, picc_data=message.picc_data, cmac="")
    foreign = SoftwareCard(CHIP, CardKeys(bytes(16), bytes(16))).tap()
    with pytest.raises(CardAltered):
        find(app, picc_data=foreign.picc_data, cmac=foreign.cmac)
    unknown = SoftwareCard("04A21B3C4D5E81", card_keys(app)).tap()
    with pytest.raises(CardUnknown):
        find(app, picc_data=unknown.picc_data, cmac=unknown.cmac)


def test_a_message_with_another_card_s_code_is_refused(app: App) -> None:
    add_card(app, uid=CHIP, chip="ntag424")
    other: Card = add_card(app, uid="04A21B3C4D5E81", chip="ntag424")
    message = SoftwareCard(CHIP, card_keys(app)).tap()
    with pytest.raises(CardWrong):
        find(app, text=message.address(f"https://cafe.example/c/{other.code}"))


def test_the_list_finds_by_number_chip_address_and_person(app: App) -> None:
    card, other = add_card(app, uid=CHIP, number="AB12CD34"), add_card(app, number="ZZ98")
    person = add_person(app, "lise@example.org", name="Lise Aubrac")
    app.db.write(lambda session: link_card(session, OFFICE, card.id, person).id)
    app.db.write(lambda session: block_card(session, OFFICE, other.id).id)
    with app.db.read() as session:
        for q in ("ab12", "04-a2-1b-3c-4d-5e-80", f"https://x.example/c/{card.code}", "aubrac lise"):
            (line,) = list_cards(session, Wanted(q)).lines
            assert (line.card.id, line.person and line.person.name) == (card.id, "Lise Aubrac")
        assert [line.card.id for line in list_cards(session, Wanted(state="blocked")).lines] == [other.id]
        assert list_cards(session, Wanted("nobody")).lines == []
        assert list_cards(session, Wanted(is_staff=True)).total == 0
        assert count_cards(session) == {"all": 2, "active": 1, "blocked": 1, "staff": 0}
