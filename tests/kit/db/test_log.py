"""The write-ahead log of SQLite is moved into the file when it is long, and is short again afterwards."""

from pathlib import Path

import pytest

from kit.db import Database
from kit.db.sqlite import WAL_LIMIT, WalKeeper
from tests.kit.db.notes import add, make


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_log_that_was_long_once_is_not_moved_after_every_batch(db: Database) -> None:
    make(db).define(lambda c: c.exec_driver_sql("CREATE TABLE heap (bytes BLOB) STRICT"))
    heap = f"INSERT INTO heap VALUES (zeroblob({WAL_LIMIT + 4096}))"  # noqa: S608 - a number
    db.write(lambda session: session.connection().exec_driver_sql(heap) and None)
    for number in range(3):
        db.write(add(f"note {number}"))
    assert isinstance(db.path, Path)
    assert not WalKeeper(db.path).is_due(idle=False)
