"""Many at one wallet at the same moment: as many pay as it affords, and the others are told why not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from kit.db import Database
from kit.errors import Refusal
from tests.wallet.ledger.evening import (
    balances,
    drink,
    kept_bodies,
    look_through,
    open_café,
    take_up,
    top_up,
    wallet,
)  # fmt: skip
from wallet.ledger.requests import Spend
from wallet.service.posting import submit

AFFORDS = 64
PRICE = 250


def try_to_pay(database: Database, request: Spend) -> str:
    try:
        return submit(database, request).verdict
    except Refusal as refusal:
        return refusal.name


def all_pay(callers: int, databases: Sequence[Database]) -> Counter[str]:
    """Twice as many drinks as Camille affords, asked for by so many callers."""

    def pay(number: int) -> str:
        return try_to_pay(databases[number % len(databases)], drink("Camille", PRICE))

    with ThreadPoolExecutor(callers) as pool:
        return Counter(pool.map(pay, range(2 * AFFORDS)))


@pytest.mark.parametrize("callers", [1, 8, 32, 128])
def test_exactly_as_many_pay_as_the_wallet_affords(db: Database, callers: int) -> None:
    open_café(db, "Camille", "Léo")
    submit(db, top_up("Camille", AFFORDS * PRICE + PRICE - 1))
    submit(db, top_up("Léo", 100))
    assert all_pay(callers, [db]) == {"posted": AFFORDS, "insufficient": AFFORDS}
    assert balances(db) == {
        str(wallet("Camille")): PRICE - 1,
        str(wallet("Léo")): 100,
        "main": AFFORDS * PRICE,
    }
    look_through(db)


@pytest.fixture
def two_processes(new_database_url: Callable[[], str]) -> Iterator[list[Database]]:
    """Two that write to one PostgreSQL, as two worker processes do."""
    url = new_database_url()
    databases = [Database(url, durable=False) for _ in range(2)]
    yield databases
    for database in databases:
        database.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("callers", [8, 32])
def test_two_processes_share_one_chain(two_processes: list[Database], callers: int) -> None:
    open_café(two_processes[0], "Camille")
    take_up(two_processes[1])
    submit(two_processes[0], top_up("Camille", AFFORDS * PRICE))
    assert all_pay(callers, two_processes) == {"posted": AFFORDS, "insufficient": AFFORDS}
    look_through(two_processes[1])


def test_one_tap_heard_by_many_is_paid_once(db: Database) -> None:
    open_café(db, "Camille")
    submit(db, top_up("Camille", 1000))
    request = drink("Camille", 300)
    with ThreadPoolExecutor(32) as pool:
        receipts = list(pool.map(lambda _: submit(db, request), range(64)))
    assert len({receipt.first for receipt in receipts}) == 1
    assert balances(db)[str(wallet("Camille"))] == 700
    assert len(kept_bodies(db)) == 2
