"""The one way in: requests and a book go in; links of the chain, and an answer for each, come out.

Pure: no clock, no database, no randomness.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sales.journal import selling
from sales.journal.asking import (
    AnyAsk,
    ChangeMeans,
    Close,
    Happened,
    MoveCash,
    Sell,
    TakeBack,
    business_day,
)
from sales.journal.book import Book, Declined, Written
from sales.journal.closing import close, turn_to, turning_day
from sales.journal.shapes import CashMove, Event, Link
from sales.journal.writing import write

Answer = Link | Declined


def decide(book: Book, asks: Sequence[AnyAsk], now: datetime, written: Written) -> list[Answer]:
    """Decide each request in turn; later ones see what earlier ones did."""
    return [_answer(book, ask, now, written) for ask in asks]


def _answer(book: Book, ask: AnyAsk, now: datetime, written: Written) -> Answer:
    known = book.past.get(ask.id)
    if known is not None:
        return known if known.entry.content == ask.content else Declined("conflict")
    day, is_odd = business_day(ask, now)
    try:
        turn_to(book, ask, turning_day(book, ask, day, now), now, written)
        return _write(book, ask, (now, day, is_odd), written)
    except Declined as no:
        return no


def _write(book: Book, ask: AnyAsk, when: tuple[datetime, date, bool], written: Written) -> Link:
    now = when[0]
    if isinstance(ask, Sell):
        sold = selling.sale(book, ask, now, written)
        return write(book, written, ask, "sale", when, sale=sold, is_off_list=ask.is_off_list)
    if isinstance(ask, TakeBack):
        note, parts = selling.credit_note(book, ask, now, written)
        link = write(book, written, ask, "credit_note", when, sale=note, refers=ask.refers, parts=parts)
        book.notes.setdefault(ask.refers, []).append(link.entry)
        return link
    if isinstance(ask, ChangeMeans):
        link = write(book, written, ask, "means", when, means=selling.change(book, ask), refers=ask.refers)
        book.changed[ask.refers] = link
        return link
    if isinstance(ask, MoveCash):
        moved = CashMove(way=ask.way, amount=ask.amount, reason=ask.reason)
        return write(book, written, ask, "cash", when, cash=moved)
    if isinstance(ask, Close):
        return close(book, ask, now, written)
    return write(book, written, ask, "event", when, event=_event(ask))


def _event(ask: Happened) -> Event:
    return Event(what=ask.what, about=ask.about, by=ask.by, before=ask.before, after=ask.after)
