"""A chip of one house pays another house's money at a third: the home's proof counts once, in the charge."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kit import clock
from kit.db import Database
from kit.ids import new_id
from tests.factories.money import ODILE, at
from tests.people.browsers import add_person
from tests.wallet.village.neighbours import PRIMARY, House, Village, befriend, close, open_house
from wallet.between.desk import milliseconds
from wallet.between.messages import Card, Charge, LookUp, Receipt, Refused, decode, encode
from wallet.cards.software import Message, SoftwareCard
from wallet.cards.sun import sun_text
from wallet.federated.engine import heard_as
from wallet.jobs import list_cards
from wallet.keyring import card_keys
from wallet.models.card import NTAG424
from wallet.models.currency import Currency
from wallet.queries.village_cards import holder_of
from wallet.queries.village_taking import wire_name
from wallet.refusals import CardReplayed
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.linking import link_card
from wallet.village_store.decider import KIND, Batch

UID = "04A1B2C3D4E5F6"
HOME, BAR = "http://127.0.0.1:8201", "http://127.0.0.1:8202"


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """Home made the chip, it is tapped at Bar, and pays with the money of the primary."""
    houses = {
        url: open_house(
            tmp_path / url[-4:], Database(new_database_url(), durable=False), int(url[-4:]), (HOME, BAR)
        )
        for url in (HOME, BAR, PRIMARY)
    }
    for one, other in ((HOME, BAR), (HOME, PRIMARY), (BAR, PRIMARY)):
        befriend(houses[one], houses[other])
    yield Village(houses)
    close(houses.values())


@pytest.fixture
def chip(village: Village) -> SoftwareCard:
    """A chip of Home, known everywhere, with ten euros at the primary."""
    home, primary = village.houses[HOME], village.houses[PRIMARY]
    home.write(lambda session: enrol_card(session, ODILE, uid=UID, chip=NTAG424))
    list_cards(home.app)
    village.settle()
    chip = SoftwareCard(UID, card_keys(home.app))
    told = asks(village, PRIMARY, chip.tap())
    assert isinstance(told, Card)
    primary.top_up(replace(primary.whose(uid=UID), handles=told.handles, proofs=told.proofs))
    return chip


def asks(village: Village, asker: str, message: Message) -> Any:
    """What Home answers about a tap."""
    house = village.houses[asker]
    key = house.whose(uid=UID).keys[HOME]
    sun = sun_text(message.picc_data, message.cmac)
    return village.ask(house, HOME, LookUp(id=new_id(), made=0, card=key, sun=sun))


def charge(village: Village, told: Card, **other: Any) -> Charge:
    primary = village.houses[PRIMARY]
    said = {"handle": told.handles[PRIMARY], "sun": told.proofs[PRIMARY], "asset": asset_of(primary)}
    now = milliseconds(clock.now())
    return Charge(id=uuid4(), made=now, epoch=1, amount=100, exp=now + 60_000, **(said | other))


def asset_of(house: House) -> str:
    return house.read(lambda session: wire_name(session.get_one(Currency, house.local)))


def pays(village: Village, asked: Charge, acceptor: str = BAR) -> tuple[str, str]:
    """What the primary answers to a charge of `acceptor`: outcome and reason."""
    primary = village.houses[PRIMARY]
    shown = primary.read(lambda session: holder_of(session, acceptor, asked))
    heard = heard_as(acceptor, encode(asked), asked, shown)
    (outcome,) = primary.app.db.submit(KIND, Batch(events=(heard,)))
    receipt = decode(outcome.answers[0])
    assert isinstance(receipt, Receipt)
    return receipt.outcome, receipt.why


def test_a_proof_pays_once_inside_the_charge(village: Village, chip: SoftwareCard) -> None:
    older, newer = asks(village, BAR, chip.tap()), asks(village, BAR, chip.tap())
    first = charge(village, newer)
    assert pays(village, first) == ("posted", "")
    assert pays(village, first) == ("posted", ""), "the same question, the same answer"
    assert pays(village, charge(village, newer)) == ("declined", "card_replayed")
    assert pays(village, charge(village, older)) == ("declined", "card_replayed")
    assert pays(village, charge(village, asks(village, BAR, chip.tap()))) == ("posted", "")


def test_what_an_acceptor_cannot_make_or_borrow(village: Village, chip: SoftwareCard) -> None:
    message = chip.tap()
    told = asks(village, BAR, message)
    card, counter, mark = told.proofs[PRIMARY].split(".")
    wrong = {
        "": "card_unproved",
        sun_text(message.picc_data, message.cmac): "card_malformed",
        f"{card}.{int(counter) + 1}.{mark}": "card_altered",
        f"{card}.{counter}.{'0' * 32}": "card_altered",
    }
    for proof, why in wrong.items():
        assert pays(village, charge(village, told, sun=proof)) == ("declined", why)
    other = charge(village, told, sun=told.proofs[BAR])
    assert pays(village, other) == ("declined", "card_altered"), "made for another issuer"
    assert pays(village, charge(village, told), HOME) == ("declined", "card_altered"), "given to Bar"
    assert pays(village, charge(village, told)) == ("posted", "")


def test_home_tells_one_neighbour_of_one_tap(village: Village, chip: SoftwareCard) -> None:
    home = village.houses[HOME]
    older, message = chip.tap(), chip.tap()
    told, again = asks(village, BAR, message), asks(village, BAR, message)
    assert told.proofs == again.proofs, "looked at first, then charged"
    for asker, tap in ((PRIMARY, message), (BAR, older), (PRIMARY, older)):
        refused = asks(village, asker, tap)
        assert isinstance(refused, Refused)
        assert refused.why == "card_replayed"
    with pytest.raises(CardReplayed):
        home.whose(uid=UID, picc_data=message.picc_data, cmac=message.cmac)
    with at(clock.now() + timedelta(minutes=11)):
        assert asks(village, BAR, message).why == "card_replayed"
        assert isinstance(asks(village, BAR, chip.tap()), Card)


def test_a_member_with_another_kind_of_card_need_not_prove_it(village: Village, chip: SoftwareCard) -> None:
    """What is easily copied gets no better by asking the chip beside it."""
    home = village.houses[HOME]
    lou = add_person(home.app, "lou@example.org", name="Lou")
    card = home.whose(uid=UID).card
    assert card is not None
    home.write(lambda session: link_card(session, ODILE, card, lou))
    village.settle()
    told = asks(village, BAR, chip.tap())
    assert pays(village, charge(village, told, sun="")) == ("declined", "card_unproved")
    assert pays(village, charge(village, told)) == ("posted", "")
    home.link(home.new_pass("04000000000007"), lou)
    village.settle()
    assert pays(village, charge(village, told, sun="")) == ("posted", "")
