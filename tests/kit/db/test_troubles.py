"""Troubles of the database itself: conflicts, lost connections, full disks."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kit.db import Database, NotDurable
from kit.errors import Busy
from tests.kit.db.batches import together
from tests.kit.db.notes import COUNTER, NOTE, add, count, make, texts

only_postgresql = pytest.mark.parametrize(
    "dialect", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def noted(db: Database) -> Database:
    return make(db)


@pytest.fixture
def other(noted: Database, database_url: str) -> Iterator[Database]:
    """A second process on the same PostgreSQL database."""
    database = Database(database_url, durable=False)
    yield database
    database.close()
    assert noted.waiting == 0


def set_both(first: str, second: str, meeting: Barrier, tries: list[int]) -> Any:
    """A unit that changes two rows in an order that may lock another process out, and be locked out by it."""

    def unit(session: Session) -> None:
        tries.append(1)
        change = update(COUNTER).where(COUNTER.c.name == bindparam("which")).values(value=COUNTER.c.value + 1)
        session.execute(change, {"which": first})
        if len(tries) == 1:
            meeting.wait()
        session.execute(change, {"which": second})

    return unit


@only_postgresql
def test_a_deadlock_is_tried_again(noted: Database, other: Database) -> None:
    noted.write(
        lambda session: session.execute(
            COUNTER.insert(), [{"name": "a", "value": 0}, {"name": "b", "value": 0}]
        )
    )
    meeting, mine, theirs = Barrier(2, timeout=20), [], []  # type: ignore[var-annotated]
    thread = Thread(target=other.write, args=(set_both("b", "a", meeting, theirs),))
    thread.start()
    noted.write(set_both("a", "b", meeting, mine))
    thread.join()
    with noted.read() as session:
        values = session.scalars(select(COUNTER.c.value)).all()
    assert values == [2, 2]
    assert len(mine) + len(theirs) > 2


@only_postgresql
def test_a_unit_that_loses_the_connection_fails_alone(noted: Database) -> None:
    def cut(session: Session) -> None:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    first, second, third = together(noted, add("before"), cut, add("after"))
    assert (first.result(), third.result()) == ("before", "after")
    assert isinstance(second.exception(), OperationalError)
    assert texts(noted) == ["before", "after"]


@only_postgresql
def test_a_server_that_may_forget_is_refused(database_url: str) -> None:
    with pytest.raises(NotDurable) as refused:
        Database(database_url)
    assert "fsync" in refused.value.cause


@only_postgresql
def test_several_processes_share_a_postgresql_node(noted: Database, other: Database) -> None:
    noted.write(add("mine"))
    other.write(add("theirs"))
    assert sorted(texts(noted)) == ["mine", "theirs"]


@only_sqlite
def test_a_full_disk_is_a_named_refusal_and_writes_nothing(noted: Database) -> None:
    noted.write(lambda session: session.execute(text("PRAGMA max_page_count = 1")))

    def fill(session: Session) -> None:
        session.execute(NOTE.insert(), [{"text": f"{n:060d}"} for n in range(40_000)])

    first, second = together(noted, fill, add("small"))
    assert isinstance(first.exception(), Busy)
    assert second.result() == "small"
    assert texts(noted) == ["small"]


@only_sqlite
def test_the_log_is_moved_into_the_file_when_nothing_waits(noted: Database) -> None:
    path = noted.path
    assert path is not None
    noted.write(lambda session: session.execute(NOTE.insert(), [{"text": str(n)} for n in range(20_000)]))
    before = path.stat().st_size
    from time import sleep

    for _ in range(100):
        if path.stat().st_size > before:
            break
        sleep(0.05)
    assert path.stat().st_size > before
    assert count(noted) == 20_000
