"""What the driver looks at again: never what is on its way, always what nobody answered."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from kit.db import Database
from tests.wallet.village import two_nodes as town
from tests.wallet.village.agreeing import open_node
from tests.wallet.village.two_nodes import FARM, Street
from wallet.village_store.waiting import waiting_payments


@pytest.fixture
def street(db: Database, new_database_url: Callable[[], str]) -> Iterator[Street]:
    farms = Database(new_database_url(), durable=False)
    open_node(farms, FARM)
    yield town.street(db, farms)
    farms.close()


def waits(street: Street, ms: int) -> list[UUID]:
    """The farm's payments that are driven so many milliseconds after now."""
    with street.farm.keeper.database.read() as session:
        return [one.id for one in waiting_payments(session, street.clock.ms + ms)]


def test_what_was_just_asked_is_not_asked_again(street: Street) -> None:
    payment = street.begin()
    assert (waits(street, 0), waits(street, 499)) == ([], [])
    assert waits(street, 500) == [payment.id]


def test_what_is_dated_later_than_now_is_driven(street: Street) -> None:
    """The clock went back: nothing waits until it is there again."""
    payment = street.begin()
    assert waits(street, -1) == [payment.id]


def test_what_is_over_is_not_driven(street: Street) -> None:
    street.paid()
    assert waits(street, 3_600_000) == []
