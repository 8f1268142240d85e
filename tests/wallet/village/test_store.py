"""What is decided between nodes is the same in memory, in SQLite and in PostgreSQL: answers, lines, rows."""

from collections.abc import Callable, Iterator

import pytest

from kit.db import Database
from tests.wallet.village.keepers import InMemory, InTables
from tests.wallet.village.played import CAFE, FARM, Evening, Node


@pytest.fixture
def farms(new_database_url: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_database_url(), durable=False)
    yield database
    database.close()


@pytest.mark.parametrize("seed", range(4))
def test_every_keeper_says_and_keeps_the_same(db: Database, farms: Database, seed: int) -> None:
    kept = InTables(db, CAFE), InTables(farms, FARM)
    cafe, farm = Node(InMemory(CAFE), kept[0]), Node(InMemory(FARM), kept[1])
    Evening(cafe, farm, seed).play(150)
    cafe.compare()
    farm.compare()
    assert [one.troubles() for one in kept] == [[], []]
