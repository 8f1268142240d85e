"""Dangers of speaking for somebody else: follows, answers, farewells, blocks, what leaks."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from federation.blocks import block
from federation.follows import flows
from federation.follows.queries import followers, followings
from federation.models.follows import ASKED
from federation.models.inbox import InboxMessage
from federation.outbox import send
from tests.federation.running import Running, Stranger, stranger, wait_for

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def follow_of(here: Running, someone: Stranger, **more: object) -> dict[str, object]:
    return someone.activity("Follow", id=f"{someone.url}/follows/1", object=here.actor) | more


def test_follow_is_accepted_and_undone(here: Running, someone: Stranger) -> None:
    follow = follow_of(here, someone)
    assert here.send(someone.message(here, follow)) == (202, "")
    wait_for(lambda: someone.inbox)
    assert someone.inbox[0]["type"] == "Accept"
    assert someone.inbox[0]["object"]["id"] == follow["id"]
    assert [one.actor for one in _read(here, followers)] == [someone.actor]
    undo = someone.activity("Undo", object=follow)
    assert here.send(someone.message(here, undo)) == (202, "")
    here.settled()
    assert _read(here, followers) == []


def test_follow_again_with_a_constant_id(here: Running, someone: Stranger) -> None:
    follow = follow_of(here, someone)
    for number in range(2):
        style = ("rfc9421", "cavage")[number]
        assert here.send(someone.message(here, follow, style=style)) == (202, "")
        wait_for(lambda: _read(here, followers))
        here.settled()
        undo = someone.activity("Undo", object=follow["id"])
        assert here.send(someone.message(here, undo)) == (202, "")
        wait_for(lambda: not _read(here, followers))


def test_nobody_undoes_anothers_follow(here: Running, someone: Stranger) -> None:
    follow = follow_of(here, someone)
    here.send(someone.message(here, follow))
    wait_for(lambda: _read(here, followers))
    with stranger("other") as other:
        for thing in (follow, follow["id"]):
            assert here.send(other.message(here, other.activity("Undo", object=thing))) == (202, "")
        here.settled()
    assert [one.actor for one in _read(here, followers)] == [someone.actor]


def test_an_accept_names_what_was_sent_to_that_very_actor(here: Running, someone: Stranger) -> None:
    followed = here.app.http.from_thread(flows.follow(here.app, someone.actor))
    with stranger("other") as other:
        for sender, follow_id in ((other, followed.follow_id), (someone, f"{here.url}/follows/invented")):
            answer = sender.activity("Accept", object={"type": "Follow", "id": follow_id})
            assert here.send(sender.message(here, answer)) == (202, "")
        here.settled()
    assert [one.state for one in _read(here, followings)] == [ASKED]
    answer = someone.activity("Accept", object={"type": "Follow", "id": followed.follow_id})
    assert here.send(someone.message(here, answer)) == (202, "")
    here.settled()
    assert [one.state for one in _read(here, followings)] == ["accepted"]


def test_an_actor_speaks_for_itself_only(here: Running, someone: Stranger, villager: Stranger) -> None:
    here.send(someone.message(here, follow_of(here, someone)))
    here.settled()
    before = here.tables("inbox_message", "seen_signature")
    for kind in ("Delete", "Update"):
        thing = someone.actor if kind == "Delete" else someone.document(name="Taken over")
        activity = villager.proven(villager.activity(kind, object=thing))
        assert here.send(villager.message(here, activity)) == (202, "")
    here.settled()
    assert here.tables("inbox_message", "seen_signature", "delivery", "origin_state", "outbox_activity") == {
        name: rows
        for name, rows in before.items()
        if name not in {"delivery", "origin_state", "outbox_activity"}
    }


def test_an_actor_that_leaves_is_forgotten(here: Running, someone: Stranger) -> None:
    here.send(someone.message(here, follow_of(here, someone)))
    wait_for(lambda: someone.inbox)
    assert here.send(someone.message(here, someone.activity("Delete", object=someone.actor))) == (202, "")
    here.settled()
    assert _read(here, followers) == []


def test_nothing_of_a_blocked_origin_through_a_third_party(here: Running, villager: Stranger) -> None:
    here.app.db.write(lambda session: block(session, "https://bad.example") and None)
    thing = {"type": "Event", "id": "https://bad.example/events/1", "name": "x"}
    activity = villager.proven(villager.activity("Announce", object=thing))
    assert here.send(villager.message(here, activity)) == (202, "")
    here.settled()
    assert here.book.seen == []


def test_nothing_is_sent_to_a_blocked_origin(here: Running, someone: Stranger) -> None:
    here.send(someone.message(here, follow_of(here, someone)))
    wait_for(lambda: someone.inbox)
    here.app.db.write(lambda session: block(session, someone.url) and None)
    here.app.db.write(lambda session: send(session, _event(here), object_id=f"{here.url}/events/1"))
    assert len(someone.inbox) == 1
    assert _read(here, followers) == []


def test_what_is_for_one_is_in_no_collection(here: Running, villager: Stranger) -> None:
    event = _event(here) | {"to": [PUBLIC]}
    identity = here.app.db.write(
        lambda session: send(session, event, object_id="x", public=False, only=[villager.actor])
    )
    wait_for(lambda: villager.inbox)
    status, _, _ = here.ask("GET", f"/activities/{identity}")
    assert status == 404
    _, _, body = here.ask("GET", "/outbox?page=1")
    assert json.loads(body)["orderedItems"] == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_handler_that_fails_holds_up_nobody(here: Running, someone: Stranger) -> None:
    for wish in ("break", "refuse me", ""):
        thing = {"type": "Event", "id": f"{someone.url}/events/{wish[:1]}", "summary": wish}
        assert here.send(someone.message(here, someone.activity(object=thing))) == (202, "")
    here.settled()
    assert [one.object["summary"] for one in here.book.seen] == [""]
    messages = _read(here, lambda session: session.scalars(select(InboxMessage)))
    states = sorted((one.state, one.reason) for one in messages)
    assert states == [("dropped", "invalid"), ("handled", ""), ("waiting", "ZeroDivisionError")]


def _event(here: Running) -> dict[str, object]:
    thing = {"type": "Event", "id": f"{here.url}/events/1", "attributedTo": here.actor}
    return {"type": "Create", "actor": here.actor, "object": thing}


def _read(here: Running, ask: Any) -> list[Any]:
    with here.app.db.read() as session:
        return list(ask(session))
