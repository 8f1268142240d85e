"""A decision as rows: one prepared sentence for each table."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import insert

from kit.db import Rows, Statement
from kit.db.insert import upsert
from sales.journal.book import Book, Period, Written
from sales.journal.shapes import Chain, Key, Link, Payment
from sales.journal.writing import series_of
from sales.journal_by import by_code
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
from wallet.store.rows import rows_of as money_rows

Row = tuple[object, ...]


_ENTRIES: Final = Statement(
    insert(JournalEntry).inline(),
    *("chain", "seq", "id", "kind", "at", "day", "point", "refers", "prev", "mac", "body"),
)
_SALES: Final = Statement(
    insert(SaleRow).inline(),
    *("id", "chain", "seq", "kind", "series", "number", "at", "till_at", "day"),
    *("point", "operator", "device", "total", "refers"),
)
_PAYMENTS: Final = Statement(
    insert(SalePayment).inline(),
    *("chain", "seq", "position", "sale_id", "means", "asset", "host", "amount", "transfer"),
)
_CLOSINGS: Final = Statement(
    insert(ClosingRow).inline(), *("chain", "level", "number", "seq", "id", "point", "day", "at", "turnover")
)
_OPERATORS: Final = Statement(insert(JournalOperator).inline(), "chain", "operator", "seq")
_HEADS: Final = Statement(
    upsert(JournalHead),
    *("chain", "seq", "mac", "seal", "perpetual", "year", "year_to_date"),
)
_SERIES: Final = Statement(upsert(JournalSeries), "chain", "series", "number")
_PERIODS: Final = Statement(
    upsert(JournalPeriod),
    *("chain", "level", "point", "point_name", "day", "since", "opened", "opening", "sales", "follows"),
)


def rows_of(book: Book, written: Written) -> list[Rows]:
    """In the order in which the tables lean on each other; nothing when nothing was written."""
    money = list(money_rows(written.money))
    if not written.links:
        return money
    chains = dict.fromkeys(link.entry.chain for link in written.links)
    return [
        *money,
        Rows(_ENTRIES, [_entry(link) for link in written.links]),
        Rows(_SALES, [row for link in written.links for row in sale_rows(link)]),
        Rows(_PAYMENTS, [row for link in written.links for row in payment_rows(link)]),
        Rows(_CLOSINGS, [row for link in written.links for row in closing_rows(link)]),
        Rows(_OPERATORS, [row for link in written.links for row in operator_rows(link)]),
        Rows(_HEADS, [_head(book, book.key, chain) for chain in chains]),
        Rows(_SERIES, [(*key, book.numbers[key]) for key in _numbered(written)]),
        Rows(_PERIODS, [_period(key[0], one) for key, one in book.periods.items() if key[0] in chains]),
    ]


def _numbered(written: Written) -> dict[tuple[Chain, str], None]:
    """The series that got a number: a house has many tills, and few of them sell at this moment."""
    numbered: dict[tuple[Chain, str], None] = {}
    for entry in (link.entry for link in written.links):
        if entry.sale and entry.stamp:
            numbered[entry.chain, entry.stamp.series] = None
        elif entry.closing:
            numbered[entry.chain, series_of(entry.closing.level)] = None
    return numbered


def _entry(link: Link) -> Row:
    entry = link.entry
    point = entry.stamp.point if entry.stamp else None
    what = (entry.id, entry.kind, entry.at, entry.day.isoformat(), point, entry.refers)
    return (entry.chain, entry.seq, *what, entry.prev, link.mac, link.body)


def sale_rows(link: Link) -> Iterator[Row]:
    """What stands of it in `sale`, in the order of its columns."""
    entry = link.entry
    sale, stamp = entry.sale, entry.stamp
    if sale is not None and stamp is not None:
        named = (entry.id, entry.chain, entry.seq, entry.kind, stamp.series, sale.number)
        when = (entry.at, stamp.at, entry.day.isoformat())
        yield (*named, *when, stamp.point, stamp.operator, stamp.device, sale.total, entry.refers)


def payment_rows(link: Link) -> Iterator[Row]:
    """What stands of it in `sale_payment`; what a correction of means takes back stands first."""
    entry = link.entry
    paid: list[tuple[Payment, int]] = []
    if entry.sale is not None:
        paid = [(payment, payment.amount) for payment in entry.sale.payments]
    elif entry.means is not None:
        paid = [(payment, -payment.amount) for payment in entry.means.before]
        paid += [(payment, payment.amount) for payment in entry.means.after]
    sale_id = entry.refers if entry.means is not None else entry.id
    for position, (payment, amount) in enumerate(paid):
        how = (payment.means, payment.asset, payment.host, amount, payment.transfer)
        yield (entry.chain, entry.seq, position, sale_id, *how)


def closing_rows(link: Link) -> Iterator[Row]:
    """What stands of it in `closing`."""
    entry, closing = link.entry, link.entry.closing
    if closing is not None:
        named = (entry.chain, closing.level, closing.number, entry.seq, entry.id)
        yield (*named, closing.point, closing.day.isoformat(), entry.at, closing.totals.turnover)


def operator_rows(link: Link) -> Iterator[Row]:
    """What stands of it in `journal_operator`; nobody's hand is on a closing that came by itself."""
    entry = link.entry
    if entry.stamp is not None:
        code = entry.stamp.operator
    elif entry.closing is not None:
        code = entry.closing.operator
    else:
        code = by_code(entry.event.by) if entry.event is not None else ""
    if code:
        yield (entry.chain, code, entry.seq)


def _head(book: Book, key: Key, chain: str) -> Row:
    head = book.heads[chain]  # type: ignore[index]
    seal = key.seal_head(chain, head.seq, head.mac)
    return (chain, head.seq, head.mac, seal, head.perpetual, head.year, head.year_to_date)


def _period(chain: str, one: Period) -> Row:
    day = one.day.isoformat() if one.day else None
    known = (one.since, one.opened, one.opening, one.sales, one.follows)
    return (chain, one.level, one.point, one.point_name, day, *known)
