"""What comes after a payment: taken, freed, given back, corrected; and the same thing asked twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.wallet.ledger.counter import GIFT, LOCAL, Counter, bill, by, make, named
from wallet.ledger.book import open_book
from wallet.ledger.decide import Conflict, Written, decide
from wallet.ledger.memory import Forbidden
from wallet.ledger.requests import Capture, Load, Merge, Refund, Release, Reverse, Unload
from wallet.ledger.shapes import Place, Transaction


@pytest.fixture
def café() -> Counter:
    """Camille has 10.00 and a voucher of 2.00."""
    opened = Counter()
    opened.give("Camille", 1000)
    opened.voucher("Camille", 200, "été", 30)
    return opened


def held(café: Counter, price: int) -> UUID:
    return café.pay("Camille", price, until=café.now + timedelta(hours=1)).id


def after(café: Counter, form: Any, refers: UUID, **more: Any) -> str:
    return café.say(form, refers=refers, **more)


def test_a_part_is_taken_and_the_rest_is_free(café: Counter) -> None:
    order = held(café, 500)
    assert after(café, Capture, order, amount=150) == "captured"
    assert [café.account("Camille", *lot).held for lot in ((LOCAL, ""), (GIFT, "été"))] == [0, 0]
    assert (café.has("Camille"), café.has("Camille", GIFT, "été")) == (1000, 50)
    assert after(café, Capture, order) == after(café, Release, order) == "already_closed"


def test_all_of_it_is_taken(café: Counter) -> None:
    assert after(café, Capture, held(café, 500)) == "captured"
    assert (café.has("Camille"), café.has("Camille", GIFT, "été")) == (700, 0)


def test_never_more_than_was_set_aside(café: Counter) -> None:
    order = held(café, 500)
    assert after(café, Capture, order, amount=501) == "over_hold"
    assert after(café, Capture, order, amount=0) == "bad_amount"
    assert after(café, Release, order) == "released"
    assert café.account("Camille").free == 1000


def test_only_what_was_set_aside_is_taken_or_freed(café: Counter) -> None:
    paid = café.pay("Camille", 300).id
    assert after(café, Capture, paid) == after(café, Release, paid) == "not_held"
    assert (
        after(café, Capture, named("nothing"))
        == after(café, Refund, named("nothing"))
        == "no_such_transaction"
    )


def test_given_back_to_the_balances_that_paid_the_last_one_first(café: Counter) -> None:
    paid = café.pay("Camille", 500).id
    assert after(café, Refund, paid, amount=100) == "posted"
    assert (café.has("Camille"), café.has("Camille", GIFT, "été")) == (800, 0)
    assert after(café, Refund, paid, amount=300) == "posted"
    assert (café.has("Camille"), café.has("Camille", GIFT, "été")) == (1000, 100)
    assert after(café, Refund, paid, amount=101) == "over_charge"
    assert after(café, Refund, paid, amount=0) == "bad_amount"
    assert after(café, Refund, paid) == "posted"
    assert after(café, Refund, paid) == "nothing_left"
    assert (café.has("Camille"), café.has("Camille", GIFT, "été")) == (1000, 200)


def test_what_was_taken_of_an_order_is_given_back(café: Counter) -> None:
    taken = make(Capture, refers=held(café, 500))
    café.told(taken)
    assert after(café, Refund, taken.id) == "posted"
    assert café.has("Camille") == 1000


def test_a_voucher_comes_back_to_its_lot_even_when_it_has_ended(café: Counter) -> None:
    paid = café.pay("Camille", 150).id
    café.days_later(40)
    assert after(café, Refund, paid) == "posted"
    assert café.has("Camille", GIFT, "été") == 200
    assert café.pay("Camille", 1100).missing == 100


def test_only_spends_are_given_back(café: Counter) -> None:
    order = held(café, 100)
    load = café.told(make(Load, kind="top_up", asset=LOCAL.id, to=by("Léo"), amount=5)).id
    no = café.pay("Camille", 9999).id
    assert {after(café, Refund, one) for one in (order, load, no)} == {"not_refundable"}


def test_a_mistake_is_corrected_once_by_its_opposite(café: Counter) -> None:
    mistake = café.told(make(Load, kind="top_up", asset=LOCAL.id, to=by("Léo"), amount=500)).id
    assert after(café, Reverse, mistake) == "posted"
    assert café.has("Léo") == 0
    assert after(café, Reverse, mistake) == "already_reversed"
    assert after(café, Reverse, named("nothing")) == "no_such_transaction"


def test_a_mistake_that_was_spent_cannot_be_taken_back(café: Counter) -> None:
    mistake = café.told(make(Load, kind="top_up", asset=LOCAL.id, to=by("Léo"), amount=500)).id
    café.pay("Léo", 100)
    assert after(café, Reverse, mistake) == "insufficient"
    assert café.has("Léo") == 400


def test_some_things_have_no_opposite(café: Counter) -> None:
    merged = café.told(make(Merge, source=named("Camille"), target=named("Léo"))).id
    assert after(café, Reverse, merged) == "not_reversible"


def test_a_spend_that_was_given_back_in_part_is_not_corrected(café: Counter) -> None:
    paid = café.pay("Camille", 500).id
    after(café, Refund, paid, amount=100)
    assert after(café, Reverse, paid) == "already_reversed"


def test_a_corrected_spend_has_nothing_left_to_give_back(café: Counter) -> None:
    paid = café.pay("Camille", 500).id
    assert after(café, Reverse, paid) == "posted"
    assert after(café, Refund, paid) == "nothing_left"


def test_cash_given_by_mistake_comes_back(café: Counter) -> None:
    out = make(Unload, asset=LOCAL.id, of=by("Camille"), amount=400)
    café.told(out)
    assert after(café, Reverse, out.id) == "posted"
    assert café.has("Camille") == 1000


def test_asked_twice_in_one_breath_it_is_done_once(café: Counter) -> None:
    request = bill(by("Camille"), 300)
    first, second = café.ask(request, request)
    assert first is second
    other = msgspec.structs.replace(request, content="other")
    assert [type(one) for one in café.ask(request, other)] == [Transaction, Conflict]
    assert café.has("Camille") == 900


def test_later_requests_of_one_breath_see_the_earlier_ones(café: Counter) -> None:
    load = make(Load, kind="top_up", asset=LOCAL.id, to=by("Léo"), amount=500)
    drink = bill(by("Léo"), 400, until=café.now + timedelta(hours=1))
    taken = make(Capture, refers=drink.id)
    back = make(Refund, refers=taken.id, amount=100)
    merge = make(Merge, source=named("Léo"), target=named("Camille"))
    answers = café.ask(load, drink, taken, back, merge)
    verdicts = [one.receipt.verdict for one in answers if isinstance(one, Transaction)]
    assert verdicts == ["posted", "held", "captured", "posted", "posted"]
    assert café.has("Camille") == 1200


def twisted(café: Counter, **changes: Any) -> Written:
    """A decision in which the first entry says something else."""
    request = bill(by("Camille"), 100)
    written = decide(open_book(café.store, [request]), [request], café.now)
    (link,) = written.links
    entry, *rest = link.receipt.entries
    receipt = msgspec.structs.replace(
        link.receipt, entries=(msgspec.structs.replace(entry, **changes), *rest)
    )
    written.links = [msgspec.structs.replace(link, receipt=receipt)]
    return written


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 99},
        {"amount": 0},
        {"amount": 99_999},
        {"asset": named("other").hex},
        {"debit_after": 5},
        {"op": "free", "closes": 1},
    ],
)
def test_memory_refuses_what_the_tables_refuse(café: Counter, changes: dict[str, Any]) -> None:
    before = (café.has("Camille"), len(café.store.chain), len(café.store.entries))
    with pytest.raises(Forbidden):
        café.store.keep(twisted(café, **changes))
    assert (café.has("Camille"), len(café.store.chain), len(café.store.entries)) == before


def test_memory_keeps_nothing_twice(café: Counter) -> None:
    request = bill(by("Camille"), 100)
    written = decide(open_book(café.store, [request]), [request], café.now)
    café.store.keep(written)
    with pytest.raises(Forbidden):
        café.store.keep(written)
    assert Place(LOCAL.id, "sales", "main").account_id in {
        UUID(hex=one.credit) for one in café.store.entries
    } | {Place(LOCAL.id, "sales", "main").account_id}
