"""Column types: the same value comes back from both databases, and sorts alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, Table, select, text
from sqlalchemy import MetaData as Tables
from sqlalchemy.exc import DBAPIError, StatementError

from kit.db import Base, Database
from kit.db.types import BigInt, Blob, Flag, Int, Json, Real, Str, UtcTime, Uuid
from kit.errors import Invalid

THING = Table(
    "thing",
    Tables(),
    Column("seq", BigInt, primary_key=True),
    Column("id", Uuid),
    Column("at", UtcTime),
    Column("what", Json),
    Column("so", Flag),
    Column("name", Str),
    Column("few", Int),
    Column("share", Real),
    Column("bytes", Blob),
    sqlite_strict=True,
)


@pytest.fixture
def things(db: Database) -> Iterator[Database]:
    db.define(THING.create)
    yield db
    db.define(THING.drop)


def put(db: Database, **values: Any) -> Any:
    """Store the values, read them back."""
    db.write(lambda session: session.execute(THING.insert().values(**values)))
    with db.read() as session:
        return session.execute(
            select(*(THING.c[name] for name in values)).order_by(THING.c.seq.desc())
        ).first()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", UUID("0193494d-0d4a-7bb2-8d2f-3d9d3b2f6a11")),
        ("at", datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)),
        ("at", datetime(1, 1, 1, tzinfo=UTC)),
        ("what", {"z": 1, "a": [True, None, "é \u2028 \x00"], "n": 1.5}),
        ("what", []),
        ("so", True),
        ("so", False),
        ("name", "Fête 🎉"),
        ("name", ""),
        ("few", -(2**31)),
        ("seq", 2**63 - 1),
        ("share", 48.856613),
        ("bytes", bytes(range(256))),
        ("name", None),
        ("at", None),
        ("id", None),
        ("so", None),
    ],
)
def test_a_value_comes_back_as_it_was(things: Database, column: str, value: Any) -> None:
    found = put(things, **{column: value})[0]
    assert found == value
    assert type(found) is type(value)


def test_json_keeps_the_order_of_its_keys(things: Database) -> None:
    assert list(put(things, what={"z": 1, "a": 2})[0]) == ["z", "a"]


def test_a_time_comes_back_in_utc(things: Database) -> None:
    paris = datetime(2026, 7, 14, 20, 0, tzinfo=timezone(timedelta(hours=2)))
    found = put(things, at=paris)[0]
    assert (found, found.utcoffset()) == (paris, timedelta(0))


def test_a_time_without_a_zone_is_a_mistake(things: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        put(things, at=datetime(2026, 7, 14, 20, 0))  # noqa: DTZ001 - the mistake itself


def test_times_sort_and_compare(things: Database) -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n * 499_999) for n in range(5)]
    for moment in reversed(moments):
        put(things, at=moment)
    with things.read() as session:
        query = select(THING.c.at).where(THING.c.at > moments[1]).order_by(THING.c.at)
        assert list(session.scalars(query)) == moments[2:]


def test_flags_are_conditions(things: Database) -> None:
    put(things, so=True, name="yes")
    put(things, so=False, name="no")
    with things.read() as session:
        assert session.scalar(select(THING.c.name).where(THING.c.so)) == "yes"
        assert session.scalar(select(THING.c.name).where(~THING.c.so)) == "no"


def test_a_number_too_large_is_refused_by_name(things: Database) -> None:
    for values in ({"few": 2**31}, {"seq": -(2**63) - 1}):
        with pytest.raises(Invalid):
            put(things, **values)


def test_the_database_itself_refuses_another_type(things: Database) -> None:
    with pytest.raises(DBAPIError):
        things.write(lambda session: session.execute(text("INSERT INTO thing (few) VALUES ('many')")))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_table_is_strict(db: Database) -> None:
    with db.read() as session:
        rows = session.execute(text("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")).all()
    loose = {name for name, strict in rows if not strict and not name.startswith("sqlite_")}
    assert not loose
    assert {name for name, _ in rows} >= set(Base.metadata.tables)
