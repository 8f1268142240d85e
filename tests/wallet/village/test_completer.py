"""The completer says again what was not answered, later and later, and never gives up."""

from itertools import pairwise
from random import Random
from uuid import UUID, uuid4

from msgspec import structs

from wallet.between.completer import Completer
from wallet.between.messages import Statement, decode
from wallet.between.shapes import Clearing, Leg, Mirror, Payment

CAFE = "https://cafe.example"
MINUTE, HOUR = 60_000, 3_600_000
NOW = 1_800_000_000_000


def fresh() -> Completer:
    return Completer(Random(1))  # noqa: S311 - spreads repeats, keeps no secret


def sale(**said: object) -> Payment:
    leg = Leg(
        id=uuid4(),
        issuer=CAFE,
        asset="cafe.example/bean",
        currency=uuid4(),
        handle="h_1",
        amount=5,
        ask=b"{}",
    )
    return Payment(id=uuid4(), kind="sale", made=NOW, deadline=NOW + 1_500, legs=(leg,), **said)  # type: ignore[arg-type]


def moments(completer: Completer, payment: Payment, until: int, step: int = 100) -> list[int]:
    """When the payment's leg is asked about, from NOW on."""
    return [at for at in range(NOW, NOW + until, step) if completer.due([payment], [], [], at)]


def test_first_at_once_then_doubled_up_to_a_minute_for_ever() -> None:
    said = moments(fresh(), sale(), 20 * MINUTE)
    waits = [later - sooner for sooner, later in pairwise(said)]
    assert said[0] == NOW
    assert 300 <= waits[0] <= 700
    assert all(sooner < later for sooner, later in pairwise(waits[:6]))
    assert max(waits) <= MINUTE + 100
    assert len(said) > 20


def test_what_is_new_about_a_row_is_due_at_once() -> None:
    completer, payment = fresh(), sale()
    moments(completer, payment, 10 * MINUTE)
    undoing = structs.replace(
        payment, state="undo", legs=(structs.replace(payment.legs[0], state="undoing"),)
    )
    assert len(completer.due([undoing], [], [], NOW + 10 * MINUTE)) == 1
    assert not completer.due([undoing], [], [], NOW + 10 * MINUTE + 1)


def test_a_clock_that_goes_back_delays_nothing() -> None:
    completer, payment = fresh(), sale()
    assert completer.due([payment], [], [], NOW)
    assert completer.due([payment], [], [], NOW - HOUR)
    assert completer.late([payment], NOW - HOUR) == [payment.id]


def test_a_peer_that_answers_again_is_asked_soon() -> None:
    completer, payment = fresh(), sale()
    moments(completer, payment, 10 * MINUTE)
    completer.reached("https://other.example")
    assert not completer.due([payment], [], [], NOW + 10 * MINUTE + 1)
    completer.reached(CAFE)
    assert completer.due([payment], [], [], NOW + 10 * MINUTE + 500)


def test_a_sale_is_late_after_its_deadline_and_a_refund_never() -> None:
    payment = sale()
    completer = fresh()
    assert not completer.late([payment], NOW + 1_499)
    assert completer.late([payment], NOW + 1_500) == [payment.id]
    assert not completer.late([structs.replace(payment, kind="refund")], NOW + HOUR)
    assert not completer.late([structs.replace(payment, state="undo")], NOW + HOUR)


def test_missing_lines_are_asked_for_at_once_and_others_hourly() -> None:
    completer = fresh()
    mirror = Mirror(
        issuer=CAFE, holder="https://barn.example", asset="cafe.example/bean", currency=UUID(int=1)
    )
    assert not completer.due([], [], [mirror], NOW)
    behind = structs.replace(mirror, seen=2)
    ((peer, item),) = completer.due([], [], [behind], NOW + 1)
    assert peer == CAFE
    assert isinstance(decode(item), Statement)
    quiet = structs.replace(mirror, seq=2, seen=2, agreed=2)
    said = [at for at in range(NOW + 2, NOW + 3 * HOUR, 10_000) if completer.due([], [], [quiet], at)]
    assert len(said) == 2


def test_what_is_not_agreed_on_is_told_after_a_minute_until_it_is() -> None:
    completer = fresh()
    mirror = Mirror(
        issuer=CAFE,
        holder="https://barn.example",
        asset="cafe.example/bean",
        currency=UUID(int=1),
        seq=3,
        seen=3,
    )
    said = [at - NOW for at in range(NOW, NOW + 2 * MINUTE, 100) if completer.due([], [], [mirror], at)]
    assert said[0] == MINUTE
    assert len(said) > 3


def test_a_proposal_is_said_until_it_is_answered() -> None:
    completer = fresh()
    clearing = Clearing(
        id=uuid4(),
        peer=CAFE,
        kind="setoff",
        edges=(),
        state="proposed",
        is_ours=True,
        hash="h",
        ask=b"{}",
        made=NOW,
    )
    assert completer.due([], [clearing], [], NOW) == [(CAFE, b"{}")]
    assert not completer.due([], [structs.replace(clearing, state="signed")], [], NOW + HOUR)
    assert not completer.due([], [structs.replace(clearing, is_ours=False)], [], NOW + HOUR)
