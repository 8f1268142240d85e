"""Adding up: one way for the provisional report, for closings, and for whoever checks them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec import convert

from sales.journal.shapes import Entry, Line, Payment, Sum, Totals
from sales.journal.units import AddingUnits

TURNOVER: Final = "product"
TABLES: Final = ("by_means", "by_rate", "by_category", "by_product", "by_operator", "by_point", "outside")
COUNTS: Final = (
    "sales", "credit_notes", "sold", "taken_back", "offered", "turnover", "net", "vat",
    "cash", "floats", "cash_in", "cash_out",
)  # fmt: skip


@dataclass(slots=True)
class _Row:
    label: str
    count: int = 0
    amount: int = 0
    net: int = 0
    vat: int = 0


@dataclass(slots=True)
class Adding:
    """A sum that is being made."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    tables: dict[str, dict[str, _Row]] = field(default_factory=lambda: {name: {} for name in TABLES})
    units: AddingUnits = field(default_factory=AddingUnits)

    def add(self, entry: Entry) -> None:
        """Count one entry of the period."""
        if entry.sale is not None:
            self._sale(entry)
        elif entry.means is not None:
            for payment in entry.means.before:
                self._payment(payment, -1)
            for payment in entry.means.after:
                self._payment(payment, 1)
        elif entry.cash is not None:
            name = {"in": "cash_in", "out": "cash_out", "float": "floats"}[entry.cash.way]
            self.counts[name] += entry.cash.amount
        elif entry.closing is not None:
            self.join(entry.closing.totals)

    def join(self, totals: Totals) -> None:
        """Add a lower closing."""
        for name in COUNTS:
            self.counts[name] += getattr(totals, name)
        for name in TABLES:
            for one in getattr(totals, name):
                self._row(name, one.key, one.label, one.amount, count=one.count, net=one.net, vat=one.vat)
        self.units.join(totals.units)

    def told(self) -> Totals:
        """The sum as it stands, rows in the order of their keys."""
        tables = {name: tuple(_sums(self.tables[name])) for name in TABLES}
        return convert({**self.counts, **tables, "units": self.units.told()}, Totals)

    def _sale(self, entry: Entry) -> None:
        sale, stamp = entry.sale, entry.stamp
        if sale is None or stamp is None:
            return
        if sale.unit is not None:
            self.units.add(entry, sale, sale.unit)
            return
        is_sale = entry.kind == "sale"
        self.counts["sales" if is_sale else "credit_notes"] += 1
        for line in sale.lines:
            self._line(line, is_sale)
        for payment in sale.payments:
            self._payment(payment, 1)
        paid = sum(line.gross - line.offered for line in sale.lines if line.sort == TURNOVER)
        self._row("by_operator", stamp.operator, stamp.operator, paid)
        self._row("by_point", stamp.point.hex, stamp.point_name, paid)

    def _line(self, line: Line, is_sale: bool) -> None:
        paid = line.gross - line.offered
        if line.sort != TURNOVER:
            self._row("outside", line.sort, line.sort, line.gross)
            return
        self.counts["sold" if is_sale else "taken_back"] += line.gross
        self.counts["offered"] += line.offered
        self.counts["turnover"] += paid
        self.counts["net"] += line.net
        self.counts["vat"] += line.vat
        tax = {"net": line.net, "vat": line.vat}
        self._row("by_rate", f"{line.rate:05d}", str(line.rate), paid, **tax)
        self._row("by_category", line.category, line.category, paid, **tax)
        self._row("by_product", line.product or line.label, line.label, paid, **tax)

    def _payment(self, payment: Payment, sign: int) -> None:
        amount = sign * payment.amount
        key = f"{payment.means} {payment.asset}".strip()
        self._row("by_means", key, payment.name or payment.means, amount, count=sign)
        if payment.means == "cash":
            self.counts["cash"] += amount

    def _row(self, table: str, key: str, label: str, amount: int, *, count: int = 1, **tax: int) -> None:
        row = self.tables[table].setdefault(key, _Row(label))
        row.count += count
        row.amount += amount
        row.net += tax.get("net", 0)
        row.vat += tax.get("vat", 0)


def totals_of(entries: Iterable[Entry]) -> Totals:
    """What these entries add up to."""
    adding = Adding()
    for entry in entries:
        adding.add(entry)
    return adding.told()


def _sums(rows: dict[str, _Row]) -> Iterable[Sum]:
    for key, row in sorted(rows.items()):
        if row.count or row.amount:
            yield Sum(key=key, label=row.label, count=row.count, amount=row.amount, net=row.net, vat=row.vat)
