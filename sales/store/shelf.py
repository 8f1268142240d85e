"""Books out of the database: a handful of questions for a whole batch, past the toolkit."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from kit.db import driver
from kit.db.among import among
from sales.journal.asking import AnyAsk, ChangeMeans, Sell, TakeBack
from sales.journal.book import LOWER, Book, Head, Period
from sales.journal.selling import asked_of_ledger
from sales.journal.shapes import Chain, Entry, Key, Link, read_entry
from wallet.ledger.book import open_book
from wallet.ledger.requests import AnyRequest
from wallet.store.shelf import SqlShelf

_HEADS: Final = "SELECT chain, seq, mac, perpetual, year, year_to_date FROM journal_head"
_SERIES: Final = "SELECT chain, series, number FROM journal_series"
_PERIODS: Final = (
    "SELECT chain, level, point, point_name, day, since, opened, opening, sales, follows FROM journal_period"
)
_BY_ID: Final = "SELECT body, mac FROM journal_entry WHERE id IN {keys}"
_REFERRING: Final = (
    "SELECT body, mac FROM journal_entry WHERE refers IN {keys} AND kind IN ('credit_note', 'means') "
    "ORDER BY seq"
)
_HELD: Final = "SELECT sale_id, id FROM sale_returning WHERE why = '' AND sale_id IN {keys}"
_OF_POINT: Final = (
    "SELECT body FROM journal_entry WHERE chain = {0} AND point = {0} AND seq >= {0} "
    "AND kind <> 'closing' ORDER BY seq"
)
_CLOSED: Final = (
    "SELECT e.body FROM closing c JOIN journal_entry e ON e.chain = c.chain AND e.seq = c.seq "
    "WHERE c.chain = {0} AND c.level = 'day' AND c.point = {0} ORDER BY c.number DESC LIMIT 1"
)
_CLOSINGS: Final = (
    "SELECT e.body FROM journal_entry e JOIN closing c ON c.chain = e.chain AND c.seq = e.seq "
    "WHERE c.chain = {0} AND c.level = {0} AND c.seq >= {0} ORDER BY c.seq"
)


def open_journal(connection: Connection, key: Key, here: str, asks: Sequence[AnyAsk]) -> Book:
    """Everything that these requests may need. `here` is this node's address."""
    past = dict(_links(among(connection, _BY_ID, _ids(asks))))
    referring = list(_links(among(connection, _REFERRING, _refers(asks))))
    shelf = SqlShelf(connection, here)
    book = Book(
        key=key,
        money=open_book(shelf, list(_moves(asks, past))),
        read=lambda chain, period: entries_of(connection, chain, period),
        find=lambda chain, period: closed_before(connection, chain, period),
        heads={row[0]: Head(*row[1:]) for row in driver.rows(connection, _HEADS)},
        numbers={(row[0], row[1]): row[2] for row in driver.rows(connection, _SERIES)},
        past=past,
    )
    book.periods = {
        (row[0], row[1], _uuid(row[2])): _period(row) for row in driver.rows(connection, _PERIODS)
    }
    for _, link in referring:
        _refer(book, link)
    book.held = {_uuid(row[0]): _uuid(row[1]) for row in among(connection, _HELD, _refers(asks))}
    return book


def entries_of(connection: Connection, chain: Chain, period: Period) -> Iterator[Entry]:
    """The entries of an open period, in order: of its point of sale, or the closings that it adds up."""
    mark, point = _spoken(connection, period.point)
    if period.level == "day":
        sql, values = _OF_POINT.format(mark), (chain, point, period.since)
    else:
        sql, values = _CLOSINGS.format(mark), (chain, LOWER[period.level], period.since)
    for (body,) in connection.exec_driver_sql(sql, values):
        yield read_entry(bytes(body))


def closed_before(connection: Connection, chain: Chain, period: Period) -> Entry | None:
    """The last closing of a day at this point of sale."""
    mark, point = _spoken(connection, period.point)
    found = driver.rows(connection, _CLOSED.format(mark), (chain, point))
    return read_entry(bytes(found[0][0])) if found else None


def _spoken(connection: Connection, point: UUID) -> tuple[str, Any]:
    """How this driver marks a place in a sentence, and takes an id."""
    return ("?", point.bytes) if connection.dialect.name == "sqlite" else ("%s", point)


def _ids(asks: Sequence[AnyAsk]) -> list[UUID]:
    return list(dict.fromkeys([*(ask.id for ask in asks), *_refers(asks)]))


def _refers(asks: Sequence[AnyAsk]) -> list[UUID]:
    return list(dict.fromkeys(ask.refers for ask in asks if isinstance(ask, TakeBack | ChangeMeans)))


def _links(rows: Iterable[Any]) -> Iterator[tuple[UUID, Link]]:
    for body, mac in rows:
        entry = read_entry(bytes(body))
        yield entry.id, Link(entry, bytes(body), mac)


def _moves(asks: Sequence[AnyAsk], past: dict[UUID, Link]) -> Iterator[AnyRequest]:
    """What the ledger will be asked."""
    for ask in asks:
        if isinstance(ask, Sell):
            if ask.spend is not None:
                yield ask.spend
        elif isinstance(ask, TakeBack) and ask.refers in past:
            sold = past[ask.refers].entry.sale
            if sold is not None:
                yield from asked_of_ledger(ask, sold)


def _refer(book: Book, link: Link) -> None:
    if link.entry.refers is None:
        return
    if link.entry.kind == "credit_note":
        book.notes.setdefault(link.entry.refers, []).append(link.entry)
    else:
        book.changed[link.entry.refers] = link


def _period(row: Any) -> Period:
    _, level, point, name, day, since, opened, opening, sales, follows = row
    return Period(
        level=level,
        point=_uuid(point),
        point_name=name,
        day=date.fromisoformat(day) if day else None,
        since=since,
        opened=datetime.fromisoformat(opened) if isinstance(opened, str) else opened,
        opening=opening,
        sales=sales,
        follows=follows,
    )


def _uuid(value: Any) -> UUID:
    return UUID(bytes=value) if isinstance(value, bytes) else value
