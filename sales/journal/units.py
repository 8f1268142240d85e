"""Time and points: what a sale in such a currency must be, and its sums, apart from all money."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sales.journal.shapes import Entry, Line, Sale, Sum, Unit, UnitSum

SOLD, GIVEN = "unit", "give"
BY_PASS, BY_HOUSE = "pass", "house"
COUNTS: Final = ("sales", "credit_notes", "sold", "taken_back", "given")


@dataclass(slots=True)
class _Row:
    label: str
    count: int = 0
    amount: int = 0


@dataclass(slots=True)
class _Currency:
    unit: Unit
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    products: dict[str, _Row] = field(default_factory=dict)

    def row(self, key: str, label: str, amount: int, count: int = 1) -> None:
        row = self.products.setdefault(key, _Row(label))
        row.count += count
        row.amount += amount


@dataclass(slots=True)
class AddingUnits:
    """Sums by currency that are being made."""

    currencies: dict[str, _Currency] = field(default_factory=dict)

    def add(self, entry: Entry, sale: Sale, unit: Unit) -> None:
        """Count one sale or credit note in a currency that is no money."""
        one, is_sale = self._of(unit), entry.kind == "sale"
        one.counts["sales" if is_sale else "credit_notes"] += 1
        for line in sale.lines:
            if line.sort == GIVEN:
                one.counts["given"] += line.gross
                continue
            one.counts["sold" if is_sale else "taken_back"] += line.gross
            one.row(line.product or line.label, line.label, line.gross)

    def join(self, sums: Iterable[UnitSum]) -> None:
        """Add those of a lower closing."""
        for said in sums:
            one = self._of(said.unit)
            for name in COUNTS:
                one.counts[name] += getattr(said, name)
            for row in said.by_product:
                one.row(row.key, row.label, row.amount, row.count)

    def told(self) -> tuple[UnitSum, ...]:
        """The sums as they stand, by the codes of their currencies."""
        found = sorted(self.currencies.items())
        return tuple(UnitSum(unit=one.unit, by_product=_sums(one.products), **one.counts) for _, one in found)

    def _of(self, unit: Unit) -> _Currency:
        return self.currencies.setdefault(unit.code, _Currency(unit))


def broken_units(sale: Sale) -> str:
    """Why a sale confuses money with time or points; "" when it does not."""
    sorts = {line.sort for line in sale.lines}
    if sale.unit is None:
        is_apart = not sorts & {SOLD, GIVEN} and all(one.means != BY_HOUSE for one in sale.payments)
        return "" if is_apart else "it takes time or points for money"
    means = {BY_HOUSE} if sorts == {GIVEN} else {BY_PASS}
    if sorts not in ({SOLD}, {GIVEN}) or any(_has_money(line) for line in sale.lines):
        return f"it has money in a sale in {sale.unit.code}"
    if any(one.means not in means or one.asset != sale.unit.code or one.is_offered for one in sale.payments):
        return f"something else than {sale.unit.code} paid it"
    return ""


def _has_money(line: Line) -> bool:
    """Time and points bear no tax, and no voucher pays them."""
    return bool(line.rate or line.vat or line.offered)


def _sums(rows: dict[str, _Row]) -> tuple[Sum, ...]:
    return tuple(
        Sum(key=key, label=row.label, count=row.count, amount=row.amount)
        for key, row in sorted(rows.items())
        if row.count or row.amount
    )
