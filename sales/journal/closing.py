"""Closings: of a day at one point of sale, then of the month and the year of the whole collective.

Numbers have no gap; a period without a sale is not closed and uses none. What an earlier day left open is
closed before anything of a later day is written (article 286, I-3 bis; BOI-TVA-DECLA-30-10-30, §170 to 200).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from sales.journal.asking import AnyAsk, ByTill, Close
from sales.journal.book import LOWER, Book, Declined, Period, Written
from sales.journal.shapes import Chain, Closing, Drawer, Entry, Level, Link, Totals
from sales.journal.totals import totals_of
from sales.journal.writing import append, is_closed, note_closing, series_of

BY_ITSELF: Final = UUID("6a2f7a51-8a0c-5d3c-9a70-3d0a5f0f6a11")
LONGER: Final[dict[Level, Level]] = {lower: level for level, lower in LOWER.items()}


@dataclass(frozen=True, slots=True)
class Turn:
    """Who closes, when, and where it is written."""

    book: Book
    ask: AnyAsk
    now: datetime
    written: Written

    @property
    def chain(self) -> Chain:
        return self.ask.chain


def close(book: Book, ask: Close, now: datetime, written: Written) -> Link:
    """The Z report of one point of sale. Raises Declined("nothing_to_close")."""
    period = book.period(ask.chain, "day", ask.stamp.point)
    if not period.sales:
        raise Declined("nothing_to_close")
    totals = totals_of(book.entries(ask.chain, period))
    drawer = _drawer(period, totals, ask.counted, ask.left)
    return _end(Turn(book, ask, now, written), period, totals, drawer, ask.id)


def turn_to(book: Book, ask: AnyAsk, day: date, now: datetime, written: Written) -> None:
    """Close what an earlier day, month or year left open."""
    turn = Turn(book, ask, now, written)
    begins: dict[Level, date] = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}
    for level, begin in begins.items():
        for period in _open(book, ask.chain, level):
            if period.day is not None and period.day < begin:
                _close_unasked(turn, period, day)


def turning_day(book: Book, ask: AnyAsk, day: date, now: datetime) -> date:
    """The day to which the calendar turns before a request is written.

    Who closes in the morning ends the evening that is still open; what comes after its day was closed is
    today's.
    """
    if not isinstance(ask, ByTill):
        return day
    period = book.period(ask.chain, "day", ask.stamp.point)
    if isinstance(ask, Close):
        return min(day, period.day or day)
    return max(day, period.day or ask.calendar.day(now)) if is_closed(book, ask, day, now) else day


def _open(book: Book, chain: Chain, level: Level) -> list[Period]:
    found = [period for key, period in book.periods.items() if key[:2] == (chain, level)]
    return sorted(found, key=lambda period: period.point)


def _close_unasked(turn: Turn, period: Period, day: date) -> None:
    """Without a sale, what was written goes on into the new day."""
    if not period.sales:
        period.day = day
        return
    totals = totals_of(turn.book.entries(turn.chain, period))
    drawer = _drawer(period, totals, None, None) if period.level == "day" else None
    number = turn.book.numbers.get((turn.chain, series_of(period.level)), 0) + 1
    # Made with the key: a till that could guess this id might use it before, for an operation of its own.
    named = turn.book.key.seal_head(turn.chain, number, period.level)
    _end(turn, period, totals, drawer, uuid5(BY_ITSELF, named))


def _end(turn: Turn, period: Period, totals: Totals, drawer: Drawer | None, closing_id: UUID) -> Link:
    book, ask, head = turn.book, turn.ask, turn.book.head(turn.chain)
    stamp = ask.stamp if isinstance(ask, Close) and closing_id == ask.id else None
    said = Closing(
        level=period.level,
        number=book.next_number(turn.chain, series_of(period.level)),
        point=period.point,
        point_name=period.point_name,
        day=period.day or ask.calendar.day(turn.now),
        first=period.since,
        last=head.seq,
        opened=period.opened or turn.now,
        totals=totals,
        drawer=drawer,
        perpetual=head.perpetual,
        year_to_date=head.year_to_date,
        operator=stamp.operator if stamp else "",
        is_automatic=stamp is None,
        follows=period.follows,
    )
    entry = Entry(
        chain=turn.chain,
        seq=0,
        prev="",
        id=closing_id,
        kind="closing",
        at=turn.now,
        day=said.day,
        content=ask.content if stamp else "",
        key=book.key.fingerprint,
        stamp=stamp,
        closing=said,
    )
    link = append(book, turn.written, entry)
    _begin_anew(book, turn.chain, period, link, drawer)
    return link


def _begin_anew(book: Book, chain: Chain, period: Period, link: Link, drawer: Drawer | None) -> None:
    period.day, period.opened, period.sales = None, None, 0
    period.since, period.entries, period.fresh = link.entry.seq + 1, [], []
    period.closed, period.follows = link.entry, link.mac
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


def report(book: Book, chain: Chain, point: UUID) -> tuple[Period, Totals, Drawer]:
    """The X report: what a closing would say now; nothing is written."""
    period = book.period(chain, "day", point)
    totals = totals_of(book.entries(chain, period))
    return period, totals, _drawer(period, totals, None, None)
