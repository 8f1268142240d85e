"""What a peer was told of a card while a third node had no secret with us yet is told again once it has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from federation.models.peers import Peer
from kit.db import Database
from tests.wallet.village.neighbours import PRIMARY, House, Village, befriend, close, open_house

HOME, BAR = "http://127.0.0.1:8201", "http://127.0.0.1:8202"
UID = "04A1B2C3D4E5F6"


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """Home exchanges with Bar and with the primary."""
    houses = {
        url: open_house(
            tmp_path / url[-4:], Database(new_database_url(), durable=False), int(url[-4:]), (HOME, BAR)
        )
        for url in (HOME, BAR, PRIMARY)
    }
    for other in (BAR, PRIMARY):
        befriend(houses[HOME], houses[other])
    yield Village(houses)
    close(houses.values())


def set_pair_key(house: House, peer: str, key: str) -> str:
    """Another key of that peer; the one before."""

    def change(session: Session) -> str:
        row = session.query(Peer).filter_by(origin=peer).one()
        before, row.pair_key = row.pair_key, key
        return before

    return house.write(change)


def test_handles_at_a_node_whose_secret_comes_late_are_told_again(village: Village) -> None:
    home, bar = village.houses[HOME], village.houses[BAR]
    key = set_pair_key(home, PRIMARY, "")
    home.new_pass(UID)
    village.settle(home)
    assert PRIMARY not in bar.whose(uid=UID).handles
    set_pair_key(home, PRIMARY, key)
    village.settle(home)
    assert PRIMARY in bar.whose(uid=UID).handles
