"""The journal worked out again from its signed bytes: `hameau verify` names the first line that is broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config.settings import Settings
from kit.db import Base
from kit.db.triggers import declared_triggers
from kit.features import VERIFIED, Check
from kit.seal import Seal
from sales.anchors import anchors
from sales.deciding import journal_key
from sales.journal.replay import Replay
from sales.journal.shapes import GENESIS, Entry, Key, Link, read_entry
from sales.models.journal import (
    ClosingRow,
    JournalEntry,
    JournalHead,
    JournalOperator,
    JournalPeriod,
    JournalSeries,
    SalePayment,
    SaleRow,
)
from sales.store.rows import Row, closing_rows, operator_rows, payment_rows, sale_rows
from wallet.verify.accounts import standing

Broken = Iterator[tuple[str, str]]
BESIDE: Final[tuple[tuple[type[Base], Callable[[Link], Iterator[Row]]], ...]] = (
    (SaleRow, sale_rows),
    (SalePayment, payment_rows),
    (ClosingRow, closing_rows),
    (JournalOperator, operator_rows),
)
"""The tables that say the journal again, and what each says of an entry."""
AT_ONCE: Final = 500


def readable(check: Callable[[Session], Broken]) -> Callable[[Session], Broken]:
    """A row that somebody made unreadable is named like any other."""

    def run(session: Session) -> Broken:
        try:
            yield from check(session)
        except (ValueError, TypeError, msgspec.MsgspecError, DBAPIError) as error:
            yield f"a row of {check.__name__}", f"it cannot be read: {error}"

    return run


def chain(session: Session) -> Broken:
    """Every entry again: its place, its signature, its numbers, its sums; then what goes on from there."""
    for name in ("real", "training"):
        walk = Walk(_key(session), Replay(find=partial(_entry_named, session)))
        rows = select(JournalEntry).where(JournalEntry.chain == name).order_by(JournalEntry.seq)
        for row in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
            yield f"journal_entry {name} {row.seq}", walk.broken(row)
        yield f"journal_head {name}", walk.broken_end(session.get(JournalHead, name), name)
        yield from _numbers(session, name, walk.replay)
        yield from _periods(session, name, walk.replay)


@dataclass
class Walk:
    """Where a chain has been followed to."""

    key: Key | None
    replay: Replay
    seq: int = 0
    mac: str = GENESIS
    macs: dict[int, str] = field(default_factory=dict)

    def broken(self, row: JournalEntry) -> str:
        """Why an entry is not what it should be; "" when it is."""
        expected, self.seq = self.seq + 1, row.seq
        before, self.mac = self.mac, row.mac
        if row.seq != expected:
            return f"entry {expected} is missing"
        if row.prev != before:
            return "it does not follow the entry before it"
        if self.key and self.key.sign(row.prev, row.body) != row.mac:
            return "its signature does not hold"
        return self._said(row)

    def broken_end(self, head: JournalHead | None, name: str) -> str:
        """Why the end of the chain is not where the last commit left it."""
        if head is None:
            return "" if self.seq == 0 else "the end of the chain is not known"
        if self.key and head.seal != self.key.seal_head(name, head.seq, head.mac):
            return "the seal on the end of the chain does not hold"
        if (head.seq, head.mac) != (self.seq, self.mac):
            return f"the chain ended with entry {head.seq}, and now with {self.seq}"
        return self.replay.broken_head(head.perpetual, head.year, head.year_to_date)

    def _said(self, row: JournalEntry) -> str:
        try:
            entry = read_entry(row.body)
        except (msgspec.ValidationError, msgspec.DecodeError):
            return "its bytes cannot be read"
        columns = (entry.chain, entry.seq, entry.id, entry.kind, entry.at, entry.day.isoformat(), entry.prev)
        if columns != (row.chain, row.seq, row.id, row.kind, row.at, row.day, row.prev):
            return "its columns say something else than its bytes"
        if (entry.refers, entry.stamp.point if entry.stamp else None) != (row.refers, row.point):
            return "its columns say something else than its bytes"
        return self.replay.broken(Link(entry, row.body, row.mac))


def _entry_named(session: Session, entry_id: UUID) -> Entry | None:
    """What stands under this id; what cannot be read is named where it stands."""
    body = session.scalar(select(JournalEntry.body).where(JournalEntry.id == entry_id))
    try:
        return read_entry(body) if body is not None else None
    except msgspec.MsgspecError:
        return None


def _numbers(session: Session, name: str, replay: Replay) -> Broken:
    """The last numbers of series, each as the chain left it: a higher one would make a gap."""
    said = replay.last_numbers()
    rows = session.scalars(select(JournalSeries).where(JournalSeries.chain == name))
    kept = {row.series: row.number for row in rows}
    for series in sorted(said.keys() | kept.keys()):
        where = f"journal_series {name} {series}"
        yield where, "" if kept.get(series) == said.get(series) else f"its last number is {said.get(series)}"


def _periods(session: Session, name: str, replay: Replay) -> Broken:
    """What is open, as the chain leaves it open."""
    unseen = {key for key, period in replay.periods.items() if period.since or period.follows}
    for row in session.scalars(select(JournalPeriod).where(JournalPeriod.chain == name)):
        unseen.discard((row.level, row.point))
        since = row.since if row.day is not None else 0
        kept = (since, row.opened, row.opening, row.sales, row.follows)
        yield (
            f"journal_period {name} {row.level} {row.point}",
            replay.broken_period(row.level, row.point, kept),
        )
    for level, point in sorted(unseen):
        yield f"journal_period {name} {level} {point}", "it is missing"


def repeated(session: Session) -> Broken:
    """What stands beside the journal is what it says, no more and no less."""
    for model, rows_of in BESIDE:
        told = {tuple(row) for row in session.execute(select(*model.__table__.columns))}
        for row in session.scalars(select(JournalEntry).execution_options(yield_per=AT_ONCE)):
            link = Link(read_entry(row.body), row.body, row.mac)
            for one in rows_of(link):
                where = f"{model.__tablename__} of {row.chain} {row.seq}"
                yield where, "" if one in told else "it is missing, or says something else than the journal"
                told.discard(one)
        for extra in sorted(map(repr, told)):
            yield model.__tablename__, f"nothing in the journal says {extra}"


def anchored(session: Session) -> Broken:
    """Each chain still holds every end that was written down outside the database."""
    settings, key = session.info.get(VERIFIED), _key(session)
    for one in anchors(settings.data) if settings is not None else ():
        row = session.get(JournalEntry, (one.chain, one.seq))
        where = f"anchor {one.chain} {one.seq}"
        if key and one.seal != key.seal_head(one.chain, one.seq, one.mac):
            yield where, "its seal does not hold"
        else:
            yield where, "" if row is not None and row.mac == one.mac else "the chain no longer holds it"


def guards(session: Session) -> Broken:
    """Each trigger that protects the journal, and whether it still stands."""
    names = standing(session.connection())
    sealed: tuple[type[Base], ...] = (JournalEntry, *(one for one, _ in BESIDE), JournalHead, JournalSeries)
    for model in sealed:
        for name in declared_triggers(Base.metadata.tables[model.__tablename__]):
            yield f"trigger {name}", "" if name in names else "it was taken away"


def keys(session: Session) -> Broken:
    """Whether the key that signs is at hand: without it, signatures are not looked at, and 0 is shown."""
    if _key(session) is not None:
        yield "the key of the journal", ""


def _key(session: Session) -> Key | None:
    settings: Settings | None = session.info.get(VERIFIED)
    return journal_key(Seal(settings.secret_key)) if settings is not None else None


CHECKS = (
    Check("key of the sales journal", keys),
    Check("sales journal", readable(chain)),
    Check("sales beside the journal", readable(repeated)),
    Check("ends of the journal", readable(anchored)),
    Check("guards of the journal", guards),
)
