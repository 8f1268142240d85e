"""The sealed journal as people search it, newest first; one entry with what refers to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from sales.journal.returning import is_gone, lines_left
from sales.journal.shapes import Chain, Entry, Link, read_entry
from sales.models.journal import ClosingRow, JournalEntry, JournalOperator, SalePayment, SaleRow
from wallet.models.ledger import LedgerTransaction

PER_PAGE = 40
AT_ONCE = 500
REFERRING_MOST = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries. `since` and `until` are business days, "YYYY-MM-DD", both included.

    `number` is that of a sale (of `series`, when it is given) or of a closing; `amount`, in cents, is a
    sale's total or one of its payments; `before` is a place in the chain.
    """

    chain: Chain = "real"
    kind: str = ""
    series: str = ""
    number: int | None = None
    since: str = ""
    until: str = ""
    operator: str = ""
    point: UUID | None = None
    means: str = ""
    amount: int | None = None
    before: int | None = None
    limit: int = PER_PAGE


@dataclass(frozen=True)
class Entries:
    """A page of the chain; `next` is where the following one starts, None at the end."""

    rows: Sequence[Link]
    next: int | None


@dataclass(frozen=True)
class Whole:
    """An entry, the sale that it refers to, and what refers to it, oldest first."""

    link: Link
    about: Link | None
    after: Sequence[Link]


def entries(session: Session, wanted: Wanted) -> Entries:
    """A page, newest first."""
    newest = matching(wanted).order_by(JournalEntry.seq.desc()).limit(wanted.limit + 1)
    found = [link_of(row) for row in session.scalars(newest)]
    shown = found[: wanted.limit]
    return Entries(shown, shown[-1].entry.seq if len(found) > wanted.limit else None)


def oldest_first(session: Session, wanted: Wanted) -> Iterator[Link]:
    """All of them, as they were written."""
    every = matching(wanted).order_by(JournalEntry.seq).execution_options(yield_per=AT_ONCE)
    for row in session.scalars(every):
        yield link_of(row)


def entry_by_id(session: Session, entry_id: UUID) -> Link | None:
    """One entry of either chain."""
    row = session.scalar(select(JournalEntry).where(JournalEntry.id == entry_id))
    return None if row is None else link_of(row)


def whole_entry(session: Session, entry_id: UUID) -> Whole | None:
    """One entry with everything around it."""
    link = entry_by_id(session, entry_id)
    if link is None:
        return None
    later = select(JournalEntry).where(JournalEntry.refers == entry_id).order_by(JournalEntry.seq)
    about = entry_by_id(session, link.entry.refers) if link.entry.refers else None
    return Whole(link, about, [link_of(row) for row in session.scalars(later.limit(REFERRING_MOST))])


def credit_notes_of(session: Session, entry: Entry) -> tuple[list[UUID], bool]:
    """What took a sale back or parts of it, oldest first, and whether nothing is left."""
    notes = select(JournalEntry.body).where(
        JournalEntry.refers == entry.id, JournalEntry.kind == "credit_note"
    )
    found = [read_entry(body) for body in session.scalars(notes.order_by(JournalEntry.seq))]
    is_whole = bool(found and entry.sale) and is_gone(lines_left(entry.sale, found) if entry.sale else ())
    return [one.id for one in found], is_whole


def in_the_ledger(session: Session, link: Link) -> dict[str, UUID]:
    """Which of the movements that an entry names stand in this node's ledger, by their 32 digits."""
    sale = link.entry.sale
    named: set[str] = set()
    if sale is not None:
        named = {one.transfer for one in sale.lines} | {one.transfer for one in sale.payments}
    found = select(LedgerTransaction.id).where(
        LedgerTransaction.id.in_([UUID(hex=one) for one in named if one])
    )
    return {one.hex: one for one in session.scalars(found)}


def link_of(row: JournalEntry) -> Link:
    """A row as the entry that its bytes are."""
    return Link(read_entry(row.body), row.body, row.mac)


def matching(wanted: Wanted) -> Select[JournalEntry]:
    """The entries that are wanted, in no order."""
    found = select(JournalEntry).where(JournalEntry.chain == wanted.chain)
    if wanted.kind:
        found = found.where(JournalEntry.kind == wanted.kind)
    if wanted.since:
        found = found.where(JournalEntry.day >= wanted.since)
    if wanted.until:
        found = found.where(JournalEntry.day <= wanted.until)
    if wanted.point:
        found = found.where(JournalEntry.point == wanted.point)
    if wanted.before:
        found = found.where(JournalEntry.seq < wanted.before)
    if wanted.operator:
        mine = (JournalOperator.chain == JournalEntry.chain) & (JournalOperator.seq == JournalEntry.seq)
        found = found.join(JournalOperator, mine).where(JournalOperator.operator == wanted.operator)
    return _of_sales(found, wanted)


def _of_sales(found: Select[JournalEntry], wanted: Wanted) -> Select[JournalEntry]:
    """What is asked of the rows beside the journal."""
    sale, here = SaleRow, (SaleRow.chain == JournalEntry.chain, SaleRow.seq == JournalEntry.seq)
    paid = exists().where(SalePayment.chain == JournalEntry.chain, SalePayment.seq == JournalEntry.seq)
    if wanted.number is not None:
        found = found.where(_numbered(wanted))
    if wanted.means:
        found = found.where(paid.where(SalePayment.means == wanted.means))
    if wanted.amount is not None:
        either = (wanted.amount, -wanted.amount)
        whole = exists().where(*here, sale.total.in_(either))
        found = found.where(or_(whole, paid.where(SalePayment.amount.in_(either))))
    return found


def _numbered(wanted: Wanted) -> ColumnElement[bool]:
    sales = select(SaleRow.seq).where(SaleRow.chain == wanted.chain, SaleRow.number == wanted.number)
    if wanted.series:
        return JournalEntry.seq.in_(sales.where(SaleRow.series == wanted.series))
    closings = select(ClosingRow.seq)
    closings = closings.where(ClosingRow.chain == wanted.chain, ClosingRow.number == wanted.number)
    return or_(JournalEntry.seq.in_(sales), JournalEntry.seq.in_(closings))
