"""Inserts that may meet a row already there, said alike on both databases."""

from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session


def insert(session: Session, model: Any) -> sqlite.Insert:
    """`insert(session, Peer).values(…).on_conflict_do_nothing()`: the two dialects share these methods."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a SQLite node never loads it

        twin: Any = postgresql.insert(model)
        return twin  # type: ignore[no-any-return]  # same methods, no common parent
    return sqlite.insert(model)


class InsertIfNew(Insert):
    """`INSERT … ON CONFLICT DO NOTHING`, the one wording that both databases understand; for hot kinds."""

    inherit_cache = True


def insert_if_new(model: Any) -> Insert:
    """A statement that leaves a row already there as it is."""
    return InsertIfNew(model.__table__).inline()


@compiles(InsertIfNew)
def _write(statement: InsertIfNew, compiler: Any, **more: Any) -> str:
    return f"{compiler.visit_insert(statement, **more)} ON CONFLICT DO NOTHING"


class Upsert(Insert):
    """`INSERT … ON CONFLICT (keys) DO UPDATE` of every other column, worded alike on both databases."""

    inherit_cache = True


def upsert(model: Any) -> Insert:
    """A statement that adds a row, or brings the one with the same key up to date; for hot kinds.

    No two rows of one batch may have the same key.
    """
    return Upsert(model.__table__).inline()


@compiles(Upsert)
def _write_upsert(statement: Upsert, compiler: Any, **more: Any) -> str:
    written = compiler.visit_insert(statement, **more)
    keys = [column.name for column in statement.table.primary_key]
    rest = [column.name for column in statement.table.columns if column.name not in keys]
    changes = ", ".join(f"{name} = excluded.{name}" for name in rest)
    return f"{written} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
