"""Inserts that may meet a row already there, said alike on both databases."""

from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session


def insert(session: Session, model: Any) -> sqlite.Insert:
    """`insert(session, Peer).values(…).on_conflict_do_nothing()`: the two dialects share these methods."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a SQLite node never loads it

        twin: Any = postgresql.insert(model)
        return twin  # type: ignore[no-any-return]  # same methods, no common parent
    return sqlite.insert(model)
