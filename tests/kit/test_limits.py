"""Rate limits: rows that a restart does not forget."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kit import clock
from kit.db import Database
from kit.errors import TooManyRequests
from kit.limits import RateMark, forget_free, take

MINUTE = timedelta(minutes=1)


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Iterator[Hands]:
    moved = Hands()
    clock.use_clock(moved)
    yield moved
    clock.use_clock(None)


def tries(db: Database, times: int, key: str = "mail:a@b.example") -> int:
    """How many of so many tries pass a limit of three a minute."""
    passed = 0
    for _ in range(times):
        try:
            db.write(lambda session: take(session, key, 3, MINUTE))
            passed += 1
        except TooManyRequests:
            continue
    return passed


def test_so_many_and_no_more(db: Database, hands: Hands) -> None:
    assert tries(db, 10) == 3
    assert tries(db, 10, "another key") == 3
    hands.now += MINUTE / 3
    assert tries(db, 10) == 1
    hands.now += MINUTE
    assert tries(db, 10) == 3


def test_the_refusal_says_when_to_come_back(db: Database, hands: Hands) -> None:
    tries(db, 3)
    hands.now += timedelta(seconds=5)
    with pytest.raises(TooManyRequests) as refused:
        db.write(lambda session: take(session, "mail:a@b.example", 3, MINUTE))
    assert refused.value.retry_after == 15


@pytest.mark.usefixtures("hands")
def test_a_restart_forgets_nothing(new_database_url: Callable[[], str], dialect: str) -> None:
    url = new_database_url()
    for expected in (3, 0):
        db = Database(url, durable=False)
        assert tries(db, 5) == expected, dialect
        db.close()


@pytest.mark.usefixtures("hands")
def test_no_key_is_stored_in_clear(db: Database) -> None:
    tries(db, 1)
    with db.read() as session:
        keys = session.scalars(select(RateMark.key)).all()
    assert [len(key) for key in keys] == [32]


def test_keys_with_everything_back_are_forgotten(db: Database, hands: Hands) -> None:
    tries(db, 1, "old")
    hands.now += timedelta(seconds=20)
    tries(db, 1, "new")
    db.write(forget_free)
    with db.read() as session:
        assert len(session.scalars(select(RateMark)).all()) == 1
