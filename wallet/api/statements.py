"""`/api/v1/statements`: what moved in a period, in a wallet or in the whole node, oldest first."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import BadCursor, Invalid
from kit.i18n import _
from kit.web import Call, api, read
from kit.web.paging import linked, next_page
from wallet.api.reading import number_of
from wallet.api.transfers import StandingJson, standing_json
from wallet.queries.statements import Period, StatementLine, statement

NEXT_DAY = timedelta(days=1)


class StatementQuery(Struct, frozen=True, kw_only=True):
    """Days are those of the collective's zone, both included."""

    first: date | None = field(name="from", default=None)
    last: date | None = field(name="to", default=None)
    wallet: UUID | None = None
    asset: UUID | None = None
    cursor: Annotated[str, Meta(max_length=16)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class StatementLineJson(Struct, frozen=True):
    """`amount` minor units went from `source` to `target`; balances are those after it."""

    number: int
    transfer: UUID
    at: datetime
    kind: str
    amount: int
    asset: UUID
    source: StandingJson
    target: StandingJson
    source_after: int
    target_after: int
    point: str
    labels: list[str]
    reason: str


class StatementList(Struct, frozen=True):
    """A page of lines; `next` is the address of the following one."""

    items: list[StatementLineJson]
    next: str = ""


@read
def list_lines(call: Call, session: Session) -> Response:
    asked = call.query(StatementQuery)
    zone = ZoneInfo(call.collective.timezone)
    period = Period(
        since=_morning(asked.first, zone, "from"),
        until=_morning(asked.last, zone, "to", NEXT_DAY),
        wallet_id=asked.wallet,
        currency_id=asked.asset,
        after=number_of(asked.cursor) or 0,
        most=asked.limit + 1,
    )
    found = statement(session, period)
    shown = found[: asked.limit]
    after = next_page(call, str(shown[-1].entry.number)) if len(found) > asked.limit else ""
    return linked(StatementList([_line(line) for line in shown], after), after)


def _morning(day: date | None, zone: ZoneInfo, name: str, later: timedelta = timedelta()) -> datetime | None:
    """When that day starts. Raises Invalid for days that no clock can tell."""
    if day is None:
        return None
    if not 1970 <= day.year <= 9000:
        raise Invalid(fields={name: _("This number is outside of what is possible.")})
    return datetime.combine(day + later, time(), zone)


def _line(line: StatementLine) -> StatementLineJson:
    entry, memo = line.entry, line.receipt.memo
    return StatementLineJson(
        number=entry.number,
        transfer=line.receipt.id,
        at=line.receipt.at,
        kind=line.receipt.kind,
        amount=entry.amount,
        asset=entry.currency_id,
        source=standing_json(line.source),
        target=standing_json(line.target),
        source_after=entry.debit_after,
        target_after=entry.credit_after,
        point=memo.point,
        labels=[one.label for one in memo.lines],
        reason=memo.reason,
    )


DOORS = (
    api(
        "GET", "/api/v1/statements", "api.statements", list_lines,
        scope="money:read", needs="money.see", query=StatementQuery, answer=StatementList,
        refusals=(BadCursor,), summary="What moved in a period, in a wallet or in the whole node",
    ),
)  # fmt: skip
