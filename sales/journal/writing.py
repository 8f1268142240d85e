"""Adding a link: the one place where a chain grows, and where everything that follows from it is kept."""

from datetime import date, datetime
from typing import Any

from sales.journal.asking import AnyAsk, ByTill
from sales.journal.book import Book, Period, Written
from sales.journal.shapes import NOWHERE, Chain, Entry, Kind, Link, linked
from sales.journal.totals import TURNOVER


def write(
    book: Book, written: Written, ask: AnyAsk, kind: Kind, when: tuple[datetime, date, bool], **said: Any
) -> Link:
    """Write down what `ask` came to. `when`: now, the business day, whether the till's clock is odd."""
    now, day, is_odd = when
    stamp = ask.stamp if isinstance(ask, ByTill) else None
    period = book.period(ask.chain, "day", stamp.point) if stamp else None
    is_late = isinstance(ask, ByTill) and is_closed(book, ask, day, now)
    link = append(
        book,
        written,
        Entry(
            chain=ask.chain,
            seq=0,
            prev="",
            id=ask.id,
            kind=kind,
            at=now,
            day=day,
            content=ask.content,
            key=book.key.fingerprint,
            stamp=stamp,
            is_late=is_late,
            has_odd_clock=is_odd,
            **said,
        ),
    )
    if period is not None and stamp is not None and kind != "closing":
        _grow(period, link.entry, ask.calendar.day(now) if is_late else day)
    return link


def append(book: Book, written: Written, entry: Entry) -> Link:
    """Put an entry at the end of its chain."""
    head = book.head(entry.chain)
    link = linked(_numbered(entry, head.seq + 1, head.mac), book.key)
    head.seq, head.mac = link.entry.seq, link.mac
    _count_turnover(book, link.entry)
    book.past[entry.id] = link
    written.links.append(link)
    return link


def _numbered(entry: Entry, seq: int, prev: str) -> Entry:
    fields = {name: getattr(entry, name) for name in Entry.__struct_fields__}
    return Entry(**{**fields, "seq": seq, "prev": prev})


def is_closed(book: Book, ask: ByTill, day: date, now: datetime) -> bool:
    """Whether the day that an operation belongs to was closed at its point of sale before it came."""
    period, today = book.period(ask.chain, "day", ask.stamp.point), ask.calendar.day(now)
    if period.day is not None and day < period.day:
        return True
    if day >= today and not ask.stamp.is_offline:
        return False
    closed = book.closed(ask.chain, period)
    if closed is None or closed.closing is None:
        return False
    return day <= closed.closing.day and ask.stamp.at < closed.at


def _grow(period: Period, entry: Entry, day: date) -> None:
    """A period begins with its first entry, on `day`; those of an earlier day count in it all the same."""
    if period.day is None:
        period.day, period.since, period.opened = day, entry.seq, entry.at
    period.point_name = entry.stamp.point_name if entry.stamp else ""
    period.sales += entry.sale is not None
    period.fresh.append(entry)


def note_closing(book: Book, chain: Chain, closing: Entry, level: Any) -> None:
    """A closing is what the next longer period adds up."""
    longer = book.period(chain, level, NOWHERE)
    if closing.closing is not None:
        first = closing.closing.day
        if longer.day is None:
            longer.day, longer.since, longer.opened = first, closing.seq, closing.at
        longer.sales += 1
        longer.fresh.append(closing)


def turnover_of(entry: Entry) -> int:
    """What an entry adds to the turnover, in cents."""
    if entry.sale is None:
        return 0
    return sum(line.gross - line.offered for line in entry.sale.lines if line.sort == TURNOVER)


def _count_turnover(book: Book, entry: Entry) -> None:
    head, amount = book.head(entry.chain), turnover_of(entry)
    head.perpetual += amount
    if year_of(entry) > head.year:
        head.year, head.year_to_date = year_of(entry), 0
    head.year_to_date += amount


def year_of(entry: Entry) -> int:
    """The year that an entry counts in: a late one in that in which it came."""
    return entry.at.year if entry.is_late else entry.day.year


def series_of(level: str) -> str:
    """The series that numbers the closings of a level."""
    return f"closing {level}"
