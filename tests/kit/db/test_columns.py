"""Whole columns are stored and refused like single values."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select

from kit.db import Database, Statement
from kit.db.insert import insert_if_new
from kit.db.types import BigInt, Blob, Int, Str, UtcTime, Uuid
from kit.errors import Invalid
from tests.kit.db.notes import NOTE, make, texts

SHEET = Table(
    "sheet",
    MetaData(),
    Column("n", BigInt, primary_key=True),
    Column("id", Uuid),
    Column("at", UtcTime),
    Column("name", Str),
    Column("small", Int),
    Column("bytes", Blob),
    sqlite_strict=True,
)
FILL = Statement(insert(SHEET).inline(), "n", "id", "at", "name", "small", "bytes")
PARIS = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def written(db: Database, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows as they come back, in order."""
    db.define(SHEET.create)
    try:
        db.write(lambda session: FILL.write(session.connection(), rows))
        with db.read() as session:
            return [tuple(row) for row in session.execute(select(SHEET).order_by(SHEET.c.n))]
    finally:
        db.define(SHEET.drop)


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 200])
def test_any_number_of_rows(db: Database, count: int) -> None:
    rows = [(n, UUID(int=n), NOON, f"№ {n}", n, bytes([n])) for n in range(count)]
    assert written(db, rows) == rows


def test_empty_values_among_others(db: Database) -> None:
    rows = [(1, None, None, None, None, None), (2, UUID(int=2), NOON, "é", -1, b""), (3,) + (None,) * 5]
    assert written(db, rows) == rows


def test_times_of_any_zone_are_stored_in_utc(db: Database) -> None:
    later = (NOON + timedelta(microseconds=1)).astimezone(PARIS)
    rows = [(1, None, NOON, "", 1, b""), (2, None, later, "", 1, b"")]
    assert [row[2] for row in written(db, rows)] == [NOON, later]


@pytest.mark.parametrize(
    "bad",
    [(1, None, NOON, "a\x00b", 1, b""), (1, None, NOON, "\ud800", 1, b""), (1, None, NOON, "", 1 << 31, b""),
     (1 << 63, None, NOON, "", 1, b"")],
)  # fmt: skip
def test_one_value_that_cannot_be_stored_refuses_all(db: Database, bad: tuple[Any, ...]) -> None:
    with pytest.raises(Invalid):
        written(db, [(7, None, NOON, "é", 1, b""), bad, (8, None, NOON, "", 1, b"")])


def test_a_time_needs_a_zone(db: Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        written(db, [(1, None, NOON.replace(tzinfo=None), "", 1, b"")])


def test_what_is_there_already_is_left_alone(db: Database) -> None:
    add = Statement(insert_if_new(_Notes), "text")
    make(db).write(lambda session: add.write(session.connection(), [(text,) for text in "abc"]))
    db.write(lambda session: add.write(session.connection(), [(text,) for text in "bdab"]))
    assert texts(db) == ["a", "b", "c", "d"]


class _Notes:
    __table__ = NOTE
