"""What people ask about closings, each case with its sums worked out by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sales.journal.shapes import Sum
from sales.refusals import ClosedAlready, NothingToClose, WrongTotal
from sales.schemas import Outside, TipLine
from tests.factories.money import Till
from tests.sales.counter import EVENING, Bar, Opener
from tests.sales.looking import broken, closed, closings, drawer, entries
from tests.wallet.pockets import load, new_pass

NIGHT = timedelta(hours=5, minutes=48)
"""From EVENING, 21:12 in Paris, to three in the morning."""
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_order(bar: Bar) -> Iterator[None]:
    """Whatever a test did, the journal verifies afterwards."""
    yield
    assert broken(bar.app) == ""


def amounts(rows: tuple[Sum, ...]) -> dict[str, int]:
    return {row.key: row.amount for row in rows}


def test_a_day_with_three_rates(bar: Bar) -> None:
    """Three loaves of 1.01 at 5.5 % are 0.96 and 0.05 each; on one line they would be 2.87 and 0.16."""
    bar.sells("Pain", 101, rate=550)
    bar.sells("Journal", 250, rate=0)
    bar.sell(bar.line("Demi blonde", "2"), *[bar.line("Pain")] * 3, total=903)
    bar.sell(bar.line("Journal"), total=250, paid=(Outside(means="card_terminal", amount=250),))
    said = closed(bar.close())
    totals = said.totals
    assert (said.number, totals.sales, totals.turnover, totals.net, totals.vat) == (1, 2, 1153, 1038, 115)
    rates = {row.key: (row.amount, row.net, row.vat) for row in totals.by_rate}
    assert rates == {"02000": (600, 500, 100), "00550": (303, 288, 15), "00000": (250, 250, 0)}
    assert amounts(totals.by_means) == {"cash": 903, "card_terminal": 250}
    assert amounts(totals.by_operator) == {"E3": 1153}
    assert (said.perpetual, said.year_to_date, said.is_automatic, said.operator) == (1153, 1153, False, "E3")


def test_halves_of_cents_go_nowhere(bar: Bar) -> None:
    """Half a kilo at 3.33 is 1.665: three lines are 3 × 1.67, to the cent, wherever they are added up."""
    bar.sells("Comté", 333, unit="kilogram")
    halves = [bar.line("Comté", "0.5")] * 3
    for wrong in (499, 500):
        with pytest.raises(WrongTotal):
            bar.sell(*halves, total=wrong)
    bar.sell(*halves, total=501)
    totals = bar.x_report()
    assert (totals.turnover, totals.net, totals.vat, totals.cash) == (501, 417, 84, 501)
    assert [(row.amount, row.net, row.vat) for row in totals.by_product] == [(501, 417, 84)]
    bar.take_back(entries(bar.app)[0].id)
    totals = bar.x_report()
    assert (totals.turnover, totals.net, totals.vat, totals.cash) == (0, 0, 0, 0)


def test_a_voucher_over_several_rates_loses_no_cent(bar: Bar, money: Till) -> None:
    """1.00 of vouchers over 3.00 at 20 %, 2.80 at 10 % and a cup's deposit: 0.52 and 0.48, the cup none."""
    card = new_pass(bar.app)
    load(bar.app, money, card, 580, voucher=100)
    lines = (bar.line("Demi blonde"), bar.line("Soupe"), bar.line("Gobelet"))
    sale = bar.sell(*lines, total=680, passes=(card.number,)).entry.sale
    assert sale is not None
    assert [line.offered for line in sale.lines] == [52, 48, 0]
    assert [(line.net, line.vat) for line in sale.lines] == [(207, 41), (211, 21), (100, 0)]
    totals = bar.x_report()
    assert (totals.sold, totals.offered, totals.turnover, totals.net, totals.vat) == (580, 100, 480, 418, 62)


def test_two_points_closed_one_after_the_other_count_nothing_twice(bar: Bar, open_one: Opener) -> None:
    kitchen = open_one("Cuisine", series="B")
    bar.sell(bar.line("Demi blonde"), total=300)
    kitchen.sell(kitchen.line("Soupe", "2"), total=560)
    bar.sell(bar.line("Panaché"), total=250)
    first, second = closed(bar.close()), closed(kitchen.close())
    assert [(one.number, one.totals.turnover) for one in (first, second)] == [(1, 550), (2, 560)]
    assert [amounts(one.totals.by_point) for one in (first, second)] == [
        {bar.point.hex: 550}, {kitchen.point.hex: 560},
    ]  # fmt: skip
    assert (first.perpetual, second.perpetual) == (1110, 1110), "the whole collective's, at both"
    bar.at = EVENING + 30 * DAY
    bar.sell(bar.line("Demi blonde"), total=300)
    (month,) = closings(bar.app, "month")
    assert (month.totals.turnover, month.totals.sales) == (1110, 3)
    assert (month.first, month.last) == (4, 5)


def test_two_in_the_morning_belongs_to_the_day_before(bar: Bar) -> None:
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.at = EVENING + NIGHT + timedelta(minutes=59, seconds=59)  # 03:59:59 in Paris
    bar.sell(bar.line("Panaché"), total=250)
    bar.at += timedelta(seconds=1)
    bar.sell(bar.line("Soupe"), total=280)
    assert [entry.day.isoformat()[-2:] for entry in entries(bar.app)] == ["21", "21", "21", "22"]
    (night,) = closings(bar.app)
    assert (night.totals.turnover, night.day.isoformat(), night.is_automatic) == (550, "2026-11-21", True)
    assert bar.x_report().turnover == 280


def test_a_missing_day_month_and_year_close_before_the_next_sale(bar: Bar, open_one: Opener) -> None:
    kitchen = open_one("Cuisine", series="B")
    for month, day, amount in ((11, 30, 300), (12, 1, 250), (12, 31, 280)):
        bar.at = datetime(2026, month, day, 20, tzinfo=UTC)
        name = {300: "Demi blonde", 250: "Panaché", 280: "Soupe"}[amount]
        bar.sell(bar.line(name), total=amount)
    kitchen.at = datetime(2027, 1, 1, 1, tzinfo=UTC)  # still the last night of the year
    kitchen.sell(kitchen.line("Soupe"), total=280)
    kitchen.at = datetime(2027, 1, 1, 11, tzinfo=UTC)
    kitchen.sell(kitchen.line("Soupe"), total=280)
    told = [(entry.closing.level, entry.closing.number) for entry in entries(bar.app) if entry.closing]
    assert told == [
        ("day", 1), ("month", 1), ("day", 2), ("day", 3), ("day", 4), ("month", 2), ("year", 1),
    ]  # fmt: skip
    months, (year,) = closings(bar.app, "month"), closings(bar.app, "year")
    assert [(one.totals.turnover, one.totals.sales) for one in months] == [(300, 1), (810, 3)]
    assert (year.totals.turnover, year.perpetual, year.year_to_date) == (1110, 1110, 1110)
    new = closed(kitchen.close())
    assert (new.number, new.totals.turnover, new.perpetual, new.year_to_date) == (5, 280, 1390, 280)


def test_without_a_sale_nothing_is_closed_and_no_number_used(bar: Bar) -> None:
    with pytest.raises(NothingToClose):
        bar.close()
    bar.move_cash("float", 5000)
    with pytest.raises(NothingToClose):
        bar.close()
    bar.at += DAY  # the float stays in the drawer for the new day
    bar.sell(bar.line("Demi blonde"), total=300)
    said = closed(bar.close(counted=5300))
    assert (said.number, said.day.isoformat(), drawer(said).expected) == (1, "2026-11-22", 5300)
    with pytest.raises(NothingToClose):
        bar.close()
    assert [one.number for one in closings(bar.app)] == [1]


def test_closing_on_the_next_morning_closes_the_evening(bar: Bar) -> None:
    """The drawer is counted after the night's sleep: what was counted stands in that day's closing."""
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.at = EVENING + timedelta(hours=14)
    said = closed(bar.close(counted=290, left=0))
    assert (said.day.isoformat(), said.is_automatic, drawer(said).difference) == ("2026-11-21", False, -10)
    assert len(closings(bar.app)) == 1


def test_a_month_that_ends_is_closed_after_its_last_day_is(bar: Bar) -> None:
    bar.at = datetime(2026, 11, 30, 20, tzinfo=UTC)
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.at += timedelta(hours=14)
    bar.close(counted=300)
    bar.sell(bar.line("Soupe"), total=280)
    levels = [entry.closing.level for entry in entries(bar.app) if entry.closing]
    assert levels == ["day", "month"]
    assert closings(bar.app, "month")[0].totals.turnover == 300


def late(bar: Bar, at: datetime) -> bool:
    """A sale of `at`, said now by a till that had no line: is it marked?"""
    now = bar.at
    bar.node_at, bar.at = now, at
    link = bar.sell(bar.line("Soupe"), total=280, is_offline=True)
    bar.node_at, bar.at = None, now
    return link.entry.is_late


def test_a_late_sale_counts_in_the_open_period_and_is_marked(bar: Bar) -> None:
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.at = EVENING + DAY
    bar.sell(bar.line("Panaché"), total=250)
    assert late(bar, EVENING + timedelta(hours=1))
    assert not late(bar, EVENING + DAY - timedelta(hours=1))
    bar.close()
    assert [one.totals.turnover for one in closings(bar.app)] == [300, 250 + 2 * 280]


def test_a_late_sale_after_the_closing_opens_no_closed_day_again(bar: Bar) -> None:
    bar.at = datetime(2026, 11, 30, 20, tzinfo=UTC)
    evening = bar.at
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.close()
    bar.at = evening + DAY
    assert late(bar, evening - timedelta(hours=1)), "its day was closed"
    bar.close()
    bar.at = evening + 32 * DAY
    bar.sell(bar.line("Demi blonde"), total=300)
    assert [one.day.isoformat() for one in closings(bar.app)] == ["2026-11-30", "2026-12-01"]
    assert [one.totals.turnover for one in closings(bar.app, "month")] == [300, 280]


def test_a_day_sold_wholly_without_a_line_is_that_day(bar: Bar) -> None:
    """Nothing of it was closed: it is no late sale, and gets its own closing before today's."""
    bar.at = EVENING + DAY
    assert not late(bar, EVENING)
    bar.sell(bar.line("Demi blonde"), total=300)
    assert [(one.day.isoformat(), one.totals.turnover) for one in closings(bar.app)] == [("2026-11-21", 280)]


@pytest.mark.parametrize("away", [-timedelta(days=32), timedelta(minutes=6), timedelta(days=4000)])
def test_a_clock_that_cannot_be_believed_does_not_choose_the_day(bar: Bar, away: timedelta) -> None:
    bar.node_at, bar.at = EVENING, EVENING + away
    entry = bar.sell(bar.line("Soupe"), total=280).entry
    assert (entry.has_odd_clock, entry.day.isoformat(), entry.at) == (True, "2026-11-21", EVENING)
    assert entry.stamp is not None
    assert entry.stamp.at == EVENING + away


def test_a_drawer_is_followed_from_one_period_into_the_next(bar: Bar) -> None:
    """100.00 float + 6.00 sold + 20.00 in − 15.00 out = 111.00 expected, 110.50 counted, 80.00 left."""
    bar.move_cash("float", 10_000)
    bar.sell(bar.line("Demi blonde", "3"), total=900)
    wrong = bar.sell(bar.line("Demi blonde"), total=300)
    bar.take_back(wrong.entry.id)
    bar.sell(bar.line("Soupe"), total=280, paid=(Outside(means="cheque", amount=280),))
    bar.move_cash("in", 2_000)
    bar.move_cash("out", 1_500)
    bar.take_back(bar.sell(bar.line("Demi blonde"), total=300).entry.id)
    said = closed(bar.close(counted=11_350, left=8_000))
    there = drawer(said)
    assert (there.opening, there.floats, there.came, there.went) == (0, 10_000, 2_900, -1_500)
    assert (there.expected, there.counted, there.difference, there.left) == (11_400, 11_350, -50, 8_000)
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.at += DAY
    bar.sell(bar.line("Demi blonde"), total=300)
    there = drawer(closings(bar.app)[1])
    assert (there.opening, there.expected, there.difference, there.left) == (
        8_000,
        8_300,
        None,
        8_300,
    )
    said = closed(bar.close())
    assert drawer(said).opening == 8_300


def test_means_are_corrected_until_the_closing(bar: Bar) -> None:
    sale = bar.sell(bar.line("Demi blonde"), total=300).entry.id
    bar.change_means(sale, Outside(means="card_terminal", amount=300))
    bar.change_means(sale, Outside(means="cash", amount=100), Outside(means="cheque", amount=200))
    with pytest.raises(WrongTotal):
        bar.change_means(sale, Outside(means="cash", amount=299))
    said = closed(bar.close())
    assert amounts(said.totals.by_means) == {"cash": 100, "cheque": 200}
    assert (said.totals.cash, said.totals.turnover) == (100, 300)
    with pytest.raises(ClosedAlready):
        bar.change_means(sale, Outside(means="cash", amount=300))
    bar.sell(bar.line("Demi blonde"), total=300)
    with pytest.raises(ClosedAlready):
        bar.change_means(sale, Outside(means="cash", amount=300))


def test_a_void_after_the_closing_counts_in_the_new_period(bar: Bar) -> None:
    sale = bar.sell(bar.line("Demi blonde", "2"), bar.line("Gobelet"), total=700).entry.id
    bar.change_means(sale, Outside(means="card_terminal", amount=700))
    bar.close()
    bar.at += DAY
    bar.take_back(sale)
    said = closed(bar.close(counted=0))
    totals = said.totals
    assert (totals.sales, totals.credit_notes, totals.sold, totals.taken_back) == (0, 1, 0, -600)
    assert (totals.turnover, totals.net, totals.vat, said.perpetual) == (-600, -500, -100, 0)
    assert amounts(totals.by_means) == {"card_terminal": -700}, "given back as it was paid in the end"
    assert (amounts(totals.outside), drawer(said).expected) == ({"deposit": -100}, 0)
    assert closings(bar.app)[0].totals.turnover == 600


def test_what_is_no_turnover_stands_apart(bar: Bar, money: Till) -> None:
    card = new_pass(bar.app)
    lines = (bar.top_up(money.local, 1000, card.number), bar.line("Gobelet"), TipLine(amount=50))
    bar.sell(bar.line("Demi blonde"), *lines, total=1450)
    bar.sell(bar.line("Soupe"), total=280, passes=(card.number,))
    bar.sell(bar.line("Gobelet", "-1"), total=-100)
    said = closed(bar.close())
    totals = said.totals
    assert (totals.turnover, totals.net, totals.vat) == (580, 505, 75)
    assert amounts(totals.outside) == {"deposit": 0, "tip": 50, "top_up": 1000}
    assert (totals.cash, sum(row.amount for row in totals.by_means)) == (1350, 1630)


def test_training_has_its_own_numbers_drawer_and_closings(bar: Bar) -> None:
    bar.sell(bar.line("Demi blonde"), total=300)
    bar.is_training = True
    bar.sell(bar.line("Soupe"), total=280)
    bar.move_cash("float", 5000)
    said = closed(bar.close())
    assert (said.number, said.totals.turnover, said.perpetual, drawer(said).expected) == (1, 280, 280, 5280)
    bar.is_training = False
    said = closed(bar.close())
    assert (said.number, said.totals.turnover, said.perpetual, drawer(said).expected) == (1, 300, 300, 300)
    assert [entry.seq for entry in entries(bar.app, "training")] == [1, 2, 3]
