"""Lanes over real HTTP: one envelope for all that waits, a second sending when the answer is late, and peers
that come and go."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from federation.blocks import block
from federation.models.peers import PAUSED
from kit.db import Database
from tests.federation.running import Running, running, wait_for
from tests.wallet.village.talking import BEAT, Talk, Talker, befriend
from wallet.between.times import HEDGE, TILL
from wallet.federated import hedge
from wallet.federated import lane as lane_rules
from wallet.federated.lane import MOST_WAITING, Counts
from wallet.federated.lanes import Lanes
from wallet.federated.peers import ledger_address

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

Reply = tuple[int, bytes, dict[str, str]]


@pytest.fixture(autouse=True)
def times(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that shortens how long answers may take, in milliseconds: nobody is late by himself here."""

    def shorten(**said: int) -> None:
        for name, ms in said.items():
            monkeypatch.setattr(hedge, name, ms)

    shorten(HEDGE=50_000, TILL=50_000, PATIENCE=100_000)
    return shorten


@pytest.fixture
def lanes(here: Running, talk: Talk) -> Lanes:
    assert talk.lanes is not None
    return talk.lanes


def said_to(peer: Talker, here: Running) -> list[bytes]:
    """Every item that arrived at `peer`, in order of arrival, beats left out."""
    items = [item for body in list(peer.bodies) for item in peer.opens(body, here).items]
    return [item for item in items if item != BEAT]


def counts(lanes: Lanes, peer: Talker) -> Counts:
    return lanes.counts().get(peer.url, Counts())


def test_what_is_told_arrives_and_its_answer_is_heard(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes
) -> None:
    peer.reply = lambda _body: (200, peer.letter(here.url, b"receipt"), {})
    lanes.tell(peer.url, [b"charge"])
    wait_for(lambda: talk.engine.items == [b"receipt"])
    assert said_to(peer, here) == [b"charge"]
    assert talk.engine.heard[0].peer == peer.url


def test_what_is_told_together_shares_an_envelope_and_a_line(
    here: Running, peer: Talker, lanes: Lanes
) -> None:
    items = [str(number).encode() for number in range(1000)]
    lanes.tell(peer.url, items)
    wait_for(lambda: counts(lanes, peer).answered == 2)
    assert len(peer.bodies) == 2
    assert sorted(said_to(peer, here)) == sorted(items)
    for _ in range(20):
        before = len(peer.bodies)
        lanes.tell(peer.url, [b"again"])
        wait_for(lambda at=before: len(peer.bodies) > at)
        wait_for(lambda: counts(lanes, peer).sent == counts(lanes, peer).answered)
    assert len(peer.lines) <= 2


def test_follow_ups_are_sent(here: Running, peer: Talker, talk: Talk, lanes: Lanes) -> None:
    peer.reply = lambda body: (
        200,
        peer.letter(
            here.url, *([b"line 2"] if b"statement" in b"".join(peer.opens(body, here).items) else [b"gap"])
        ),
        {},
    )
    talk.engine.answer = lambda said: [b"statement"] if said.items == (b"gap",) else []
    lanes.tell(peer.url, [b"charge"])
    wait_for(lambda: talk.engine.items == [b"gap", b"line 2"])
    assert said_to(peer, here) == [b"charge", b"statement"]


def test_a_late_answer_gets_one_more_of_the_same_bytes(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes, times: Callable[..., None]
) -> None:
    heard = threading.Event()

    def slowly(_body: bytes) -> Reply:
        if len(peer.bodies) == 1:
            heard.wait(60)
        return 200, peer.letter(here.url, b"receipt"), {}

    times(HEDGE=HEDGE)
    peer.reply = slowly
    began = time.monotonic()
    lanes.tell(peer.url, [b"charge"])
    wait_for(lambda: talk.engine.items == [b"receipt"])
    assert time.monotonic() - began >= HEDGE / 1000
    heard.set()
    time.sleep(0.6)
    assert len(peer.bodies) == 2
    assert peer.bodies[0] == peer.bodies[1]
    assert len(peer.lines) == 2
    assert talk.engine.items == [b"receipt"]
    assert counts(lanes, peer).hedged == 1
    assert lanes.reachable(peer.url)


def test_when_both_are_late_there_is_no_third(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes, times: Callable[..., None]
) -> None:
    has_missed = threading.Event()

    def slowly(_body: bytes) -> Reply:
        has_missed.wait(60)
        return 200, peer.letter(here.url, b"receipt"), {}

    times(HEDGE=HEDGE, TILL=TILL)
    peer.reply = slowly
    lanes.tell(peer.url, [b"charge"])
    wait_for(lambda: counts(lanes, peer).missed == 1 and len(peer.bodies) == 2)
    has_missed.set()
    wait_for(lambda: talk.engine.items == [b"receipt"])
    assert len(peer.bodies) == 2
    assert counts(lanes, peer).missed == 1
    assert lanes.reachable(peer.url)


def test_an_answer_in_time_is_asked_for_once(here: Running, peer: Talker, lanes: Lanes) -> None:
    for _ in range(30):
        answered = counts(lanes, peer).answered
        lanes.tell(peer.url, [b"charge"])
        wait_for(lambda at=answered: counts(lanes, peer).answered == at + 1)
    assert len(peer.bodies) == 30
    assert counts(lanes, peer).hedged == 0


def test_duplicate_answers_are_harmless(here: Running, peer: Talker, talk: Talk, lanes: Lanes) -> None:
    """The transport hands over what comes; the same answer twice is the engine's to know by its id."""
    kept = peer.letter(here.url, b"receipt")
    peer.reply = lambda _body: (200, kept, {})
    for _ in range(2):
        heard = len(talk.engine.heard)
        lanes.tell(peer.url, [b"charge"])
        wait_for(lambda at=heard: len(talk.engine.heard) > at)
    assert talk.engine.heard[0] == talk.engine.heard[1]


def test_a_peer_that_is_not_there_is_unreachable_after_two_misses(
    here: Running, peer: Talker, lanes: Lanes
) -> None:
    befriend(here, gone_from(peer))
    gone = "http://127.0.0.1:9"
    began = time.monotonic()
    lanes.tell(gone, [b"one"])
    wait_for(lambda: lanes.counts().get(gone, Counts()).missed == 1)
    assert lanes.reachable(gone)
    lanes.tell(gone, [b"two"])
    wait_for(lambda: not lanes.reachable(gone))
    assert time.monotonic() - began >= lane_rules.APART
    for number in range(50):
        lanes.tell(gone, [str(number).encode()])
    time.sleep(1.3)
    assert lanes.counts()[gone].sent == 2
    assert lanes.reachable(peer.url)


def gone_from(peer: Talker) -> dict[str, object]:
    """The actor document of a node where nobody listens."""
    document = peer.document()
    moved: dict[str, object] = {"id": "http://127.0.0.1:9/actor", "inbox": "http://127.0.0.1:9/inbox"}
    return document | moved


@pytest.mark.parametrize(
    "reply",
    [
        lambda _peer, _here: (503, b"", {}),
        lambda _peer, _here: (200, b"{}", {}),
        lambda _peer, _here: (200, b"", {}),
        lambda _peer, _here: (302, b"", {"location": "http://127.0.0.1:9/"}),
        lambda peer, _here: (200, peer.letter("https://elsewhere.example", b"x"), {}),
        lambda peer, here: (200, peer.letter(here.url, b"x", sender="https://other.example"), {}),
        lambda peer, here: (200, b" " * 300_000 + peer.letter(here.url, b"x"), {}),
    ],
    ids=["busy", "no envelope", "nothing", "redirect", "for another", "by another", "large"],
)
def test_what_is_no_answer_is_a_miss_and_is_not_heard(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes, reply: Callable[[Talker, Running], Reply]
) -> None:
    peer.reply = lambda _body: reply(peer, here)
    lanes.tell(peer.url, [b"one"])
    wait_for(lambda: counts(lanes, peer).missed == 1)
    lanes.tell(peer.url, [b"two"])
    wait_for(lambda: not lanes.reachable(peer.url))
    assert talk.engine.heard == []


def test_a_peer_that_comes_to_our_door_is_looked_for_again(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes
) -> None:
    working, peer.reply = peer.reply, lambda _body: (503, b"", {})
    for number in (1, 2):
        lanes.tell(peer.url, [b"charge"])
        wait_for(lambda at=number: counts(lanes, peer).missed == at)
    assert not lanes.reachable(peer.url)
    lanes.tell(peer.url, [b"cancel"])
    peer.reply = working
    assert peer.says(here, b"I am back")[0] == 200
    wait_for(lambda: lanes.reachable(peer.url))
    assert peer.opens(peer.bodies[-1], here).items == (BEAT, b"cancel")


def test_who_asks_to_wait_gets_the_same_later(here: Running, peer: Talker, talk: Talk, lanes: Lanes) -> None:
    def wait_first(_body: bytes) -> Reply:
        if len(peer.bodies) == 1:
            return 429, b"", {"retry-after": "1"}
        return 200, peer.letter(here.url, b"receipt"), {}

    peer.reply = wait_first
    began = time.monotonic()
    lanes.tell(peer.url, [b"charge"])
    wait_for(lambda: talk.engine.items == [b"receipt"])
    assert time.monotonic() - began >= 0.9
    assert said_to(peer, here) == [b"charge", b"charge"]
    assert lanes.reachable(peer.url)


def test_a_line_that_ended_costs_no_miss(here: Running, peer: Talker, lanes: Lanes) -> None:
    """The peer closed a kept connection just as something was said: the same bytes leave on another one."""

    def hang_up_once(_body: bytes) -> Reply:
        if len(peer.bodies) == 2:
            raise ConnectionError
        return 200, peer.letter(here.url), {}

    peer.reply = hang_up_once
    for number in (1, 2):
        lanes.tell(peer.url, [b"charge"])
        wait_for(lambda at=number: counts(lanes, peer).answered == at)
    assert len(peer.bodies) == 3
    assert peer.bodies[1] == peer.bodies[2]
    assert counts(lanes, peer).missed == 0


def test_nothing_is_sent_to_who_is_no_peer_or_is_blocked(
    here: Running, peer: Talker, stranger: Talker, lanes: Lanes
) -> None:
    here.app.db.write(lambda session: block(session, peer.url))
    for other in (peer, stranger):
        lanes.tell(other.url, [b"charge"])
        wait_for(lambda to=other: not lanes.reachable(to.url))
        assert other.asked == []


def test_a_paused_peer_is_spoken_to(here: Running, stranger: Talker, lanes: Lanes) -> None:
    befriend(here, stranger.document(), PAUSED)
    stranger.reply = lambda _body: (200, stranger.letter(here.url), {})
    lanes.tell(stranger.url, [b"cancel"])
    wait_for(lambda: counts(lanes, stranger).answered == 1)


def test_an_item_that_no_envelope_holds_is_left_out(here: Running, peer: Talker, lanes: Lanes) -> None:
    lanes.tell(peer.url, [b"x" * 300_000, b"charge"])
    wait_for(lambda: counts(lanes, peer).answered == 1)
    assert said_to(peer, here) == [b"charge"]


def test_the_oldest_make_room_while_a_peer_is_away(here: Running, peer: Talker, lanes: Lanes) -> None:
    peer.reply = lambda _body: (429, b"", {"retry-after": "9"})
    lanes.tell(peer.url, [b"first"])
    wait_for(lambda: len(peer.bodies) == 1)
    lanes.tell(peer.url, [str(number).encode() for number in range(MOST_WAITING + 10)])
    wait_for(lambda: counts(lanes, peer).dropped >= 10)


def test_an_engine_that_fails_is_no_fault_of_the_peer(
    here: Running, peer: Talker, talk: Talk, lanes: Lanes
) -> None:
    def break_down(_said: object) -> list[bytes]:
        raise ZeroDivisionError

    talk.engine.answer = break_down
    for number in (1, 2, 3):
        lanes.tell(peer.url, [b"charge"])
        wait_for(lambda at=number: counts(lanes, peer).answered == at)
    assert lanes.reachable(peer.url)
    assert counts(lanes, peer).missed == 0


class TestBeats:
    @pytest.fixture
    def talk(self, monkeypatch: pytest.MonkeyPatch) -> Talk:
        monkeypatch.setattr("wallet.federated.lanes.HEARTBEAT", 100)
        monkeypatch.setattr(lane_rules, "HEARTBEAT", 100)
        return Talk()

    def test_friends_hear_that_we_are_here(self, here: Running, peer: Talker, talk: Talk) -> None:
        talk.friends.append(peer.url)
        wait_for(lambda: len(peer.bodies) >= 6)
        assert {peer.opens(body, here).items for body in peer.bodies} == {(BEAT,)}
        assert len(peer.lines) <= 2, "one line, and another when an answer was late"

    def test_a_friend_is_lost_and_found_by_beats_alone(
        self, here: Running, peer: Talker, talk: Talk, lanes: Lanes
    ) -> None:
        working, peer.reply = peer.reply, lambda _body: (503, b"", {})
        talk.friends.append(peer.url)
        wait_for(lambda: not lanes.reachable(peer.url))
        lanes.tell(peer.url, [b"cancel"])
        peer.reply = working
        wait_for(lambda: lanes.reachable(peer.url))
        assert said_to(peer, here)[-1] == b"cancel"

    def test_whoever_is_no_friend_and_was_not_spoken_to_hears_nothing(
        self, here: Running, peer: Talker
    ) -> None:
        time.sleep(0.4)
        assert peer.asked == []


@pytest.fixture
def there(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Running, Talk]]:
    """A second node."""
    other = Talk()
    database = Database(new_database_url())
    (tmp_path / "there").mkdir()
    with running(database, tmp_path / "there", keys="there", rooms=(other.feature,)) as node:
        yield node, other


def test_two_nodes_talk(here: Running, talk: Talk, lanes: Lanes, there: tuple[Running, Talk]) -> None:
    other, elsewhere = there
    for one, two in ((here, other), (other, here)):
        befriend(one, actor_of(two))
    elsewhere.engine.answer = lambda said: [b"receipt for " + item for item in said.items if item != BEAT]
    for number in range(20):
        lanes.tell(other.url, [f"charge {number}".encode()])
    wait_for(lambda: len(talk.engine.items) == 20)
    assert sorted(talk.engine.items) == sorted(
        f"receipt for charge {number}".encode() for number in range(20)
    )
    assert elsewhere.lanes is not None
    elsewhere.lanes.tell(here.url, [b"beat"])
    wait_for(lambda: b"beat" in talk.engine.items)


def actor_of(node: Running) -> dict[str, object]:
    import json

    found: dict[str, object] = json.loads(
        node.ask("GET", "/actor", [("Accept", "application/activity+json")])[2]
    )
    return found


@pytest.mark.parametrize(
    ("endpoints", "address"),
    [
        ({"vil:ledger": "https://a.example/money"}, "https://a.example/money"),
        (
            {"https://hameau.example/ns/village/1#ledger": "https://a.example/money"},
            "https://a.example/money",
        ),
        ({"vil:ledger": "https://b.example/money"}, "https://a.example/federation/ledger"),
        ({"vil:ledger": 7}, "https://a.example/federation/ledger"),
        ({}, "https://a.example/federation/ledger"),
    ],
)
def test_the_address_of_a_ledger(dialect: str, endpoints: dict[str, object], address: str) -> None:
    assert ledger_address("https://a.example", {"endpoints": endpoints}) == address
