"""Closings: of a day at one point of sale, then of the month and the year of the whole collective.

Numbers have no gap; a period without a sale is not closed and uses none. What an earlier day left open is
closed before anything of a later day is written (article 286, I-3 bis; BOI-TVA-DECLA-30-10-30, §170 to 200).
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from sales.journal.asking import AnyAsk, ByTill, Close
from sales.journal.book import LOWER, Book, Declined, Period, Written
from sales.journal.shapes import NOWHERE, Chain, Closing, Drawer, Entry, Level, Link, Totals
from sales.journal.totals import totals_of
from sales.journal.writing import append, note_closing

BY_ITSELF: Final = UUID("6a2f7a51-8a0c-5d3c-9a70-3d0a5f0f6a11")
LONGER: Final[dict[Level, Level]] = {lower: level for level, lower in LOWER.items()}


def close(book: Book, ask: Close, now: datetime, written: Written) -> Link:
    """The Z report of one point of sale. Raises Declined("nothing_to_close")."""
    period = book.period(ask.chain, "day", ask.stamp.point)
    if not period.sales:
        raise Declined("nothing_to_close")
    totals = totals_of(book.entries(ask.chain, period))
    drawer = _drawer(period, totals, ask.counted, ask.left)
    return _end(book, ask, now, written, period, (totals, drawer), ask.id)


def turn_to(book: Book, ask: AnyAsk, day: date, now: datetime, written: Written) -> None:
    """Close what an earlier day, month or year left open."""
    for period in _open(book, ask.chain, "day"):
        if period.day is not None and period.day < day:
            _close_unasked(book, ask, now, written, period, day)
    for level, begins in (("month", day.replace(day=1)), ("year", day.replace(month=1, day=1))):
        for period in _open(book, ask.chain, level):
            if period.day is not None and period.day < begins:
                _close_unasked(book, ask, now, written, period, day)


def _open(book: Book, chain: Chain, level: str) -> list[Period]:
    found = [period for key, period in book.periods.items() if key[0] == chain and key[1] == level]
    return sorted(found, key=lambda period: period.point)


def _close_unasked(
    book: Book, ask: AnyAsk, now: datetime, written: Written, period: Period, day: date
) -> None:
    """Without a sale, what was written goes on into the new day."""
    if not period.sales:
        period.day = day
        return
    totals = totals_of(book.entries(ask.chain, period))
    drawer = _drawer(period, totals, None, None) if period.level == "day" else None
    number = book.numbers.get((ask.chain, _series(period.level)), 0) + 1
    unasked = uuid5(BY_ITSELF, f"{ask.chain} {period.level} {number}")
    _end(book, ask, now, written, period, (totals, drawer), unasked)


def _end(
    book: Book,
    ask: AnyAsk,
    now: datetime,
    written: Written,
    period: Period,
    sums: tuple[Totals, Drawer | None],
    closing_id: UUID,
) -> Link:
    is_asked = isinstance(ask, Close) and closing_id == ask.id
    head = book.head(ask.chain)
    totals, drawer = sums
    said = Closing(
        level=period.level,
        number=book.next_number(ask.chain, _series(period.level)),
        point=period.point,
        point_name=period.point_name,
        day=period.day or ask.calendar.day(now),
        first=period.since,
        last=head.seq,
        opened=period.opened or now,
        totals=totals,
        drawer=drawer,
        perpetual=head.perpetual,
        year_to_date=head.year_to_date,
        operator=ask.stamp.operator if is_asked and isinstance(ask, ByTill) else "",
        is_automatic=not is_asked,
        follows=period.follows,
    )
    link = append(book, written, _entry(book, ask, now, said, closing_id))
    _begin_anew(book, ask.chain, period, link, drawer)
    return link


def _entry(book: Book, ask: AnyAsk, now: datetime, said: Closing, closing_id: UUID) -> Entry:
    is_asked = closing_id == ask.id
    return Entry(
        chain=ask.chain, seq=0, prev="", id=closing_id, kind="closing", at=now, day=said.day,
        content=ask.content if is_asked else "", key=book.key.fingerprint,
        stamp=ask.stamp if is_asked and isinstance(ask, ByTill) else None, closing=said,
    )  # fmt: skip


def _begin_anew(book: Book, chain: Chain, period: Period, link: Link, drawer: Drawer | None) -> None:
    period.day, period.opened, period.sales = None, None, 0
    period.since, period.entries, period.follows = link.entry.seq + 1, [], link.mac
    period.opening = drawer.left if drawer is not None else 0
    if period.level in LONGER:
        note_closing(book, chain, link.entry, LONGER[period.level])


def _drawer(period: Period, totals: Totals, counted: int | None, left: int | None) -> Drawer:
    came = max(totals.cash, 0) + totals.cash_in
    went = min(totals.cash, 0) - totals.cash_out
    expected = period.opening + totals.floats + came + went
    there = expected if counted is None else counted
    return Drawer(
        opening=period.opening,
        floats=totals.floats,
        came=came,
        went=went,
        expected=expected,
        counted=counted,
        left=there if left is None else left,
    )


def _series(level: str) -> str:
    return f"closing {level}"


def report(book: Book, chain: Chain, point: UUID) -> tuple[Period, Totals, Drawer]:
    """The X report: what a closing would say now; nothing is written."""
    period = book.period(chain, "day", point)
    totals = totals_of(book.entries(chain, period))
    return period, totals, _drawer(period, totals, None, None)


__all__ = ["NOWHERE", "close", "report", "turn_to"]
