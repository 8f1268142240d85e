"""What was sold in some days: closings added up with what is open, so that no old sale is read again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sales.journal.shapes import Totals
from sales.journal.totals import Adding
from sales.models.journal import ClosingRow
from sales.queries.closings import DAY, OpenPeriod, WantedClosings, closings_in_order, open_periods

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayTotals:
    """One business day; `is_open` while a point of sale has not closed it."""

    day: date
    totals: Totals
    is_open: bool


@dataclass(frozen=True)
class Sold:
    """Some days, each with its sums; days without anything are left out."""

    since: date
    until: date
    totals: Totals
    days: Sequence[DayTotals]
    open_now: Sequence[OpenPeriod] = field(default_factory=list)


def sold(session: Session, since: date, until: date) -> Sold:
    """What the closings of these days say, and what is open in them. Both days are included."""
    adding: dict[date, Adding] = defaultdict(Adding)
    wanted = WantedClosings(level=DAY, since=since.isoformat(), until=until.isoformat())
    for link in closings_in_order(session, wanted):
        if link.entry.closing is not None:
            adding[link.entry.closing.day].join(link.entry.closing.totals)
    open_now = [one for one in open_periods(session) if since <= one.day <= until]
    for one in open_now:
        adding[one.day].join(one.totals)
    days = {one.day for one in open_now}
    told = [DayTotals(day, adding[day].told(), day in days) for day in sorted(adding)]
    return Sold(since, until, joined(told), told, open_now)


def joined(days: Sequence[DayTotals]) -> Totals:
    """Several days as one sum."""
    adding = Adding()
    for one in days:
        adding.join(one.totals)
    return adding.told()


def turnover_before(session: Session, since: date, until: date) -> int:
    """The turnover of as many days just before, in cents, as their closings say."""
    first = since - (until - since) - ONE_DAY
    rows = select(func.sum(ClosingRow.turnover)).where(
        ClosingRow.chain == "real", ClosingRow.level == DAY,
        ClosingRow.day >= first.isoformat(), ClosingRow.day < since.isoformat(),
    )  # fmt: skip
    return int(session.scalar(rows) or 0)
