"""What was received in some days, by means and currency: as tills, closings and ledger have it."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, page, read
from sales.pages.journal import journal_page
from sales.pages.periods import period_of
from sales.permissions import SEE
from sales.queries.payments import in_ledger, received
from sales.queries.turnover import sold

TAB = "sales.payments"


@read
def payments(call: Call, session: Session) -> Response:
    """The same sum twice, and what the ledger says of the Passes' part."""
    period = period_of(call, session)
    rows = received(session, period.since, period.until)
    closed = sold(session, period.since, period.until)
    by_key = {one.key: one.amount for one in closed.totals.by_means}
    money = [one for one in rows if one.unit is None]
    return journal_page(
        call, "sales/payments.html", period.wrong, chain="real", tab=TAB, period=period, rows=money,
        apart=[one for one in rows if one.unit is not None],
        by_key=by_key, total=sum(one.amount for one in money), closed=sum(by_key.values()),
        ledger=in_ledger(session, period.moments, rows), open_now=closed.open_now,
    )  # fmt: skip


DOORS = (page("GET", "/admin/sales/payments", TAB, payments, needs=SEE),)
