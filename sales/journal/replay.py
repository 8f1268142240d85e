"""Every entry understood again: numbers without a gap, sums that are right, nothing counted twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sales.journal import vat
from sales.journal.returning import broken_note
from sales.journal.shapes import Closing, Entry, Level, Line, Link, Payment, Sale
from sales.journal.totals import Adding
from sales.journal.units import broken_units
from sales.journal.writing import series_of, turnover_of, year_of

DAY: Level = "day"


@dataclass(slots=True)
class _Period:
    """What was written since the last closing of one kind at one place; `since` is 0 while nothing was."""

    adding: Adding = field(default_factory=Adding)
    since: int = 0
    opened: datetime | None = None
    opening: int = 0
    sales: int = 0
    follows: str = ""


@dataclass(slots=True)
class Replay:
    """One chain, followed from its beginning."""

    numbers: dict[str, int] = field(default_factory=dict)
    periods: dict[tuple[str, UUID], _Period] = field(default_factory=dict)
    closing_numbers: dict[str, int] = field(default_factory=dict)
    find: Callable[[UUID], Entry | None] = lambda _: None
    """A sale of this chain by its id: those that credit notes name are read again."""
    notes: dict[UUID, list[Entry]] = field(default_factory=dict)
    changed: dict[UUID, tuple[Payment, ...]] = field(default_factory=dict)
    perpetual: int = 0
    year: int = 0
    year_to_date: int = 0

    def broken(self, link: Link) -> str:
        """Why an entry cannot be; "" when it can."""
        entry = link.entry
        if entry.closing is not None:
            why = self._closing(entry, entry.closing, link.mac)
        else:
            why = self._sale(entry, entry.sale) if entry.sale is not None else ""
        if entry.means is not None and entry.refers is not None:
            self.changed[entry.refers] = entry.means.after
        self._count(entry)
        if entry.stamp is not None and entry.closing is None:
            self._add(self._period(DAY, entry.stamp.point), entry, entry.sale is not None)
        return why

    def broken_head(self, perpetual: int, year: int, year_to_date: int) -> str:
        """Why the sums kept beside the chain's end are wrong."""
        if perpetual != self.perpetual:
            return f"the perpetual total is {self.perpetual}"
        if (year, year_to_date) != (self.year, self.year_to_date):
            return f"the total of {self.year} to date is {self.year_to_date}"
        return ""

    def last_numbers(self) -> dict[str, int]:
        """The last number of each series: of tills, and of closings at each level."""
        return self.numbers | {series_of(level): number for level, number in self.closing_numbers.items()}

    def broken_period(self, level: str, point: UUID, kept: tuple[object, ...]) -> str:
        """Why what is kept of an open period is wrong: since, opened, opening, sales, follows."""
        period = self.periods.get((level, point), _Period())
        said = (period.since, period.opened, period.opening, period.sales, period.follows)
        return "" if kept == said else "what is open is not what the journal leaves open"

    def _count(self, entry: Entry) -> None:
        amount = turnover_of(entry)
        self.perpetual += amount
        if year_of(entry) > self.year:
            self.year, self.year_to_date = year_of(entry), 0
        self.year_to_date += amount

    def _add(self, period: _Period, entry: Entry, is_sale: bool) -> None:
        if not period.since:
            period.since, period.opened = entry.seq, entry.at
        period.adding.add(entry)
        period.sales += is_sale

    def _period(self, level: str, point: UUID) -> _Period:
        return self.periods.setdefault((level, point), _Period())

    def _sale(self, entry: Entry, sale: Sale) -> str:
        if entry.stamp is None:
            return "a sale without a till"
        expected = self.numbers.get(entry.stamp.series, 0) + 1
        self.numbers[entry.stamp.series] = sale.number
        if sale.number != expected:
            return f"number {expected} of series {entry.stamp.series} is missing"
        if entry.kind == "credit_note":
            return self._credit_note(entry) or _sums(sale)
        return (
            broken_units(sale)
            or _sums(sale)
            or next((why for line in sale.lines if (why := _line(line))), "")
        )

    def _credit_note(self, entry: Entry) -> str:
        if entry.refers is None:
            return "it names no sale"
        sold = self.find(entry.refers)
        if sold is None or (sold.chain, sold.seq < entry.seq) != (entry.chain, True):
            return "it names no sale before it"
        before = self.notes.setdefault(entry.refers, [])
        why = broken_note(sold, self._paid(sold), before, entry)
        before.append(entry)
        return why

    def _paid(self, sold: Entry) -> tuple[Payment, ...]:
        """How a sale was paid, after what was corrected."""
        paid = sold.sale.payments if sold.sale else ()
        after = self.changed.get(sold.id)
        return paid if after is None else (*after, *(one for one in paid if one.means == "pass"))

    def _closing(self, entry: Entry, said: Closing, mac: str) -> str:
        period = self._period(said.level, said.point)
        expected = self.closing_numbers.get(said.level, 0) + 1
        self.closing_numbers[said.level] = said.number
        self.periods[said.level, said.point] = _Period(
            opening=said.drawer.left if said.drawer else 0, follows=mac
        )
        self._lengthen(entry, said)
        if said.number != expected:
            return f"closing {expected} is missing"
        if said.follows != period.follows:
            return "it does not follow the closing before it"
        if not period.sales:
            return "it closes nothing"
        if said.totals != period.adding.told():
            return "its sums are not those of its entries"
        if said.perpetual != self.perpetual:
            return f"its perpetual total should be {self.perpetual}"
        if said.year_to_date != self.year_to_date:
            return f"its total of the year should be {self.year_to_date}"
        return _drawer(said, period.opening)

    def _lengthen(self, entry: Entry, said: Closing) -> None:
        longer = {"day": "month", "month": "year"}.get(said.level)
        if longer is not None:
            self._add(self._period(longer, UUID(int=0)), entry, is_sale=True)


def _sums(sale: Sale) -> str:
    if sale.total != sum(line.gross for line in sale.lines):
        return "its total is not the sum of its lines"
    if sale.total != sum(payment.amount for payment in sale.payments):
        return "its total is not what was paid"
    return ""


def _line(line: Line) -> str:
    if abs(line.gross) != abs(vat.gross(line.unit_price, vat.quantity(line.quantity))):
        return f"{line.label}: its amount is not quantity by price"
    paid = line.gross - line.offered
    if line.net != vat.net(paid, line.rate) or line.net + line.vat != paid:
        return f"{line.label}: its tax is wrong"
    return ""


def _drawer(said: Closing, opening: int) -> str:
    drawer, totals = said.drawer, said.totals
    if said.level != DAY:
        return ""
    if drawer is None or drawer.opening != opening:
        return "its drawer did not begin with what was left in it"
    expected = opening + totals.floats + totals.cash + totals.cash_in - totals.cash_out
    return "" if drawer.expected == expected else f"{expected} cents were expected in its drawer"
