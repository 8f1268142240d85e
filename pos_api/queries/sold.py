"""What was sold at tills: single sales, the last ones of a till, closings, as the journal says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from kit.db import Question
from pos_api.models.receipt import ReceiptGiven
from sales.giving_back import Returning
from sales.journal.asking import Sell, TakeBack
from sales.journal.returning import lines_left
from sales.journal.shapes import Entry, Line, MeansChange, read_entry
from sales.models.journal import ClosingRow, JournalEntry, SaleRow
from sales.models.waiting import SaleReturning, SaleWaiting

_PLACES: Final = (SaleWaiting, SaleReturning, JournalEntry)
_BEGUN: Final = Question(select(or_(*(exists().where(place.id == bindparam("id")) for place in _PLACES))))


@dataclass(frozen=True)
class SaleFound:
    """A sale or a credit note. `notes`: what took it back or parts of it; `left`: its lines as far as not."""

    entry: Entry
    notes: Sequence[UUID] = ()
    left: Sequence[Line] = ()


def sale(session: Session, sale_id: UUID) -> SaleFound | None:
    """The sale of this id, real or of the training."""
    found = _found(session, _entries().where(SaleRow.id == sale_id))
    return found[0] if found else None


def just_written(entry: Entry) -> SaleFound:
    """A sale or a credit note as it comes out of the journal: nothing took it back yet."""
    return SaleFound(entry, left=_left(entry, ()))


def last_sales(session: Session, device: UUID, chain: str, limit: int) -> Sequence[SaleFound]:
    """The last ones of a till, the newest first."""
    mine = _entries().where(SaleRow.device == device, SaleRow.chain == chain)
    return _found(session, mine.order_by(SaleRow.seq.desc()).limit(limit))


def last_sale_id(session: Session, device: UUID, chain: str) -> UUID | None:
    """What this till wrote last: the only sale that who made it may undo."""
    mine = select(SaleRow.id).where(SaleRow.device == device, SaleRow.chain == chain)
    return session.scalar(mine.order_by(SaleRow.seq.desc()).limit(1))


def is_begun(session: Session, sale_id: UUID) -> bool:
    """Whether this operation was written, or waits for a neighbour: then it is only told again."""
    return bool(_BEGUN.value(session, id=sale_id))


def waiting(session: Session, operation: UUID) -> Sell | TakeBack | None:
    """What was asked for a sale or a credit note that is not in the journal yet, or never will be."""
    row, back = session.get(SaleWaiting, operation), session.get(SaleReturning, operation)
    if back is not None:
        return msgspec.json.decode(back.body, type=Returning).ask
    return msgspec.json.decode(row.body, type=Sell) if row else None


def last_closings(session: Session, point: UUID, chain: str, limit: int) -> Sequence[Entry]:
    """The Z reports of the days of a point of sale, the newest first."""
    mine = (
        select(JournalEntry.body)
        .join(ClosingRow, (ClosingRow.chain == JournalEntry.chain) & (ClosingRow.seq == JournalEntry.seq))
        .where(ClosingRow.point == point, ClosingRow.chain == chain, ClosingRow.level == "day")
    )
    return [read_entry(body) for body in session.scalars(mine.order_by(ClosingRow.seq.desc()).limit(limit))]


def receipts_of(session: Session, sale_id: UUID) -> int:
    """How many receipts of this sale were given."""
    given = select(func.count()).select_from(ReceiptGiven).where(ReceiptGiven.sale_id == sale_id)
    return session.scalar(given) or 0


def _entries() -> Select[UUID, bytes]:
    joined = (SaleRow.chain == JournalEntry.chain) & (SaleRow.seq == JournalEntry.seq)
    return select(SaleRow.id, JournalEntry.body).join(JournalEntry, joined)


def _found(session: Session, wanted: Select[UUID, bytes]) -> list[SaleFound]:
    rows = session.execute(wanted).all()
    ids = [row[0] for row in rows]
    notes, changes = (_notes(session, ids), _changes(session, ids)) if ids else ({}, {})
    found = [(_as_paid(read_entry(row[1]), changes.get(row[0])), notes.get(row[0], [])) for row in rows]
    return [SaleFound(entry, [one.id for one in back], _left(entry, back)) for entry, back in found]


def _notes(session: Session, ids: Sequence[UUID]) -> dict[UUID | None, list[Entry]]:
    """The credit notes of each sale, oldest first."""
    kind = JournalEntry.kind == "credit_note"
    bodies = select(JournalEntry.body).where(JournalEntry.refers.in_(ids), kind).order_by(JournalEntry.seq)
    notes: dict[UUID | None, list[Entry]] = {}
    for entry in map(read_entry, session.scalars(bodies)):
        notes.setdefault(entry.refers, []).append(entry)
    return notes


def _left(entry: Entry, notes: Sequence[Entry]) -> Sequence[Line]:
    return lines_left(entry.sale, notes) if entry.sale and entry.kind == "sale" else ()


def _changes(session: Session, ids: Sequence[UUID]) -> dict[UUID | None, MeansChange | None]:
    """The last correction of the means of each sale."""
    kind = JournalEntry.kind == "means"
    bodies = select(JournalEntry.body).where(JournalEntry.refers.in_(ids), kind).order_by(JournalEntry.seq)
    entries = [read_entry(body) for body in session.scalars(bodies)]
    return {entry.refers: entry.means for entry in entries}


def _as_paid(entry: Entry, change: MeansChange | None) -> Entry:
    """The sale with the means that count now: those that a correction named, and what a Pass paid."""
    if change is None or entry.sale is None:
        return entry
    passes = (one for one in entry.sale.payments if one.means == "pass")
    return replace(entry, sale=replace(entry.sale, payments=(*change.after, *passes)))
