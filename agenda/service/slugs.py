"""Addresses of events, places and tags: short, stable, never twice the same."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from agenda.words import slugify

RESERVED = frozenset({"embed", "posters", "past", "new", "preview"})


def free_slug(
    session: Session, column: InstrumentedAttribute[str], row_id: UUID, name: str, *hints: str
) -> str:
    """The name, then the name with each hint (a day, a host), then with the end of the row's id."""
    base = slugify(name)
    tries = [base, *(f"{base}-{slugify(hint)}" for hint in hints), f"{base}-{row_id.hex[-12:]}"]
    return next(slug for slug in tries if slug not in RESERVED and not _taken(session, column, row_id, slug))


def _taken(session: Session, column: InstrumentedAttribute[str], row_id: UUID, slug: str) -> bool:
    table: Any = column.class_
    return session.scalar(select(table.id).where(column == slug, table.id != row_id)) is not None
