"""A migrated database and a fresh one are alike, and a developer is told how to make them so."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from kit.db import Base, Database, make_append_only, types
from kit.db.migrate import STEPS, configuration, head, is_current, upgrade
from migrations import steps
from migrations.models import load_models
from migrations.shape import Shape, differences, shape_of

ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
REMEDY = 'the tables have changed: run `python -m migrations.new "Say what changes"`, read it, commit it'


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url, durable=False)
    yield database
    database.close()


@pytest.fixture
def fresh(new_database_url: Callable[[], str]) -> Iterator[Database]:
    """Made whole by `create_all`, and used by no other test."""
    database = Database(new_database_url(), durable=False)
    yield database
    database.close()


def shape(db: Database) -> Shape:
    with db.read() as session:
        return shape_of(session.connection())


def test_a_migrated_database_is_like_a_fresh_one(empty: Database, fresh: Database) -> None:
    upgrade(empty)
    assert differences(shape(empty), shape(fresh)) == [], REMEDY


def test_every_declared_table_is_made(empty: Database) -> None:
    load_models()
    upgrade(empty)
    assert set(shape(empty)) == set(Base.metadata.tables), REMEDY


def test_migrating_again_changes_nothing(empty: Database) -> None:
    assert not is_current(empty)
    upgrade(empty)
    before = shape(empty)
    upgrade(empty)
    assert is_current(empty)
    assert shape(empty) == before


def test_there_is_one_line_of_steps() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert script.get_heads() == [head()]
    assert len(script.get_bases()) == 1


def test_a_step_that_fails_changes_nothing(empty: Database) -> None:
    load_models()
    last = Base.metadata.sorted_tables[-1]
    empty.define(lambda connection: connection.execute(text(f"CREATE TABLE {last.name} (a INTEGER)")))
    before = shape(empty)
    with pytest.raises(DBAPIError, match="already exists"):
        upgrade(empty)
    assert shape(empty) == before
    assert not is_current(empty)


@pytest.mark.parametrize("dialect", [ON_POSTGRESQL], indirect=True)
def test_several_processes_may_migrate_at_once(empty: Database, empty_database_url: str) -> None:
    others = [Database(empty_database_url, durable=False) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, others))
    for database in others:
        database.close()
    assert is_current(empty)


def test_the_shape_shows_what_alembic_does_not_see(db: Database) -> None:
    table = Table("drifting", MetaData(), Column("seq", types.BigInt, primary_key=True), sqlite_strict=True)
    db.define(table.create)
    plain = shape(db)
    db.define(table.drop)
    make_append_only(table)
    db.define(table.create)
    guarded = shape(db)
    db.define(table.drop)
    assert all("drifting_refuses" in line for line in differences(plain, guarded))
    assert len(differences(plain, guarded)) == 2


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_table_that_is_not_strict_is_seen(empty: Database) -> None:
    empty.define(
        lambda connection: connection.execute(text("CREATE TABLE loose (a TEXT, CHECK (a IN ('x,y', '(')))"))
    )
    assert shape(empty)["loose"] == {"not strict", "a TEXT", "CHECK (a IN ('x,y', '('))"}


def test_a_written_step_makes_every_table_and_trigger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: Database, fresh: Database
) -> None:
    """What `migrations.regenerate` writes, applied on both databases, is like the fresh one."""
    for name in ("env.py", "script.py.mako"):
        (tmp_path / name).write_text((STEPS / name).read_text())
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr("kit.db.migrate.STEPS", tmp_path)
    monkeypatch.setattr(steps, "VERSIONS", tmp_path / "versions")
    head.cache_clear()
    try:
        names = [path.name for path in steps.write_first_steps()]
        assert names[0] == "0001_the_tables_of_kit.py"
        upgrade(empty)
        assert differences(shape(empty), shape(fresh)) == []
    finally:
        head.cache_clear()
