"""One lane and one quota, without a network and with a clock of their own."""

from itertools import count

import pytest

from kit.errors import TooManyRequests
from wallet.between.packing import MOST_ITEMS
from wallet.federated.lane import APART, IN_FLIGHT, MOST_WAITING, Lane
from wallet.federated.quota import BURST, PER_SECOND, Quota

PEER = "https://cafe.example"


def lane_with(*items: bytes) -> Lane:
    lane = Lane(PEER)
    lane.add(items, 0.0)
    return lane


def test_what_waits_shares_one_envelope() -> None:
    lane = lane_with(b"one", b"two", b"three")
    assert lane.delay(0.0) == 0
    assert lane.take(None, 0.0) == [b"one", b"two", b"three"]
    assert lane.delay(0.0) is None


def test_the_same_bytes_wait_once() -> None:
    lane = lane_with(b"one", b"two", b"one")
    lane.add([b"two"], 0.0)
    assert lane.take(None, 0.0) == [b"one", b"two"]


def test_envelopes_are_filled_and_never_overfilled() -> None:
    lane = lane_with(*(str(number).encode() for number in range(MOST_ITEMS + 2)))
    assert len(lane.take(b"beat", 0.0)) == MOST_ITEMS
    assert lane.take(None, 0.0) == [b"511", b"512", b"513"]
    large = lane_with(b"a" * 150_000, b"b" * 150_000)
    assert [len(large.take(None, 0.0)) for _ in range(2)] == [1, 1]


def test_the_oldest_make_room() -> None:
    lane = lane_with(*(str(number).encode() for number in range(MOST_WAITING)))
    assert lane.add([b"new", b"newer"], 0.0)
    assert len(lane.waiting) == MOST_WAITING
    assert not lane.add([b"newest"], 1.0)
    assert lane.take(None, 0.0)[0] == b"3"
    assert lane.counts.dropped == 3


def test_three_are_on_the_way_at_most() -> None:
    lane = lane_with(b"one")
    lane.flying = IN_FLIGHT - 1
    assert lane.delay(0.0) == 0
    lane.flying = IN_FLIGHT
    assert lane.delay(0.0) is None


def test_a_peer_that_missed_is_tried_once_a_second_one_at_a_time() -> None:
    lane = lane_with(b"one")
    lane.take(None, 5.0)
    assert not lane.miss(5.0, 5.1)
    lane.add([b"two"], 5.1)
    assert lane.delay(5.1) == pytest.approx(0.9)
    lane.flying = 1
    assert lane.delay(7.0) is None


def test_two_misses_are_unreachable_and_only_beats_leave() -> None:
    lane = lane_with(b"one")
    lane.take(None, 0.0)
    assert [lane.miss(*times) for times in ((0.0, 1.5), (0.2, 1.7), (APART, 2.5))] == [False] * 3
    assert lane.miss(1.5, 3.0)
    assert not lane.is_reachable
    lane.add([b"two"], 2.0)
    assert lane.delay(100.0) is None
    lane.is_probing = True
    assert lane.delay(100.0) == 0
    assert lane.take(b"beat", 100.0) == [b"beat", b"two"]
    assert lane.delay(200.0) is None
    assert lane.heard(200.0)
    assert lane.is_reachable
    assert not lane.heard(201.0)


def test_an_answer_forgets_the_misses() -> None:
    lane = Lane(PEER)
    for start in count(0, 10):
        lane.miss(start, start)
        lane.heard(start + 1)
        if start > 50:
            break
    assert lane.is_reachable


def test_who_asks_to_wait_is_waited_for_and_nothing_is_lost() -> None:
    lane = lane_with(b"one", b"two")
    group = lane.take(None, 0.0)
    lane.add([b"three"], 0.0)
    lane.give_back(group, 5.0, 1.0)
    assert lane.delay(1.0) == 5.0
    assert lane.delay(6.0) == 0
    assert lane.take(None, 6.0) == [b"one", b"two", b"three"]


def test_no_peer_no_words() -> None:
    lane = lane_with(b"one")
    assert lane.shut()
    assert not lane.shut()
    assert not lane.waiting
    assert not lane.is_reachable


def test_a_quota_comes_back_with_time() -> None:
    now = [0.0]
    quota = Quota(lambda: now[0])
    quota.take("a", BURST)
    with pytest.raises(TooManyRequests) as full:
        quota.take("a", PER_SECOND * 2)
    assert full.value.retry_after == 2
    quota.take("b", BURST)
    now[0] = 1.0
    quota.take("a", PER_SECOND)
    with pytest.raises(TooManyRequests):
        quota.take("a", 1)
