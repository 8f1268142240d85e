"""Whose entries they are: found by an index, named by the migration for what was written before it."""

from functools import partial
from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.ids import new_id
from migrations import operations as _verbs  # noqa: F401 - teaches alembic about triggers
from sales.models.journal import JournalEntry, JournalOperator
from sales.queries.journal import Wanted, entries, matching
from sales.service.noting import note
from tests.sales.counter import Bar
from tests.sales.looking import broken

STEP = import_module("migrations.versions.0020_whose_entries_they_are")
COLETTE = new_id()


def evening(bar: Bar) -> None:
    """Every kind of entry: by an operator, by a person of the office, by a program, by nobody."""
    bar.move_cash("float", 5_000)
    bar.sell(bar.line("Soupe"), total=280)
    for by in (Principal(person_id=COLETTE), Principal(name="hameau till")):
        bar.app.db.write(partial(noted, by=by))
    bar.close(counted=5_280)
    bar.is_training = True
    bar.sell(bar.line("Soupe"), total=280)


def noted(session: Session, by: Principal) -> int:
    return note(session, by, "device", "A", after="x").entry.seq


def rows(session: Session) -> set[tuple[str, str, int]]:
    return {tuple(row) for row in session.execute(select(*JournalOperator.__table__.columns))}


def test_what_was_written_before_is_named_by_the_migration(bar: Bar) -> None:
    evening(bar)
    with bar.app.db.read() as session:
        said = rows(session)
    office = f"B-{COLETTE.hex[-6:]}"
    assert {(chain, code) for chain, code, _ in said} == {
        ("real", "E3"), ("real", office), ("real", "hameau till"), ("training", "E3"),
    }  # fmt: skip
    assert len(said) == 6

    def again(session: Session) -> int:
        connection = session.connection()
        connection.execute(text("DROP TABLE journal_operator"))
        with Operations.context(MigrationContext.configure(connection)):
            STEP.upgrade()
        return len(said)

    bar.app.db.write(again)
    with bar.app.db.read() as session:
        assert rows(session) == said
    assert broken(bar.app) == ""


def test_an_operator_is_found_without_reading_the_journal(bar: Bar) -> None:
    evening(bar)
    with bar.app.db.read() as session:
        found = entries(session, Wanted(operator="E3", limit=2))
        assert [one.entry.kind for one in found.rows] == ["closing", "sale"]
        assert found.next is not None
        rest = entries(session, Wanted(operator="E3", before=found.next))
        assert ([one.entry.kind for one in rest.rows], rest.next) == (["cash"], None)
        plan = _plan(session.connection())
    assert "journal_operator" in plan, plan
    assert not [line for line in plan.splitlines() if line.lstrip(" ->").startswith(("SCAN", "Seq Scan"))], (
        plan
    )


def _plan(connection: Connection) -> str:
    """How the database looks for the newest entries of an operator."""
    wanted = matching(Wanted(operator="E3")).order_by(JournalEntry.seq.desc()).limit(41)
    sql = str(wanted.compile(connection, compile_kwargs={"literal_binds": True}))
    if connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {sql}")))
