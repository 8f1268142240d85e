"""Closings as they were sealed, and what is open now: read by period, never sale by sale of the past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sales.journal.shapes import Chain, Entry, Level, Link, Totals, read_entry
from sales.journal.totals import totals_of
from sales.models.journal import ClosingRow, JournalEntry, JournalPeriod
from sales.queries.journal import AT_ONCE, PER_PAGE, link_of

DAY: Level = "day"


@dataclass(frozen=True, kw_only=True)
class WantedClosings:
    """Which closings; `before` is a place in the chain. Days are "YYYY-MM-DD", both included."""

    chain: Chain = "real"
    level: str = ""
    since: str = ""
    until: str = ""
    point: UUID | None = None
    before: int | None = None
    limit: int = PER_PAGE


@dataclass(frozen=True)
class Closings:
    """A page, newest first; `next` is the place in the chain before which the following one starts."""

    rows: Sequence[Link]
    next: int | None


@dataclass(frozen=True)
class OpenPeriod:
    """What was written at a point of sale since its last closing; `sales` counts credit notes too."""

    point: UUID
    name: str
    day: date
    opened: datetime | None
    sales: int
    totals: Totals


def closings(session: Session, wanted: WantedClosings) -> Closings:
    """A page, newest first."""
    found = session.scalars(_matching(wanted).order_by(JournalEntry.seq.desc()).limit(wanted.limit + 1))
    links = [link_of(row) for row in found]
    shown = links[: wanted.limit]
    return Closings(shown, shown[-1].entry.seq if len(links) > wanted.limit else None)


def closings_in_order(session: Session, wanted: WantedClosings) -> Iterator[Link]:
    """All of them, oldest first."""
    every = _matching(wanted).order_by(JournalEntry.seq).execution_options(yield_per=AT_ONCE)
    for row in session.scalars(every):
        yield link_of(row)


def closing_before(session: Session, link: Link) -> Link | None:
    """The closing that this one follows: the last one before it of the same place."""
    said = link.entry.closing
    if said is None or not said.follows:
        return None
    wanted = WantedClosings(chain=link.entry.chain, level=said.level, point=said.point, limit=1)
    earlier = _matching(wanted).where(JournalEntry.seq < link.entry.seq)
    row = session.scalar(earlier.order_by(JournalEntry.seq.desc()).limit(1))
    return link_of(row) if row is not None and row.mac == said.follows else None


def open_periods(session: Session, chain: Chain = "real") -> list[OpenPeriod]:
    """Each point of sale where something was written since its last closing, with its sums, by name."""
    found = select(JournalPeriod).where(
        JournalPeriod.chain == chain, JournalPeriod.level == DAY, JournalPeriod.day.is_not(None)
    )
    return [
        OpenPeriod(
            row.point, row.point_name, date.fromisoformat(row.day or ""), row.opened, row.sales,
            totals_of(_written(session, row)),
        )
        for row in session.scalars(found.order_by(JournalPeriod.point_name))
    ]  # fmt: skip


def _written(session: Session, period: JournalPeriod) -> Iterator[Entry]:
    bodies = select(JournalEntry.body).where(
        JournalEntry.chain == period.chain,
        JournalEntry.point == period.point,
        JournalEntry.seq >= period.since,
        JournalEntry.kind != "closing",
    )
    for body in session.scalars(bodies.order_by(JournalEntry.seq).execution_options(yield_per=AT_ONCE)):
        yield read_entry(body)


def _matching(wanted: WantedClosings) -> Select[JournalEntry]:
    beside = (ClosingRow.chain == JournalEntry.chain) & (ClosingRow.seq == JournalEntry.seq)
    found = select(JournalEntry).join(ClosingRow, beside).where(ClosingRow.chain == wanted.chain)
    if wanted.level:
        found = found.where(ClosingRow.level == wanted.level)
    if wanted.since:
        found = found.where(ClosingRow.day >= wanted.since)
    if wanted.until:
        found = found.where(ClosingRow.day <= wanted.until)
    if wanted.point:
        found = found.where(ClosingRow.point == wanted.point)
    if wanted.before:
        found = found.where(ClosingRow.seq < wanted.before)
    return found
