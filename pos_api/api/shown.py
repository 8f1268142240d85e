"""Sales, reports and receipts as tills see them: what the journal holds, in the words of the API."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from pos_api.principal import Device
from sales.journal.asking import Sell
from sales.journal.shapes import Drawer, Entry, Line, Payment, Sum, Totals
from sales.schemas import Left, Selling


class LineJson(Struct, frozen=True, kw_only=True):
    """One line; amounts in cents, `vat_rate` in basis points, `offered` what vouchers of the house paid."""

    label: str
    quantity: str
    unit_price: int
    vat_rate: int
    net: int
    vat: int
    gross: int
    sort: str
    offered: int


class PaidJson(Struct, frozen=True, kw_only=True):
    """One means. `left`: what remains of that currency on the Pass, when this node keeps it."""

    means: str
    amount: int
    given: int
    asset: str
    name: str
    host: str
    left: int | None = None


class SaleJson(Struct, frozen=True, kw_only=True):
    """A sale (`kind` sale) or what took it back (credit_note, which `refers` to it).

    `state`: paid, waiting (a neighbour has not answered: there is no number yet) or failed. `change`: cash to
    give back.
    """

    id: UUID
    kind: str
    state: str
    series: str
    number: int | None
    at: datetime
    noted_at: datetime | None
    day: date | None
    point: UUID
    operator: str
    lines: list[LineJson]
    payments: list[PaidJson]
    total: int
    change: int
    is_training: bool
    is_late: bool
    refers: UUID | None
    taken_back_by: UUID | None


class SoldJson(Struct, frozen=True, kw_only=True):
    """A sale as it was written; `waits_for` names the host that has not answered, `why` why it failed."""

    sale: SaleJson
    undo_until: str = "next sale"
    waits_for: str = ""
    why: str = ""
    words: str = ""


class SalesJson(Struct, frozen=True, kw_only=True):
    """The last sales of a till, the newest first."""

    items: list[SaleJson]


class SumJson(Struct, frozen=True, kw_only=True):
    """One row of a report."""

    key: str
    label: str
    count: int
    amount: int
    net: int
    vat: int


class TotalsJson(Struct, frozen=True, kw_only=True):
    """What a report adds up, in cents; `outside` is no turnover: top-ups, refunds, deposits, gifts, tips."""

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


def sale_json(entry: Entry, left: Sequence[Left] = (), taken_back_by: UUID | None = None) -> SaleJson:
    """Raises ValueError for an entry that is no sale."""
    sale, stamp = entry.sale, entry.stamp
    if sale is None or stamp is None:
        raise ValueError(f"entry {entry.seq} is no sale")
    remains = {one.asset: one.amount for one in left}
    return SaleJson(
        id=entry.id,
        kind=entry.kind,
        state="paid",
        series=stamp.series,
        number=sale.number,
        at=stamp.at,
        noted_at=entry.at,
        day=entry.day,
        point=stamp.point,
        operator=stamp.operator,
        lines=[_line(line) for line in sale.lines],
        payments=[_paid(one, remains) for one in sale.payments],
        total=sale.total,
        change=sum(one.given - one.amount for one in sale.payments if one.given > one.amount > 0),
        is_training=entry.chain == "training",
        is_late=entry.is_late,
        refers=entry.refers,
        taken_back_by=taken_back_by,
    )


def unwritten(said: Selling, device: Device, operator: str, state: str) -> SaleJson:
    """A sale that is not in the journal: it waits for a neighbour, or failed."""
    return SaleJson(
        id=said.id, kind="sale", state=state, series=device.series, number=None, at=said.at, noted_at=None,
        day=None, point=said.point, operator=operator, lines=[], payments=[], total=said.total, change=0,
        is_training=device.is_training, is_late=False, refers=None, taken_back_by=None,
    )  # fmt: skip


def waiting_json(ask: Sell, state: str) -> SaleJson:
    """A sale that was asked for and is not in the journal."""
    stamp = ask.stamp
    return SaleJson(
        id=ask.id, kind="sale", state=state, series=stamp.series, number=None, at=stamp.at, noted_at=None,
        day=None, point=stamp.point, operator=stamp.operator, lines=[], payments=[],
        total=sum(line.gross for line in ask.lines), change=0, is_training=ask.chain == "training",
        is_late=False, refers=None, taken_back_by=None,
    )  # fmt: skip


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
    return TotalsJson(**shown, **rows)


def drawer_json(drawer: Drawer) -> DrawerJson:
    """The cash, with its difference."""
    fields = {name: getattr(drawer, name) for name in Drawer.__struct_fields__}
    return DrawerJson(**fields, difference=drawer.difference)


def _sum(one: Sum) -> SumJson:
    return SumJson(key=one.key, label=one.label, count=one.count, amount=one.amount, net=one.net, vat=one.vat)


def _line(line: Line) -> LineJson:
    return LineJson(
        label=line.label, quantity=line.quantity, unit_price=line.unit_price, vat_rate=line.rate,
        net=line.net, vat=line.vat, gross=line.gross, sort=line.sort, offered=line.offered,
    )  # fmt: skip


def _paid(one: Payment, remains: dict[str, int]) -> PaidJson:
    return PaidJson(
        means=one.means, amount=one.amount, given=one.given, asset=one.asset, name=one.name, host=one.host,
        left=remains.get(one.asset),
    )  # fmt: skip
