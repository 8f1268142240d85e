"""Questions asked past the toolkit: the same rows and the same errors as through it, on both databases."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, MetaData, Table, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kit.db import Database, Question, shared
from kit.db.types import BigInt, Flag, Json, Str, UtcTime, Uuid
from kit.errors import Invalid

TABLES = MetaData()
GUEST = Table(
    "guest",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("name", Str, nullable=False),
    Column("came_at", UtcTime),
    Column("is_regular", Flag, nullable=False),
    Column("likes", Json),
    Column("spent", BigInt, nullable=False),
    sqlite_strict=True,
)
COLETTE, GASTON, NADIA = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
ROWS: list[dict[str, object]] = [
    {"id": COLETTE, "name": "Colette", "came_at": NOON, "is_regular": True, "likes": ["jazz"], "spent": 1},
    {"id": GASTON, "name": "Gaston", "came_at": None, "is_regular": False, "likes": None, "spent": 2},
    {"id": NADIA, "name": "Nadia ünd 100 %", "came_at": NOON, "is_regular": True, "likes": {}, "spent": 3},
]


@pytest.fixture
def guests(db: Database) -> Database:
    db.define(TABLES.create_all)
    db.write(lambda session: session.execute(GUEST.insert(), ROWS) and None)
    return db


def test_rows_are_those_of_the_toolkit(guests: Database) -> None:
    wanted = (
        select(GUEST)
        .where(GUEST.c.id == bindparam("id"), GUEST.c.spent < 10)
        .where(GUEST.c.name.in_(["Colette", "Nadia ünd 100 %"]))
        .where(GUEST.c.came_at.is_(None) | (GUEST.c.came_at <= bindparam("now")))
    )  # fmt: skip
    question = Question(wanted)
    with guests.read() as session:
        for one in (COLETTE, GASTON, NADIA):
            through = [tuple(row) for row in session.execute(wanted, {"id": one, "now": NOON})]
            assert question.rows(session, id=one, now=NOON) == through
        assert question.row(session, id=GASTON, now=NOON) is None
        assert question.value(session, id=NADIA, now=NOON) == NADIA


def test_values_are_refused_as_everywhere(guests: Database) -> None:
    by_spent = Question(select(GUEST.c.name).where(GUEST.c.spent == bindparam("spent")))
    with guests.read() as session:
        with pytest.raises(Invalid):
            by_spent.rows(session, spent=1 << 63)
        assert by_spent.value(session, spent=2) == "Gaston"


def test_a_mistake_of_the_database_has_the_toolkit_s_name(db: Database) -> None:
    nowhere = Question(select(Table("nowhere", MetaData(), Column("a", BigInt)).c.a))
    with db.read() as session, pytest.raises(DBAPIError, match="nowhere"):
        nowhere.rows(session)


def test_one_snapshot_is_asked_once_and_a_unit_each_time(guests: Database) -> None:
    every = Question(select(GUEST.c.name))
    asked: list[Session] = []

    def names(session: Session) -> Sequence[object]:
        asked.append(session)
        return every.rows(session)

    def twice(session: Session) -> tuple[int, int]:
        before = len(shared(session, "names", names))
        session.execute(GUEST.insert(), {**ROWS[1], "id": uuid.uuid4()})
        return before, len(shared(session, "names", names))

    with guests.read() as session:
        assert shared(session, "names", names) is shared(session, "names", names)
    assert len(asked) == 1
    assert guests.write(twice) == (3, 4)
