"""What comes into wallets and leaves them again."""

from datetime import timedelta
from typing import Any

import pytest

from tests.wallet.ledger.counter import (
    FOREIGN,
    GIFT,
    HOURS,
    LOCAL,
    POINTS,
    Counter,
    bill,
    by,
    make,
    named,
    tap,
)  # fmt: skip
from wallet.ledger.book import Book
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.requests import Load, Merge, Opening, Sweep, Unload
from wallet.ledger.shapes import MOST, Account, Asset, Place


@pytest.fixture
def café() -> Counter:
    return Counter()


def cash(café: Counter, amount: int, asset: Asset = LOCAL, **more: Any) -> str:
    return café.say(Unload, asset=asset.id, of=by("Camille"), amount=amount, **more)


def test_money_comes_from_the_issuance(café: Counter) -> None:
    assert café.give("Camille", 1000) == "posted"
    issuance = café.store.held[Place(LOCAL.id, "issuance", "main").account_id]
    assert (café.has("Camille"), issuance.balance) == (1000, -1000)


@pytest.mark.parametrize("amount", [0, -1, MOST + 1])
def test_an_amount_is_one(café: Counter, amount: int) -> None:
    assert café.give("Camille", amount) == "bad_amount"
    assert not café.store.held


def test_vouchers_are_given_and_the_rest_is_topped_up(café: Counter) -> None:
    assert café.say(Load, kind="gift", asset=LOCAL.id, to=by("Camille"), amount=5) == "wrong_nature"
    assert café.say(Load, kind="top_up", asset=GIFT.id, to=by("Camille"), amount=5) == "wrong_nature"
    assert café.say(Load, kind="present", asset=GIFT.id, to=by("Camille"), amount=5) == "wrong_nature"
    assert [café.give("Camille", 5, asset) for asset in (HOURS, POINTS)] == ["posted", "posted"]


def test_nobody_gives_what_is_not_theirs_or_archived_or_unknown(café: Counter) -> None:
    café.archive(HOURS)
    assert café.give("Camille", 5, HOURS) == "asset_archived"
    assert café.give("Camille", 5, FOREIGN) == "not_ours"
    assert café.say(Load, kind="top_up", asset=named("?"), to=by("Camille"), amount=5) == "asset_unknown"
    assert café.give("Zoé", 5) == "wallet_unknown"


def test_a_voucher_is_not_given_when_it_has_ended(café: Counter) -> None:
    assert café.voucher("Camille", 500, "hier", 0) == "lot_expired"


def test_a_wallet_has_a_most_over_all_its_lots(café: Counter) -> None:
    café.voucher("Camille", 500, "un", 9)
    request = make(Load, kind="gift", asset=GIFT.id, to=by("Camille"), amount=300, lot="deux", most=700)
    receipt = café.told(request)
    assert (receipt.why, receipt.missing) == ("over_cap", 100)
    assert café.give("Camille", 200, GIFT, lot="deux", most=700) == "posted"


def test_cash_is_for_money_alone(café: Counter) -> None:
    café.give("Camille", 500)
    café.give("Camille", 500, HOURS)
    assert cash(café, 200) == "posted"
    assert cash(café, 200, HOURS) == cash(café, 200, GIFT) == "wrong_nature"
    assert cash(café, 400) == "insufficient"
    assert cash(café, 1, FOREIGN) == "not_ours"


def test_cash_has_a_most_at_once_and_in_a_day(café: Counter) -> None:
    café.give("Camille", 10_000)
    day: dict[str, Any] = {"most": 1000, "since": café.now - timedelta(days=1)}
    assert cash(café, 501, limit=500) == "over_cap"
    assert [cash(café, 500, **day) for _ in range(3)] == ["posted", "posted", "over_cap"]
    café.days_later(2)
    assert cash(café, 500, most=1000, since=café.now - timedelta(days=1)) == "posted"


def test_cash_of_the_same_moment_counts(café: Counter) -> None:
    café.give("Camille", 10_000)
    said = {"asset": LOCAL.id, "of": by("Camille"), "amount": 600, "since": café.now - timedelta(days=1)}
    answers = café.ask(make(Unload, **said), make(Unload, **said, most=1000))
    assert [answer.receipt.why for answer in answers] == ["", "over_cap"]  # type: ignore[union-attr]


def test_balances_from_before_come_from_a_named_account(café: Counter) -> None:
    both = ((named("Camille"), 300), (named("Léo"), 200))
    assert café.say(Opening, asset=LOCAL.id, name="carnet", balances=both) == "posted"
    notebook = café.store.held[Place(LOCAL.id, "opening", "carnet").account_id]
    assert (café.has("Camille"), café.has("Léo"), notebook.balance) == (300, 200, -500)
    strangers = ((named("Zoé"), 5),)
    assert café.say(Opening, asset=LOCAL.id, name="carnet", balances=strangers) == "wallet_unknown"


def test_a_merge_takes_every_lot_and_keeps_its_end(café: Counter) -> None:
    café.give("Camille", 300)
    café.voucher("Camille", 200, "été", 5)
    café.give("Camille", 60, HOURS)
    café.pay("Camille", 60, unit=HOURS.id)
    assert café.say(Merge, source=named("Camille"), target=named("Léo")) == "posted"
    assert (café.has("Léo"), café.has("Léo", GIFT, "été"), café.has("Camille")) == (300, 200, 0)
    café.days_later(6)
    assert café.pay("Léo", 400).missing == 100


def test_a_merge_needs_two_wallets_with_nothing_set_aside(café: Counter) -> None:
    camille, leo = named("Camille"), named("Léo")
    assert café.say(Merge, source=camille, target=camille) == "same_wallet"
    assert café.say(Merge, source=camille, target=named("Zoé")) == "wallet_unknown"
    café.give("Camille", 300)
    café.pay("Camille", 100, until=café.now + timedelta(hours=1))
    assert café.say(Merge, source=camille, target=leo) == "wallet_held"


def test_what_is_left_of_an_ended_voucher_is_swept_once(café: Counter) -> None:
    café.voucher("Camille", 500, "été", 5)
    lot = café.account("Camille", GIFT, "été").id
    assert café.say(Sweep, account=lot) == "not_expired"
    café.days_later(6)
    assert café.say(Sweep, account=lot) == "posted"
    assert café.say(Sweep, account=lot) == "nothing_left"
    assert café.store.held[Place(GIFT.id, "expired", "main").account_id].balance == 500
    assert café.say(Sweep, account=named("nowhere")) == "account_unknown"


def test_a_card_loads_its_wallet_if_it_is_in_use(café: Counter) -> None:
    café.card("Camille", "blue")
    load = {"kind": "top_up", "asset": LOCAL.id, "to": tap("blue"), "amount": 500}
    assert café.say(Load, **load) == "posted"
    for state in ("lost", "blocked", "replaced"):
        café.store.passes[named("blue")].state = state
        assert café.say(Load, **load) == f"card_{state}"
    assert café.say(Load, **{**load, "to": tap("unknown")}) == "card_unknown"
    assert café.has("Camille") == 500


def test_a_chip_proves_each_tap_once(café: Counter) -> None:
    café.card("Camille", "chip", proves=True)
    café.give("Camille", 1000)
    assert café.told(bill(tap("chip"), 100)).why == "card_unproved"
    assert café.told(bill(tap("chip", 7), 100)).verdict == "posted"
    assert café.told(bill(tap("chip", 7), 100)).why == "card_replayed"
    assert café.told(bill(tap("chip", 6), 100)).why == "card_replayed"
    assert café.told(bill(tap("chip", 8), 100)).verdict == "posted"


def test_no_account_passes_what_json_keeps_exact(café: Counter) -> None:
    assert café.give("Camille", MOST) == "posted"
    assert café.give("Camille", 1) == café.give("Léo", 1) == "bad_amount"
    assert café.has("Camille") == MOST


def test_nothing_is_set_aside_that_is_not_there() -> None:
    """Spending asks first what is free; the draft says no all the same."""
    poor, till = (Account(named(name), Place(LOCAL.id, "wallet", name), 0) for name in ("poor", "till"))
    with pytest.raises(Declined, match="insufficient"):
        Draft(Book()).hold(poor, till, 5)
