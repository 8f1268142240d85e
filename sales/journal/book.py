"""A book: the part of the journal that some requests are about, laid open for the rules.

The rules write into it as they go, so that later requests of one batch see the earlier ones; what must be
kept comes out as `Written`, and the book is thrown away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sales.journal.shapes import GENESIS, NOWHERE, Chain, Entry, Key, Level, Link
from wallet.ledger.book import Book as MoneyBook
from wallet.ledger.decide import Written as MoneyWritten

LOWER: Final[dict[Level, Level]] = {"month": "day", "year": "month"}
"""What the closing of a longer period adds up."""


@dataclass(slots=True)
class Head:
    """The end of a chain, and what was sold since it began, in cents."""

    seq: int = 0
    mac: str = GENESIS
    perpetual: int = 0
    year: int = 0
    year_to_date: int = 0


@dataclass(slots=True)
class Period:
    """What is open: the entries of one point of sale from `since` on, or the closings of a month or year.

    `day` is None while nothing was written in it. `entries` are those that were kept before, None until
    somebody asks for them; `fresh` those that this batch writes.
    """

    level: Level
    point: UUID
    point_name: str = ""
    day: date | None = None
    since: int = 1
    opened: datetime | None = None
    opening: int = 0
    sales: int = 0
    follows: str = ""
    entries: list[Entry] | None = None
    fresh: list[Entry] = field(default_factory=list)
    closed: Entry | None = None
    """The closing before it, once somebody asked."""


PeriodKey = tuple[Chain, Level, UUID]
Reader = Callable[[Chain, Period], Iterable[Entry]]
Finder = Callable[[Chain, Period], Entry | None]


@dataclass(slots=True)
class Book:
    """What the rules look at and write into.

    `read` fetches the entries of a period, in order; `find` the closing before it.
    """

    key: Key
    money: MoneyBook
    read: Reader
    find: Finder
    heads: dict[Chain, Head] = field(default_factory=dict)
    numbers: dict[tuple[Chain, str], int] = field(default_factory=dict)
    periods: dict[PeriodKey, Period] = field(default_factory=dict)
    past: dict[UUID, Link] = field(default_factory=dict)
    notes: dict[UUID, list[Entry]] = field(default_factory=dict)
    """The credit notes of each sale that has one, oldest first."""
    held: dict[UUID, UUID] = field(default_factory=dict)
    """Sales that are being taken back while a neighbour is asked, and the operation that does it."""
    changed: dict[UUID, Link] = field(default_factory=dict)
    """The last change of means of each sale."""

    def head(self, chain: Chain) -> Head:
        return self.heads.setdefault(chain, Head())

    def period(self, chain: Chain, level: Level, point: UUID = NOWHERE) -> Period:
        """The open period; a new one begins with the next entry."""
        key = (chain, level, point)
        if key not in self.periods:
            since = self.head(chain).seq + 1
            self.periods[key] = Period(level=level, point=point, since=since, entries=[])
        return self.periods[key]

    def entries(self, chain: Chain, period: Period) -> list[Entry]:
        """What was written in a period: what was kept before, then what this batch writes."""
        if period.entries is None:
            period.entries = list(self.read(chain, period))
        return [*period.entries, *period.fresh]

    def closed(self, chain: Chain, period: Period) -> Entry | None:
        """The closing before a period; None for the first."""
        if period.closed is None:
            period.closed = self.find(chain, period)
        return period.closed

    def next_number(self, chain: Chain, series: str) -> int:
        """The number that follows in a series, used up."""
        number = self.numbers.get((chain, series), 0) + 1
        self.numbers[chain, series] = number
        return number


@dataclass(slots=True)
class Written:
    """What must be kept: new links in order, and what the ledger wrote."""

    links: list[Link] = field(default_factory=list)
    money: MoneyWritten = field(default_factory=MoneyWritten)


class Declined(Exception):
    """A rule says no. `why` names it; `missing` is in cents."""

    def __init__(self, why: str, missing: int = 0) -> None:
        self.why, self.missing = why, missing
        super().__init__(why)
