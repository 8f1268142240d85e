"""Reports and the drawer as tills see them: what the journal holds, in the words of the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from pos_api.api.shown import UnitJson, unit_json
from sales.journal.shapes import Drawer, Entry, Sum, Totals, UnitSum


class SumJson(Struct, frozen=True, kw_only=True):
    """One row of a report."""

    key: str
    label: str
    count: int
    amount: int
    net: int
    vat: int


class UnitSumJson(Struct, frozen=True, kw_only=True):
    """One currency of time or points, in its minor units; `amount`: received for sales, less given back."""

    currency: UnitJson
    sales: int
    credit_notes: int
    amount: int
    taken_back: int
    given: int
    by_product: list[SumJson]


class TotalsJson(Struct, frozen=True, kw_only=True):
    """What a report adds up, in cents; `outside` is no turnover: top-ups, refunds, deposits, gifts, tips.

    `currencies`: time and points, each apart, in nothing else of the report.
    """

    sales: int
    credit_notes: int
    turnover: int
    net: int
    vat: int
    offered: int
    by_means: list[SumJson]
    by_rate: list[SumJson]
    by_category: list[SumJson]
    by_product: list[SumJson]
    by_operator: list[SumJson]
    outside: list[SumJson]
    currencies: list[UnitSumJson] = []


class DrawerJson(Struct, frozen=True, kw_only=True):
    """The cash, in cents. `difference`: counted less expected; null when nobody counted."""

    opening: int
    floats: int
    came: int
    went: int
    expected: int
    counted: int | None
    left: int
    difference: int | None


class ReportJson(Struct, frozen=True, kw_only=True):
    """An X report: what a closing would say now. `day` is "" when nothing is open."""

    point: UUID
    day: str
    totals: TotalsJson
    drawer: DrawerJson
    is_training: bool


class ClosingJson(Struct, frozen=True, kw_only=True):
    """A Z report: numbered, sealed, for ever. `perpetual`: turnover since the first day."""

    id: UUID
    number: int
    point: UUID
    point_name: str
    day: date
    at: datetime
    opened: datetime
    operator: str
    totals: TotalsJson
    drawer: DrawerJson | None
    perpetual: int
    year_to_date: int
    is_automatic: bool
    is_training: bool


class ClosingsJson(Struct, frozen=True, kw_only=True):
    """The Z reports of a point of sale, the newest first."""

    items: list[ClosingJson]


class CashJson(Struct, frozen=True, kw_only=True):
    """A movement of the drawer, as it was written."""

    id: UUID
    way: str
    amount: int
    reason: str
    at: datetime
    noted_at: datetime
    operator: str


def closing_json(entry: Entry) -> ClosingJson:
    """Raises ValueError for an entry that closes nothing."""
    closing = entry.closing
    if closing is None:
        raise ValueError(f"entry {entry.seq} is no closing")
    return ClosingJson(
        id=entry.id,
        number=closing.number,
        point=closing.point,
        point_name=closing.point_name,
        day=closing.day,
        at=entry.at,
        opened=closing.opened,
        operator=closing.operator,
        totals=totals_json(closing.totals),
        drawer=drawer_json(closing.drawer) if closing.drawer else None,
        perpetual=closing.perpetual,
        year_to_date=closing.year_to_date,
        is_automatic=closing.is_automatic,
        is_training=entry.chain == "training",
    )


def cash_json(entry: Entry) -> CashJson:
    """Raises ValueError for an entry that moved no cash."""
    cash, stamp = entry.cash, entry.stamp
    if cash is None or stamp is None:
        raise ValueError(f"entry {entry.seq} moved no cash")
    return CashJson(
        id=entry.id, way=cash.way, amount=cash.amount, reason=cash.reason, at=stamp.at, noted_at=entry.at,
        operator=stamp.operator,
    )  # fmt: skip


def totals_json(totals: Totals) -> TotalsJson:
    """The sums that tills show."""
    numbers = ("sales", "credit_notes", "turnover", "net", "vat", "offered")
    tables = ("by_means", "by_rate", "by_category", "by_product", "by_operator", "outside")
    shown: dict[str, Any] = {name: getattr(totals, name) for name in numbers}
    rows: dict[str, Any] = {name: [_sum(one) for one in getattr(totals, name)] for name in tables}
    return TotalsJson(**shown, **rows, currencies=[_unit_sum(one) for one in totals.units])


def drawer_json(drawer: Drawer) -> DrawerJson:
    """The cash, with its difference."""
    fields = {name: getattr(drawer, name) for name in Drawer.__struct_fields__}
    return DrawerJson(**fields, difference=drawer.difference)


def _unit_sum(one: UnitSum) -> UnitSumJson:
    counts = {name: getattr(one, name) for name in ("sales", "credit_notes", "amount", "taken_back", "given")}
    rows = [_sum(row) for row in one.by_product]
    return UnitSumJson(currency=unit_json(one.unit), by_product=rows, **counts)


def _sum(one: Sum) -> SumJson:
    return SumJson(key=one.key, label=one.label, count=one.count, amount=one.amount, net=one.net, vat=one.vat)
