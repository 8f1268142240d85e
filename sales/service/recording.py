"""The way to the journal: inside a unit with other rows, or by itself through the hot kind."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kit import clock
from kit.db import Database, Question
from kit.facts import emit
from sales.journal.asking import AnyAsk
from sales.journal.shapes import Link, read_entry
from sales.models.journal import JournalEntry
from sales.refusals import SaleConflict
from sales.store.decider import KIND

_KNOWN: Final = Question(
    select(JournalEntry.body, JournalEntry.mac).where(JournalEntry.id == bindparam("id"))
)


def record(session: Session, ask: AnyAsk) -> Link:
    """Write within this unit. Raises the refusal: then the whole unit is undone."""
    session.flush()
    decider: Any = session.info["database"].deciders[KIND]
    connection = session.connection()
    decision = decider.decide(decider.load(connection, [ask]), [ask], clock.now())
    for rows in decision.rows:
        rows.statement.write(connection, rows.values)
    for fact in decision.facts:
        emit(session, fact)
    return _told(decision.outcomes[0])


def weighed(session: Session, ask: AnyAsk) -> Link:
    """The entry as it would be written now; nothing is. Raises the refusal."""
    session.flush()
    decider: Any = session.info["database"].deciders[KIND]
    decision = decider.decide(decider.load(session.connection(), [ask]), [ask], clock.now())
    return _told(decision.outcomes[0])


def known(session: Session, operation: UUID, content: str) -> Link | None:
    """The entry that was written under this id. Raises SaleConflict when it was another request's."""
    row = _KNOWN.row(session, id=operation)
    if row is None:
        return None
    body, mac = row
    entry = read_entry(body)
    if entry.content != content:
        raise SaleConflict
    return Link(entry, body, mac)


async def asubmit(database: Database, ask: AnyAsk) -> Link:
    """Write by itself, together with whatever waits; returns once it is on disk. Raises as `record`, Busy."""
    return _told(await database.asubmit(KIND, ask))


def _told(outcome: Link | Exception) -> Link:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
