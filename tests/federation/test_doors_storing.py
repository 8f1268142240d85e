"""What the inbox stores and what it knows already, on both databases."""

from datetime import timedelta

from federation.blocks import block
from kit import clock
from tests.federation.running import Running, Stranger


def test_a_signed_activity_of_a_stranger_is_stored_and_handed_over(here: Running, someone: Stranger) -> None:
    activity = someone.activity()
    for style in ("rfc9421", "cavage"):
        activity = someone.activity()
        assert here.send(someone.message(here, activity, style=style)) == (202, "")
        here.settled()
        assert here.book.seen[-1].activity == activity
    assert [one.actor for one in here.book.seen] == [someone.actor, someone.actor]
    assert here.book.seen[0].relation == "stranger"
    assert someone.asked == [("GET", "/actor")]


def test_the_same_request_again_is_refused(here: Running, villager: Stranger) -> None:
    message = villager.message(here, villager.proven(villager.activity()))
    assert here.send(message) == (202, "")
    here.settled()
    before = here.tables()
    assert here.send(message) == (401, "replayed")
    assert here.tables() == before


def test_the_same_activity_signed_anew_is_accepted_quietly(here: Running, villager: Stranger) -> None:
    activity = villager.proven(villager.activity())
    assert here.send(villager.message(here, activity)) == (202, "")
    here.settled()
    before = here.tables("seen_signature")
    later = clock.now() + timedelta(seconds=2)
    assert here.send(villager.message(here, activity, at=later)) == (202, "")
    assert here.tables("seen_signature") == before
    assert len(here.book.seen) == 1


def test_another_content_under_a_known_id_is_refused(here: Running, villager: Stranger) -> None:
    activity = villager.activity()
    assert here.send(villager.message(here, villager.proven(activity))) == (202, "")
    here.settled()
    before = here.tables()
    forged = villager.proven(activity | {"object": {"type": "Event", "id": f"{villager.url}/events/other"}})
    assert here.send(villager.message(here, forged)) == (409, "content_changed")
    assert here.tables() == before


def test_a_blocked_actor_is_refused(here: Running, villager: Stranger) -> None:
    here.app.db.write(lambda session: block(session, villager.actor) and None)
    before = here.tables()
    assert here.send(villager.message(here, villager.proven(villager.activity()))) == (403, "blocked")
    assert here.tables() == before
