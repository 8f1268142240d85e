"""Append-only tables: the database itself refuses to rewrite the past."""

import pytest
from sqlalchemy import Column, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from kit.db import Database, make_append_only
from kit.db.types import BigInt, Str

PAST = Table(
    "past",
    MetaData(),
    Column("seq", BigInt, primary_key=True),
    Column("what", Str, nullable=False),
    sqlite_strict=True,
)
make_append_only(PAST)

ATTACKS = ["UPDATE past SET what = 'other'", "DELETE FROM past"]
REPLACE = "INSERT OR REPLACE INTO past (seq, what) VALUES (1, 'other')"


def past(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(text("SELECT what FROM past")))


@pytest.fixture
def kept(db: Database) -> Database:
    db.define(PAST.drop if db.define(lambda c: c.dialect.has_table(c, "past")) else lambda _: None)
    db.define(PAST.create)
    db.write(lambda session: session.execute(PAST.insert().values(what="100 % true")))
    return db


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_row_is_for_ever(kept: Database, attack: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        kept.write(lambda session: session.execute(text(attack)))
    assert past(kept) == ["100 % true"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_replacing_is_deleting(kept: Database) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        kept.write(lambda session: session.execute(text(REPLACE)))
    assert past(kept) == ["100 % true"]
