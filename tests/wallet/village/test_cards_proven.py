"""A chip that proves its taps, away from home: its home checks them, in its charge or when asked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.db import Database
from kit.ids import new_id
from tests.factories.money import ODILE
from tests.wallet.village.neighbours import PRIMARY, House, Village, befriend, close, open_house
from tests.wallet.village.test_cards_elsewhere import ByHand
from wallet.asking import whose_anywhere
from wallet.between.messages import Card, Charge, LookUp, Refused
from wallet.between.port import Village as VillagePort
from wallet.card_refusals import CardAltered
from wallet.cards.reading import Tap
from wallet.cards.software import SoftwareCard
from wallet.cards.sun import sun_text
from wallet.jobs import list_cards
from wallet.keyring import card_keys
from wallet.ledger.requests import Holder
from wallet.models.card import NTAG424
from wallet.queries.village_cards import Shown, holder_of
from wallet.service.cards.enrolling import enrol_card

UID, COPY = "04A1B2C3D4E5F6", "04000000000001"
HOME, BAR = "http://127.0.0.1:8201", "http://127.0.0.1:8202"


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """Home, which made the chip, and Bar, where it is tapped; both deal with the primary."""
    houses = {
        f"http://127.0.0.1:{port}": open_house(
            tmp_path / str(port), Database(new_database_url(), durable=False), port, (HOME, BAR)
        )
        for port in (8201, 8202, 8203)
    }
    befriend(houses[HOME], houses[BAR])
    befriend(houses[HOME], houses[PRIMARY])
    befriend(houses[BAR], houses[PRIMARY])
    yield Village(houses)
    close(houses.values())


@pytest.fixture
def home(village: Village) -> House:
    return village.houses[HOME]


@pytest.fixture
def bar(village: Village) -> House:
    return village.houses[BAR]


@pytest.fixture
def chip(village: Village, home: House) -> SoftwareCard:
    """A chip of Home, known in the village."""
    home.write(lambda session: enrol_card(session, ODILE, uid=UID, chip=NTAG424))
    list_cards(home.app)
    village.settle()
    return SoftwareCard(UID, card_keys(home.app))


def charge(bar: House, sun: str = "", **other: Any) -> Charge:
    found = bar.whose(uid=UID)
    said = {"handle": found.handles[HOME], "card": found.keys[HOME], "sun": sun, **other}
    return Charge(id=new_id(), made=0, asset="x/y", epoch=1, amount=100, exp=1, **said)


def held_by(home: House, asked: Charge) -> Shown:
    return home.read(lambda session: holder_of(session, BAR, asked))


def test_the_home_reads_the_proof_inside_its_charge(home: House, bar: House, chip: SoftwareCard) -> None:
    chip.tap()
    message = chip.tap()
    found = held_by(home, charge(bar, sun_text(message.picc_data, message.cmac)))
    assert isinstance(found, Holder)
    assert (found.card, found.counter) == (home.whose(uid=UID).card, 2)


@pytest.mark.parametrize(
    ("sun", "why"),
    [("", None), ("00", "card_malformed"), (f"{'0' * 32}.{'0' * 16}", "card_altered")],
)
def test_a_message_that_proves_nothing_is_refused_by_name(
    home: House, bar: House, chip: SoftwareCard, sun: str, why: str | None
) -> None:
    found = held_by(home, charge(bar, sun))
    assert found == why or (why is None and isinstance(found, Holder) and found.counter is None)


def test_another_chips_message_and_a_charge_without_the_card_are_refused(
    home: House, bar: House, chip: SoftwareCard
) -> None:
    other = SoftwareCard(COPY, chip.keys).tap()
    assert held_by(home, charge(bar, sun_text(other.picc_data, other.cmac))) == "card_wrong"
    assert held_by(home, charge(bar, card="")) == "card_unproved"


def test_elsewhere_its_handles_are_told_for_a_proven_tap_alone(
    village: Village, home: House, bar: House, chip: SoftwareCard
) -> None:
    found = bar.whose(uid=UID)
    assert set(found.handles) == {HOME}, "a copy of its number pays nobody else"
    bare = village.ask(bar, HOME, LookUp(id=new_id(), made=0, card=found.keys[HOME]))
    assert isinstance(bare, Card)
    assert set(bare.handles) == {HOME}
    message = chip.tap()
    sun = sun_text(message.picc_data, message.cmac)
    proven = village.ask(bar, HOME, LookUp(id=new_id(), made=0, card=found.keys[HOME], sun=sun))
    assert isinstance(proven, Card)
    assert set(proven.handles) == {HOME, BAR, PRIMARY}
    false = f"{sun[:-1]}{'1' if sun[-1] == '0' else '0'}"
    wrong = village.ask(bar, HOME, LookUp(id=new_id(), made=0, card=found.keys[HOME], sun=false))
    assert isinstance(wrong, Refused)
    assert wrong.why == "card_altered"


async def test_a_till_takes_the_proof_home(
    village: Village, bar: House, home: House, chip: SoftwareCard
) -> None:
    message = chip.tap()
    tap = Tap(uid=UID, picc_data=message.picc_data, cmac=message.cmac)
    alone = await whose_anywhere(bar.app, tap)
    assert set(alone.handles) == {HOME}, "with its home cut off, it pays its home's money alone"
    bar.app.ports.give(VillagePort, ByHand(village, bar))
    found = await whose_anywhere(bar.app, tap)
    assert set(found.handles) == {HOME, BAR, PRIMARY}
    with pytest.raises(CardAltered):
        await whose_anywhere(bar.app, Tap(uid=UID, picc_data=message.picc_data, cmac="0" * 16))
