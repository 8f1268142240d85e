"""The name of the rule that a write broke, the same on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlalchemy import Table as MakeTable
from sqlalchemy.exc import IntegrityError

from kit.db import Base, Database, broken_rule
from kit.db.types import BigInt, Str


@pytest.fixture
def ruled(db: Database) -> Iterator[Database]:
    """A database with a table of three rules, declared only for the time of the test."""
    table = MakeTable(
        "ruled",
        Base.metadata,
        Column("seq", BigInt, primary_key=True),
        Column("a", Str, nullable=False),
        Column("b", Str, nullable=False),
        CheckConstraint("length(a) < 5", name="short"),
        UniqueConstraint("a", "b"),
        Column("c", Str, default="c"),
        Index("ix_only_c", "c", unique=True),
    )
    db.define(table.create)
    yield db
    db.define(table.drop)
    Base.metadata.remove(table)


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([{"a": "too long", "b": "x"}], "ck_ruled_short"),
        ([{"a": "a", "b": "b", "c": "1"}, {"a": "a", "b": "b", "c": "2"}], "uq_ruled_a_b"),
        ([{"a": "a", "b": "b", "c": "1"}, {"a": "a", "b": "x", "c": "1"}], "ix_only_c"),
    ],
)
def test_the_broken_rule_has_its_name(ruled: Database, rows: list[dict[str, str]], rule: str) -> None:
    table = Base.metadata.tables["ruled"]
    with pytest.raises(IntegrityError) as broken:
        ruled.write(lambda session: session.execute(table.insert(), rows))
    assert broken_rule(broken.value) == rule
