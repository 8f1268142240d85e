"""What was sold, by day, product, category, means and VAT rate: a sentence, bars, a table, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from babel.dates import format_date
from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.i18n import Lazy, language, lazy
from kit.sheets import csv_line, harmless
from kit.web import Call, page, read
from sales import journal_words
from sales.bars import Bar, drawn, drawn_under, lines
from sales.catalogue_words import rate_text
from sales.exporting import MARK, euros
from sales.journal.shapes import Sum, Totals
from sales.pages.journal import journal_page
from sales.pages.periods import Period, period_of
from sales.permissions import SEE
from sales.queries.turnover import DayTotals, Sold, joined, sold, turnover_before

TAB = "sales.turnover"
By = Literal["day", "product", "category", "means", "rate"]
BY_NAMES: Final[dict[str, Lazy]] = {
    "day": lazy("By day"),
    "category": lazy("By category"),
    "product": lazy("By product"),
    "means": lazy("By means"),
    "rate": lazy("By VAT rate"),
}
MOST_UPRIGHT = 10
MOST_DAYS = 45
MEANS_PATTERNS = {"pass": "solid", "cash": "hatch", "card_terminal": "dots"}


class Cut(Struct, frozen=True):
    """How the same sums are cut."""

    by: By = "day"


@dataclass(frozen=True)
class Row:
    """One line of the table: words, how often, and cents. `is_open`: it still grows."""

    label: str
    count: int
    amount: int
    net: int | None = None
    vat: int | None = None
    key: str = ""
    is_open: bool = False


@read
def turnover(call: Call, session: Session) -> Response:
    """The figures of some days."""
    by, period = call.query(Cut).by, period_of(call, session)
    found = sold(session, period.since, period.until)
    rows = rows_by(by, found)
    bars = [_bar(by, row) for row in rows]
    upright = by == "day" and len(bars) <= MOST_UPRIGHT
    marks = lines(max((one.value for one in bars), default=0)) if upright else []
    return journal_page(
        call, "sales/turnover.html", period.wrong, chain="real", tab=TAB,
        period=period, by=by, by_names=BY_NAMES, found=found, rows=rows, marks=marks, upright=upright,
        bars=drawn_under(bars, marks[-1]) if upright else drawn(bars),
        before=turnover_before(session, period.since, period.until), best=best_day(found.days),
    )  # fmt: skip


@read
def table(call: Call, session: Session) -> Response:
    """The same figures as a file for a spreadsheet."""
    by, period = call.query(Cut).by, period_of(call, session)
    return csv_answer(f"turnover-{by}-{period.since}-{period.until}.csv", _csv(by, session, period))


def csv_answer(name: str, body: bytes) -> Response:
    """A file to keep, never cached."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(MARK + body, media_type="text/csv; charset=utf-8", headers=headers)


def rows_by(by: By, found: Sold) -> list[Row]:
    """The same sums, cut another way; by day, a day without sales has its line too."""
    if by == "day":
        return _days(found)
    totals = found.totals
    sums = {
        "product": totals.by_product, "category": totals.by_category,
        "means": totals.by_means, "rate": totals.by_rate,
    }[by]  # fmt: skip
    rows = [_row(by, one) for one in sums]
    return rows if by == "rate" else sorted(rows, key=lambda row: -row.amount)


def best_day(days: Sequence[DayTotals]) -> DayTotals | None:
    """The day that sold most, when there is more than one."""
    return max(days, key=lambda one: one.totals.turnover) if len(days) > 1 else None


def _days(found: Sold) -> list[Row]:
    """A line for each day; of a long time, for each month."""
    if (found.until - found.since).days >= MOST_DAYS:
        return _months(found.days)
    told = {one.day: one for one in found.days}
    every = [found.since + timedelta(days=at) for at in range((found.until - found.since).days + 1)]
    return [_day(day, told.get(day)) for day in every]


def _day(day: date, told: DayTotals | None) -> Row:
    totals = told.totals if told else Totals()
    label = format_date(day, "EEE d MMM", locale=language())
    return _total_row(label, totals, day.isoformat(), is_open=bool(told and told.is_open))


def _months(days: Sequence[DayTotals]) -> list[Row]:
    months: dict[date, list[DayTotals]] = {}
    for one in days:
        months.setdefault(one.day.replace(day=1), []).append(one)
    return [
        _total_row(
            format_date(first, "MMMM y", locale=language()), joined(held), f"{first:%Y-%m}",
            is_open=any(one.is_open for one in held),
        )
        for first, held in months.items()
    ]  # fmt: skip


def _total_row(label: str, totals: Totals, key: str, *, is_open: bool) -> Row:
    count = totals.sales
    return Row(label, count, totals.turnover, totals.net, totals.vat, key, is_open)


def _row(by: str, one: Sum) -> Row:
    if by == "means":
        return Row(journal_words.means_of_sum(one), one.count, one.amount, key=one.key)
    label = rate_text(int(one.label)) if by == "rate" else one.label
    return Row(label, one.count, one.amount, one.net, one.vat, one.key)


def _bar(by: str, row: Row) -> Bar:
    if by == "means":
        return Bar(row.label, row.amount, MEANS_PATTERNS.get(row.key.partition(" ")[0], "solid"))
    return Bar(row.label, row.amount, "hatch" if row.is_open else "solid")


def _csv(by: By, session: Session, period: Period) -> bytes:
    """Amounts with a decimal point, in euros; days as 2026-11-21."""
    found = sold(session, period.since, period.until)
    written = [csv_line((by, "key", "count", "amount", "net", "vat"))]
    written += [csv_line(_cells(by, row)) for row in rows_by(by, found)]
    return b"".join(written)


def _cells(by: str, row: Row) -> tuple[Any, ...]:
    label = row.key if by == "day" else row.label
    cents = (row.amount, row.net, row.vat)
    return (
        harmless(label),
        harmless(row.key),
        row.count,
        *("" if one is None else euros(one) for one in cents),
    )


DOORS = (
    page("GET", "/admin/sales/turnover", TAB, turnover, needs=SEE),
    page("GET", "/admin/sales/turnover.csv", "sales.turnover_csv", table, needs=SEE),
)
