"""Two nodes agree to exchange: offers, answers, what each shares, pause, end; and those who cheat."""

from collections.abc import Callable
from typing import Any

import pytest

from federation.blocks import Blocked, block
from federation.catch_up.reading import given
from federation.models.peers import Peer
from federation.peering import service, terms
from tests.factories.neighbours import Neighbour, carry, says

ALL, NOTHING = terms.SHARE_EVERYTHING, {"agenda": {"mode": "none"}}
MUSIC = {"agenda": {"mode": "tags", "tags": ["music"]}}
Make = Callable[..., Neighbour]


@pytest.fixture
def two(make: Make) -> tuple[Neighbour, Neighbour]:
    """A café and a barn that know each other's address."""
    cafe, barn = make("cafe"), make("barn")
    cafe.knows(barn)
    barn.knows(cafe)
    return cafe, barn


@pytest.fixture
def peers(two: tuple[Neighbour, Neighbour]) -> tuple[Neighbour, Neighbour]:
    """The same, exchanging everything."""
    cafe, barn = two
    cafe.act(service.offer, barn.actor, ALL)
    carry(cafe, barn)
    barn.act(service.accept, cafe.actor, ALL)
    carry(cafe, barn)
    return cafe, barn


def test_an_offer_waits_for_a_human_then_opens_on_both_sides(two: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = two
    cafe.act(service.offer, barn.actor, MUSIC)
    assert carry(cafe, barn) == ["cafe Offer barn"]
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("ours waiting", "theirs waiting")
    barn.act(service.accept, cafe.actor, NOTHING)
    assert carry(cafe, barn) == ["barn Accept cafe"]
    here, there = cafe.find(Peer, barn.actor), barn.find(Peer, cafe.actor)
    assert (here.state, here.gives, here.takes) == ("active", MUSIC, NOTHING)
    assert (there.state, there.gives, there.takes) == ("active", NOTHING, MUSIC)
    assert here.offer_id == there.offer_id
    assert here.pair_key
    assert there.pair_key
    assert here.pair_key != there.pair_key
    assert cafe.heard == [("PeeringOpened", "barn")]
    assert barn.heard == [("PeeringOpened", "cafe")]


def test_asking_again_while_an_offer_waits_sends_nothing(two: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = two
    for _ in range(3):
        cafe.act(service.offer, barn.actor, ALL)
    assert carry(cafe, barn) == ["cafe Offer barn"]


def test_offers_that_cross_open_once(two: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = two
    cafe.act(service.offer, barn.actor, MUSIC)
    barn.act(service.offer, cafe.actor, ALL)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("active", "active")
    assert cafe.find(Peer, barn.actor).takes == ALL
    assert barn.find(Peer, cafe.actor).takes == MUSIC
    assert cafe.heard == [("PeeringOpened", "barn")]
    assert barn.heard == [("PeeringOpened", "cafe")]


def test_a_refusal_is_said_and_the_same_offer_can_be_accepted_later(two: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = two
    cafe.act(service.offer, barn.actor, ALL)
    carry(cafe, barn)
    barn.act(service.refuse, cafe.actor)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("ours refused", "theirs refused")
    barn.act(service.accept, cafe.actor, ALL)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("active", "active")


def test_an_offer_that_was_withdrawn_cannot_be_accepted(two: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = two
    cafe.act(service.offer, barn.actor, ALL)
    carry(cafe, barn)
    cafe.act(service.withdraw, barn.actor)
    carry(cafe, barn)
    assert barn.state_with(cafe) == ""
    with pytest.raises(service.NothingOffered):
        barn.act(service.accept, cafe.actor, ALL)


def test_an_accept_that_names_no_offer_of_ours_changes_nothing(make: Make) -> None:
    cafe, barn, fox = make("cafe"), make("barn"), make("fox")
    cafe.knows(barn, fox)
    sent = cafe.act(service.offer, barn.actor, ALL).offer_id
    body = terms.relationship(fox.actor, cafe.actor, ALL)
    for named in (sent, f"{cafe.url}/offers/never"):
        forged = says(fox, "Accept", {"type": "Offer", "id": named, "actor": cafe.actor}, result=body)
        assert cafe.hears(forged) == "nothing_offered"
    other = says(
        barn, "Accept", {"type": "Offer", "id": sent}, result=terms.relationship(barn.actor, fox.actor, ALL)
    )
    assert cafe.hears(other) == "not_understood"
    assert (cafe.state_with(fox), cafe.state_with(barn)) == ("", "ours waiting")
    assert cafe.heard == []


def test_an_offer_between_two_others_is_not_understood(make: Make) -> None:
    cafe, barn, fox = make("cafe"), make("barn"), make("fox")
    cafe.knows(fox)
    for one, other in ((barn, cafe), (fox, barn)):
        forged = says(fox, "Offer", terms.relationship(one.actor, other.actor, ALL))
        assert cafe.hears(forged) == "not_understood"
    assert cafe.state_with(fox) == ""


def test_listed_by_both_sides_opens_without_a_click(make: Make) -> None:
    cafe, barn = make("cafe", "barn"), make("barn", "cafe")
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("active", "active")


def test_listed_by_one_side_is_an_invitation_on_the_other(make: Make) -> None:
    cafe, barn = make("cafe", "barn"), make("barn")
    cafe.greets(barn)
    barn.knows(cafe)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("ours waiting", "theirs waiting")
    cafe.greets(barn)
    assert carry(cafe, barn) == []


def test_what_is_shared_changes_on_both_sides(peers: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = peers
    cafe.act(service.change, barn.actor, MUSIC)
    carry(cafe, barn)
    assert barn.find(Peer, cafe.actor).takes == MUSIC
    assert barn.heard[-1] == ("PeeringChanged", "cafe")
    assert not cafe.find(Peer, barn.actor).lets_through("agenda", frozenset({"soup"}))


def test_a_pause_counts_on_both_sides_until_both_go_on(peers: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = peers
    cafe.act(service.pause, barn.actor, on=True)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("paused", "paused")
    barn.act(service.pause, cafe.actor, on=True)
    cafe.act(service.pause, barn.actor, on=False)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("paused", "paused")
    barn.db.write(
        lambda session: setattr(session.get(Peer, cafe.actor), "pulled_at", cafe.find(Peer, barn.actor).since)
    )
    barn.act(service.pause, cafe.actor, on=False)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("active", "active")
    assert barn.find(Peer, cafe.actor).pulled_at is None


def test_ending_is_told_and_only_a_human_begins_again(make: Make) -> None:
    cafe, barn = make("cafe", "barn"), make("barn", "cafe")
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    cafe.act(service.end, barn.actor, for_good=True)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("ours stopped", "theirs stopped")
    assert cafe.heard[-1] == ("PeeringClosed", "barn")
    assert barn.heard[-1] == ("PeeringClosed", "cafe")
    cafe.greets(barn)
    barn.greets(cafe)
    assert carry(cafe, barn) == []
    barn.act(service.offer, cafe.actor, ALL)
    carry(cafe, barn)
    assert cafe.state_with(barn) == "ours stopped,theirs waiting"
    cafe.act(service.accept, barn.actor, ALL)
    carry(cafe, barn)
    assert (cafe.state_with(barn), barn.state_with(cafe)) == ("active", "active")


def test_a_stranger_cannot_change_or_end_what_is_between_two_others(make: Make) -> None:
    cafe, barn, fox = make("cafe", "barn"), make("barn", "cafe"), make("fox")
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    peer = cafe.find(Peer, barn.actor)
    change = says(fox, "Update", terms.relationship(barn.actor, cafe.actor, NOTHING))
    mine = says(fox, "Update", terms.relationship(fox.actor, cafe.actor, NOTHING))
    undo = says(fox, "Undo", {"type": "Offer", "id": peer.offer_id, "actor": barn.actor})
    assert [cafe.hears(one) for one in (change, mine, undo)] == [
        "not_understood",
        "not_a_peer",
        "not_understood",
    ]
    cafe.hears(says(fox, "Undo", {"type": "Offer", "id": peer.offer_id, "actor": fox.actor}))
    assert cafe.state_with(barn) == "active"


def test_a_peer_that_lost_its_database_is_a_peer_again(make: Make) -> None:
    cafe, barn = make("cafe", "barn"), make("barn", "cafe")
    cafe.greets(barn)
    barn.greets(cafe)
    carry(cafe, barn)
    cafe.act(service.change, barn.actor, MUSIC)
    cafe.act(service.pause, barn.actor, on=True)
    carry(cafe, barn)
    blank = make("barn", "cafe")
    blank.greets(cafe)
    carry(cafe, blank)
    here, there = cafe.find(Peer, barn.actor), blank.find(Peer, cafe.actor)
    assert (here.state, here.gives) == ("paused", MUSIC)
    assert (there.state, there.takes, there.is_paused_there) == ("paused", MUSIC, True)


def test_a_blocked_node_is_no_peer_and_hears_nothing(peers: tuple[Neighbour, Neighbour]) -> None:
    cafe, barn = peers
    cafe.db.write(lambda session: block(session, barn.url) and None)
    assert cafe.state_with(barn) == "ours stopped"
    assert carry(cafe, barn) == []
    with pytest.raises(Blocked):
        cafe.act(service.offer, barn.actor, ALL)


def test_odd_terms_share_nothing() -> None:
    odd = [None, 3, {"agenda": "all"}, {"agenda": {"mode": "everything"}}, {"agenda": {"mode": ["all"]}}]
    assert [terms.shared_of(one) for one in odd] == [NOTHING] * 5
    many = {"agenda": {"mode": "tags", "tags": ["x" * 500] * 500}}
    kept = terms.shared_of(many)["agenda"]["tags"]
    assert (len(kept), len(kept[0])) == (50, 60)


def test_only_what_is_given_is_kept_of_what_is_pulled() -> None:
    def told(kind: str, *labels: str) -> dict[str, Any]:
        tags = [{"type": "Hashtag", "href": f"https://barn.example/agenda?tag={label}"} for label in labels]
        return {"type": kind, "object": {"type": "Event", "tag": tags}}

    every = [told("Update", "music", "dance"), told("Create", "soup"), told("Update"), told("Delete")]
    assert given(ALL, every) == given({}, every) == every
    assert given(MUSIC, every) == [every[0], every[3]]
    assert given(NOTHING, every) == [every[3]]
    odd: dict[str, Any] = {"type": "Update", "object": {"tag": ["x", {"href": 3}, {"href": "?tag=music"}]}}
    assert given(MUSIC, [odd, {"type": "Update", "object": "https://barn.example/1"}]) == [odd]
