"""Reads: snapshots side by side with writes, that cannot write."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import URL, func, select
from sqlalchemy.exc import DBAPIError

from kit.db import Database
from tests.kit.db.notes import NOTE, add, count, make, texts


@pytest.fixture
def noted(db: Database) -> Database:
    return make(db)


def test_a_snapshot_stands_still_while_others_write(noted: Database) -> None:
    noted.write(add("first"))
    with noted.read() as session:
        before = session.scalar(select(func.count()).select_from(NOTE))
        noted.write(add("second"))
        again = session.scalar(select(func.count()).select_from(NOTE))
    assert (before, again, count(noted)) == (1, 1, 2)


def test_a_reader_cannot_write(noted: Database) -> None:
    with noted.read() as session, pytest.raises(DBAPIError):
        add("sneaked in")(session)
    assert count(noted) == 0


def test_a_database_opened_for_reading_takes_no_lock(noted: Database, database_url: str) -> None:
    noted.write(add("seen"))
    looker = Database(database_url, read_only=True)
    assert texts(looker) == ["seen"]
    with pytest.raises(RuntimeError, match="reading only"):
        looker.write(add("no"))
    looker.close()
    assert noted.write(add("still mine")) == "still mine"


@pytest.mark.parametrize("folder", ["plain", "an odd ?name#of 100%25 é"])
def test_a_node_that_is_stopped_can_be_read(tmp_path: Path, folder: str) -> None:
    url = URL.create("sqlite", database=str(tmp_path / folder / "node.db"))
    owner = make(Database(url, durable=False))
    owner.write(add("kept"))
    owner.close()
    looker = Database(url, read_only=True)
    assert texts(looker) == ["kept"]
    looker.close()


async def test_reads_run_side_by_side(noted: Database) -> None:
    meeting = threading.Barrier(4, timeout=20)
    await asyncio.gather(*(noted.aread(lambda _: meeting.wait()) for _ in range(4)))
