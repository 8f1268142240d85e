"""What `hameau verify` asks of the database itself."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from kit.features import Check


def pages(session: Session) -> Iterator[tuple[str, str]]:
    """SQLite reads its own pages and references again; PostgreSQL keeps them by checksums and constraints."""
    if session.get_bind().dialect.name != "sqlite":
        yield "database", "" if session.scalar(text("SELECT 1")) == 1 else "it does not answer"
        return
    for said in session.scalars(text("PRAGMA quick_check(1)")):
        yield "database", "" if said == "ok" else str(said)
    for table, row, parent, _key in session.execute(text("PRAGMA foreign_key_check")):
        yield f"{table} {row}", f"the row of {parent} that it names is not there"


CHECKS = (Check("database", pages),)
