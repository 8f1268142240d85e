"""The journal worked out again from its signed bytes: `hameau verify` names the first line that is broken."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from kit.features import VERIFIED, Check
from kit.seal import Seal
from sales.anchors import anchors
from sales.deciding import journal_key
from sales.journal.replay import Replay
from sales.journal.shapes import GENESIS, Key, Link, read_entry
from sales.models.journal import ClosingRow, JournalEntry, JournalHead, SalePayment, SaleRow
from sales.store.rows import closing_rows, payment_rows, sale_rows

Broken = Iterator[tuple[str, str]]
AT_ONCE: Final = 500


def chain(session: Session) -> Broken:
    """Every entry again: its place, its signature, its numbers, its sums; then the end of each chain."""
    for name in ("real", "training"):
        walk = Walk(_key(session), Replay())
        rows = select(JournalEntry).where(JournalEntry.chain == name).order_by(JournalEntry.seq)
        for row in session.scalars(rows.execution_options(yield_per=AT_ONCE)):
            yield f"journal_entry {name} {row.seq}", walk.broken(row)
        yield f"journal_head {name}", walk.broken_end(session.get(JournalHead, name), name)


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
        if self.key and not hmac.compare_digest(self.key.sign(row.prev, row.body), row.mac):
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
        return self.replay.broken_head(head.perpetual)

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


def repeated(session: Session) -> Broken:
    """Sales, payments and closings stand beside the journal as it says them, no more and no less."""
    for model, rows_of in ((SaleRow, sale_rows), (SalePayment, payment_rows), (ClosingRow, closing_rows)):
        told = {tuple(row) for row in session.execute(select(*model.__table__.columns)).tuples()}
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


def keys(session: Session) -> Broken:
    """Whether the key that signs is at hand: without it, signatures are not looked at, and 0 is shown."""
    if _key(session) is not None:
        yield "the key of the journal", ""


def _key(session: Session) -> Key | None:
    settings: Settings | None = session.info.get(VERIFIED)
    return journal_key(Seal(settings.secret_key)) if settings is not None else None


CHECKS = (
    Check("key of the sales journal", keys),
    Check("sales journal", chain),
    Check("sales beside the journal", repeated),
    Check("ends of the journal", anchored),
)
