"""`/api/v1/sales` and `/api/v1/closings`: what the journal holds, as it was sealed.

Amounts are cents; of a sale with a `unit`, and in `units` of a closing, minor units of that currency.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import BadCursor, NotFound
from kit.web import Call, api, read
from kit.web.paging import linked, make_cursor, next_page, read_cursor
from sales.journal.shapes import Closing, Level, Link, Sale, Stamp
from sales.permissions import SEE
from sales.queries import closings as periods
from sales.queries import journal as past
from sales.refusals import NoSuchSale

SALES = frozenset({"sale", "credit_note"})


class SalesQuery(Struct, frozen=True, kw_only=True):
    """Newest first. Days are business days, both included; `training` shows the other chain."""

    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    kind: Literal["sale", "credit_note"] = "sale"
    point: UUID | None = None
    training: bool = False
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=4000)] = ""


class ClosingsQuery(Struct, frozen=True, kw_only=True):
    """Newest first. Days are business days, both included."""

    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    level: Level | None = None
    point: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=4000)] = ""


class SaleJson(Struct, frozen=True):
    """`at` is the node's clock, `stamp.at` the till's. `fingerprint` signs the entry and the one before it.

    `credit_notes` took it back or parts of it, `taken_back_by` is the last one when nothing is left; `refers`
    is the sale that a credit note takes back, and `parts` which of its lines, when it is not over all of it.
    `is_off_list`: sold without a line, it names a product that its point of sale did not have on its list.
    """

    id: UUID
    seq: int
    kind: str
    at: datetime
    day: date
    is_training: bool
    is_late: bool
    refers: UUID | None
    taken_back_by: UUID | None
    credit_notes: list[UUID]
    parts: tuple[int, ...]
    stamp: Stamp
    sale: Sale
    fingerprint: str
    is_off_list: bool = False


class SalesJson(Struct, frozen=True):
    """A page; `next` is the address of the following one. Lines and payments are those of each sale."""

    items: list[SaleJson]
    next: str = ""


class ClosingJson(Struct, frozen=True):
    """A closing as it was sealed; `at` is when."""

    id: UUID
    seq: int
    at: datetime
    closing: Closing
    fingerprint: str


class ClosingsJson(Struct, frozen=True):
    """A page; `next` is the address of the following one."""

    items: list[ClosingJson]
    next: str = ""


@read
def list_sales(call: Call, session: Session) -> Response:
    """Raises BadCursor."""
    asked = call.query(SalesQuery)
    found = past.entries(
        session,
        past.Wanted(
            chain="training" if asked.training else "real", kind=asked.kind, point=asked.point,
            since=_day(asked.first), until=_day(asked.last), before=_before(asked.cursor), limit=asked.limit,
        ),
    )  # fmt: skip
    following = next_page(call, make_cursor([found.next])) if found.next else ""
    return linked(SalesJson([sale_json(session, link) for link in found.rows], following), following)


@read
def get_sale(call: Call, session: Session) -> SaleJson:
    """Raises NoSuchSale."""
    link = past.entry_by_id(session, call.path["id"])
    if link is None or link.entry.kind not in SALES:
        raise NoSuchSale
    return sale_json(session, link)


@read
def list_closings(call: Call, session: Session) -> Response:
    """Raises BadCursor."""
    asked = call.query(ClosingsQuery)
    found = periods.closings(
        session,
        periods.WantedClosings(
            level=asked.level or "", point=asked.point, since=_day(asked.first), until=_day(asked.last),
            before=_before(asked.cursor), limit=asked.limit,
        ),
    )  # fmt: skip
    following = next_page(call, make_cursor([found.next])) if found.next else ""
    return linked(ClosingsJson([closing_json(link) for link in found.rows], following), following)


@read
def get_closing(call: Call, session: Session) -> ClosingJson:
    """Raises NotFound."""
    link = past.entry_by_id(session, call.path["id"])
    if link is None or link.entry.closing is None:
        raise NotFound
    return closing_json(link)


def sale_json(session: Session, link: Link) -> SaleJson:
    """A sale or a credit note. Raises NoSuchSale for any other entry."""
    entry = link.entry
    if entry.sale is None or entry.stamp is None:
        raise NoSuchSale
    notes, is_whole = past.credit_notes_of(session, entry) if entry.kind == "sale" else ([], False)
    return SaleJson(
        id=entry.id, seq=entry.seq, kind=entry.kind, at=entry.at, day=entry.day,
        is_training=entry.chain == "training", is_late=entry.is_late, refers=entry.refers,
        taken_back_by=notes[-1] if is_whole else None, credit_notes=notes, parts=entry.parts,
        stamp=entry.stamp, sale=entry.sale, fingerprint=link.mac, is_off_list=entry.is_off_list,
    )  # fmt: skip


def closing_json(link: Link) -> ClosingJson:
    """A closing. Raises NotFound for any other entry."""
    entry = link.entry
    if entry.closing is None:
        raise NotFound
    return ClosingJson(entry.id, entry.seq, entry.at, entry.closing, link.mac)


def _before(cursor: str) -> int | None:
    return int(read_cursor(cursor, tuple[Annotated[int, Meta(ge=1, le=2**53)]])[0]) if cursor else None


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


GUARD = {"scope": "sales:read", "needs": SEE}
DOORS = (
    api(
        "GET", "/api/v1/sales", "api.sales", list_sales, **GUARD, query=SalesQuery, answer=SalesJson,
        refusals=(BadCursor,), summary="Sales or credit notes, newest first",
    ),
    api(
        "GET", "/api/v1/sales/{id:uuid}", "api.sale", get_sale, **GUARD, answer=SaleJson,
        refusals=(NoSuchSale,), summary="One sale or credit note, with its lines and payments",
    ),
    api(
        "GET", "/api/v1/closings", "api.closings", list_closings, **GUARD, query=ClosingsQuery,
        answer=ClosingsJson, refusals=(BadCursor,), summary="Closings of days, months, years, newest first",
    ),
    api(
        "GET", "/api/v1/closings/{id:uuid}", "api.closing", get_closing, **GUARD, answer=ClosingJson,
        refusals=(NotFound,), summary="One closing, with its sums",
    ),
)  # fmt: skip
