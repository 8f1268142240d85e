"""Sales as tills see them: what the journal holds, in the words of the API."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from pos_api.principal import Device
from pos_api.queries.sold import SaleFound
from sales.journal.asking import Sell, TakeBack
from sales.journal.returning import is_gone
from sales.journal.shapes import Line, Payment, Sale, Unit
from sales.schemas import Left, Selling


class LineJson(Struct, frozen=True, kw_only=True):
    """One line; amounts in cents, `vat_rate` in basis points, `offered` what vouchers of the house paid.

    `left`: how much of its quantity no credit note took back yet; "" on a credit note.
    """

    label: str
    quantity: str
    unit_price: int
    vat_rate: int
    net: int
    vat: int
    gross: int
    sort: str
    offered: int
    left: str = ""


class PaidJson(Struct, frozen=True, kw_only=True):
    """One means. `left`: what remains of that currency on the Pass, when this node keeps it."""

    means: str
    amount: int
    given: int
    asset: str
    name: str
    host: str
    left: int | None = None


class UnitJson(Struct, frozen=True, kw_only=True):
    """A currency of time or points, as it was called that day; `scale`: its decimals."""

    code: str
    name: str
    symbol: str
    scale: int


class SaleJson(Struct, frozen=True, kw_only=True):
    """A sale (`kind` sale) or what took it back (credit_note, which `refers` to it).

    `state`: paid, waiting (a neighbour has not answered: there is no number yet) or failed. `change`: cash to
    give back. `credit_notes` took parts of it back; `taken_back_by` is the last one when nothing is left.
    `is_off_list`: sold without a line, it names a product that its point of sale did not have on its list.
    `currency`: all of it is in that currency of time or points, every amount in its minor units.
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
    credit_notes: Sequence[UUID] = ()
    is_off_list: bool = False
    currency: UnitJson | None = None


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


def sale_json(found: SaleFound, left: Sequence[Left] = ()) -> SaleJson:
    """Raises ValueError for an entry that is no sale."""
    entry = found.entry
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
        lines=_lines(sale, found.left),
        payments=[_paid(one, remains) for one in sale.payments],
        total=sale.total,
        change=sum(one.given - one.amount for one in sale.payments if one.given > one.amount > 0),
        is_training=entry.chain == "training",
        is_late=entry.is_late,
        refers=entry.refers,
        taken_back_by=found.notes[-1] if found.notes and is_gone(found.left) else None,
        credit_notes=found.notes,
        is_off_list=entry.is_off_list,
        currency=unit_json(sale.unit) if sale.unit else None,
    )


def unwritten(said: Selling, device: Device, operator: str, state: str) -> SaleJson:
    """A sale that is not in the journal: it waits for a neighbour, or failed."""
    return SaleJson(
        id=said.id, kind="sale", state=state, series=device.series, number=None, at=said.at, noted_at=None,
        day=None, point=said.point, operator=operator, lines=[], payments=[], total=said.total, change=0,
        is_training=device.is_training, is_late=False, refers=None, taken_back_by=None,
    )  # fmt: skip


def waiting_json(ask: Sell | TakeBack, state: str) -> SaleJson:
    """A sale or a credit note that was asked for and is not in the journal."""
    stamp, is_sale = ask.stamp, isinstance(ask, Sell)
    return SaleJson(
        id=ask.id, kind="sale" if is_sale else "credit_note", state=state, series=stamp.series, number=None,
        at=stamp.at, noted_at=None, day=None, point=stamp.point, operator=stamp.operator, lines=[],
        payments=[], total=sum(line.gross for line in ask.lines) if isinstance(ask, Sell) else 0, change=0,
        is_training=ask.chain == "training", is_late=False,
        refers=ask.refers if isinstance(ask, TakeBack) else None, taken_back_by=None,
    )  # fmt: skip


def unit_json(unit: Unit) -> UnitJson:
    """A currency as tills show it."""
    return UnitJson(code=unit.code, name=unit.name, symbol=unit.symbol, scale=unit.scale)


def _lines(sale: Sale, left: Sequence[Line]) -> list[LineJson]:
    rests = [one.quantity for one in left] or [""] * len(sale.lines)
    return [_line(line, rest) for line, rest in zip(sale.lines, rests, strict=True)]


def _line(line: Line, rest: str) -> LineJson:
    return LineJson(
        label=line.label, quantity=line.quantity, unit_price=line.unit_price, vat_rate=line.rate,
        net=line.net, vat=line.vat, gross=line.gross, sort=line.sort, offered=line.offered, left=rest,
    )  # fmt: skip


def _paid(one: Payment, remains: dict[str, int]) -> PaidJson:
    return PaidJson(
        means=one.means, amount=one.amount, given=one.given, asset=one.asset, name=one.name, host=one.host,
        left=remains.get(one.asset),
    )  # fmt: skip
