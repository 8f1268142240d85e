"""Paying at the counter: who pays first, how much of each line, and when the answer is no."""

from datetime import timedelta

import pytest

from tests.wallet.ledger.counter import GIFT, HOURS, LOCAL, NETWORK, OTHER, POINTS, Counter, bill, by, named
from wallet.ledger.shapes import MOST
from wallet.ledger.spending import split


@pytest.fixture
def café() -> Counter:
    return Counter()


def test_vouchers_pay_first_then_local_money_then_the_network(café: Counter) -> None:
    for asset in (NETWORK, OTHER, LOCAL):
        café.give("Camille", 500, asset)
    café.voucher("Camille", 300, "été", 30)
    assert café.pay("Camille", 1000).verdict == "posted"
    left = [café.has("Camille", GIFT, "été"), *(café.has("Camille", one) for one in (OTHER, LOCAL, NETWORK))]
    assert left == [0, 0, 300, 500]


def test_the_voucher_that_ends_first_is_spent_first(café: Counter) -> None:
    café.voucher("Camille", 300, "long", 90)
    café.voucher("Camille", 300, "short", 5)
    café.give("Camille", 300, GIFT, lot="endless")
    café.pay("Camille", 400)
    assert [café.has("Camille", GIFT, lot) for lot in ("short", "long", "endless")] == [0, 200, 300]


def test_a_voucher_that_has_ended_pays_nothing(café: Counter) -> None:
    café.voucher("Camille", 300, "court", 5)
    café.days_later(5)
    receipt = café.pay("Camille", 100)
    assert (receipt.why, receipt.missing) == ("insufficient", 100)


def test_two_passes_pay_in_turn(café: Counter) -> None:
    café.give("Camille", 300)
    café.give("Léo", 500)
    receipt = café.told(bill(by("Camille"), 700, payers=(by("Camille"), by("Léo"))))
    assert [entry.amount for entry in receipt.entries] == [300, 400]
    assert (café.has("Camille"), café.has("Léo")) == (0, 100)


def test_two_passes_pay_each_its_own_amount(café: Counter) -> None:
    """Exactly what was asked of each, or nothing at all."""
    café.give("Camille", 900)
    café.give("Léo", 500)
    both = (by("Camille"), by("Léo"))
    receipt = café.told(bill(by("Camille"), 450, 250, payers=both, amounts=(300, 400)))
    assert [entry.amount for entry in receipt.entries] == [300, 400]
    assert (café.has("Camille"), café.has("Léo")) == (600, 100)
    short = café.told(bill(by("Camille"), 400, payers=both, amounts=(250, 150)))
    assert (short.why, short.missing) == ("insufficient", 50), "Camille pays nothing in Léo's place"
    assert (café.has("Camille"), café.has("Léo")) == (600, 100)


@pytest.mark.parametrize("amounts", [(400,), (200, 100), (400, 0), (500, -100), (200, 100, 100)])
def test_amounts_of_payers_are_the_price(café: Counter, amounts: tuple[int, ...]) -> None:
    for name in ("Camille", "Léo"):
        café.give(name, 900)
    request = bill(by("Camille"), 400, payers=(by("Camille"), by("Léo")), amounts=amounts)
    assert café.told(request).why == "bad_amount"


def test_all_or_nothing(café: Counter) -> None:
    café.give("Camille", 300)
    receipt = café.pay("Camille", 250, 100)
    assert (receipt.verdict, receipt.why, receipt.missing) == ("declined", "insufficient", 50)
    assert café.has("Camille") == 300


@pytest.mark.parametrize("payers", [(), ("Camille", "Camille"), ("Camille", "Léo", "Zoé")])
def test_one_or_two_different_wallets_pay(café: Counter, payers: tuple[str, ...]) -> None:
    café.give("Camille", 300)
    request = bill(by("Camille"), 100, payers=tuple(map(by, payers)))
    assert café.told(request).why == "same_wallet"


@pytest.mark.parametrize("prices", [(), (0,), (0, 0), (500, -100), (MOST, 1)])
def test_a_price_is_a_price(café: Counter, prices: tuple[int, ...]) -> None:
    café.give("Camille", 1000)
    assert café.pay("Camille", *prices).why == "bad_amount"


def test_what_is_free_of_charge_may_stand_on_the_bill(café: Counter) -> None:
    café.give("Camille", 1000)
    receipt = café.pay("Camille", 0, 250)
    assert [(part.line, part.amount) for part in receipt.split] == [(1, 250)]


def test_hours_pay_what_costs_hours_and_nothing_else(café: Counter) -> None:
    café.give("Camille", 120, HOURS)
    café.give("Camille", 1000)
    assert café.pay("Camille", 60, unit=HOURS.id).verdict == "posted"
    assert café.pay("Camille", 90, unit=HOURS.id).why == "insufficient"
    assert café.pay("Camille", 1100).why == "insufficient"
    assert café.pay("Camille", 5, unit=POINTS.id).why == "insufficient"
    assert café.pay("Camille", 5, unit=named("unknown")).why == "asset_unknown"


def test_a_till_may_take_some_currencies_only(café: Counter) -> None:
    café.give("Camille", 500, OTHER)
    café.give("Camille", 500)
    assert café.pay("Camille", 600, accepts=frozenset({LOCAL.id})).missing == 100
    assert café.pay("Camille", 400, accepts=frozenset({LOCAL.id})).verdict == "posted"
    assert café.has("Camille", OTHER) == 500


def test_what_is_set_aside_is_not_spent_twice(café: Counter) -> None:
    café.give("Camille", 500)
    held = café.pay("Camille", 400, until=café.now + timedelta(hours=1))
    assert (held.verdict, held.amount) == ("held", 400)
    assert café.pay("Camille", 200).missing == 100
    assert (café.account("Camille").balance, café.account("Camille").free) == (500, 100)


def test_every_cent_of_every_line_has_a_payer() -> None:
    parts = split([100, 100, 101], [150, 100, 51], first=7)
    assert {entry: sum(part.amount for part in parts if part.entry == entry) for entry in (7, 8, 9)} == {
        7: 150, 8: 100, 9: 51,
    }  # fmt: skip
    assert [sum(part.amount for part in parts if part.line == line) for line in range(3)] == [100, 100, 101]


def test_the_cent_that_remains_goes_to_the_largest() -> None:
    assert [tuple(part) for part in map(_plain, split([1, 2], [2, 1], first=1))] == [
        (0, 1, 1),
        (1, 1, 1),
        (1, 2, 1),
    ]


def _plain(part: object) -> tuple[int, int, int]:
    line, entry, amount = (getattr(part, name) for name in ("line", "entry", "amount"))
    return line, entry, amount


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=30, seconds=1)])
def test_money_is_set_aside_until_a_moment_to_come_thirty_days_ahead_at_most(
    café: Counter, ahead: timedelta
) -> None:
    café.give("Camille", 500)
    assert café.pay("Camille", 400, until=café.now + ahead).why == "bad_until"
    assert café.pay("Camille", 400, until=café.now + timedelta(days=30)).verdict == "held"
