"""A decision as rows: one prepared sentence for each table."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Insert
from sqlalchemy.dialects import sqlite

from kit.db import Rows, Statement
from sales.journal.book import Book, Period, Written
from sales.journal.shapes import Entry, Key, Link, Payment
from sales.models.journal import (
    ClosingRow,
    JournalEntry,
    JournalHead,
    JournalPeriod,
    JournalSeries,
    SalePayment,
    SaleRow,
)
from wallet.store.rows import rows_of as money_rows

Row = tuple[object, ...]


def _added(model: type, *columns: str) -> Statement:
    return Statement(sqlite.insert(model.__table__).inline(), *columns)  # type: ignore[attr-defined]


def _upserted(model: type, keys: Sequence[str], *columns: str) -> Statement:
    """Both databases understand the same words."""
    said = sqlite.insert(model.__table__)  # type: ignore[attr-defined]
    rest = {name: said.excluded[name] for name in columns if name not in keys}
    statement: Insert = said.on_conflict_do_update(index_elements=list(keys), set_=rest)
    return Statement(statement, *columns)


_ENTRIES: Final = _added(
    JournalEntry,
    *("chain", "seq", "id", "kind", "at", "day", "point", "refers", "prev", "mac", "body"),
)
_SALES: Final = _added(
    SaleRow,
    *("id", "chain", "seq", "kind", "series", "number", "at", "till_at", "day"),
    *("point", "operator", "device", "total", "refers"),
)
_PAYMENTS: Final = _added(
    SalePayment,
    *("chain", "seq", "position", "sale_id", "means", "asset", "host", "amount", "transfer"),
)
_CLOSINGS: Final = _added(
    ClosingRow, *("chain", "level", "number", "seq", "id", "point", "day", "at", "turnover")
)
_HEADS: Final = _upserted(
    JournalHead,
    ("chain",),
    *("chain", "seq", "mac", "seal", "perpetual", "year", "year_to_date"),
)
_SERIES: Final = _upserted(JournalSeries, ("chain", "series"), "chain", "series", "number")
_PERIODS: Final = _upserted(
    JournalPeriod,
    ("chain", "level", "point"),
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
        Rows(_SALES, [row for link in written.links for row in _sale(link.entry)]),
        Rows(_PAYMENTS, [row for link in written.links for row in _payments(link.entry)]),
        Rows(_CLOSINGS, [row for link in written.links for row in _closing(link)]),
        Rows(_HEADS, [_head(book, book.key, chain) for chain in chains]),
        Rows(_SERIES, [(*key, number) for key, number in book.numbers.items() if key[0] in chains]),
        Rows(_PERIODS, [_period(key[0], one) for key, one in book.periods.items() if key[0] in chains]),
    ]


def _entry(link: Link) -> Row:
    entry = link.entry
    point = entry.stamp.point if entry.stamp else None
    what = (entry.id, entry.kind, entry.at, entry.day.isoformat(), point, entry.refers)
    return (entry.chain, entry.seq, *what, entry.prev, link.mac, link.body)


def _sale(entry: Entry) -> Iterator[Row]:
    sale, stamp = entry.sale, entry.stamp
    if sale is not None and stamp is not None:
        named = (entry.id, entry.chain, entry.seq, entry.kind, stamp.series, sale.number)
        when = (entry.at, stamp.at, entry.day.isoformat())
        yield (*named, *when, stamp.point, stamp.operator, stamp.device, sale.total, entry.refers)


def _payments(entry: Entry) -> Iterator[Row]:
    """What a correction of means takes back stands first."""
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


def _closing(link: Link) -> Iterator[Row]:
    entry, closing = link.entry, link.entry.closing
    if closing is not None:
        named = (entry.chain, closing.level, closing.number, entry.seq, entry.id)
        yield (*named, closing.point, closing.day.isoformat(), entry.at, closing.totals.turnover)


def _head(book: Book, key: Key, chain: str) -> Row:
    head = book.heads[chain]  # type: ignore[index]
    seal = key.seal_head(chain, head.seq, head.mac)
    return (chain, head.seq, head.mac, seal, head.perpetual, head.year, head.year_to_date)


def _period(chain: str, one: Period) -> Row:
    day = one.day.isoformat() if one.day else None
    known = (one.since, one.opened, one.opening, one.sales, one.follows)
    return (chain, one.level, one.point, one.point_name, day, *known)
