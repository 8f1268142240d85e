"""Deliveries: at least once, in order, in the style the host reads, and none waits for a dead host."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from federation.follows.service import add_follower
from federation.models.origins import OriginState
from federation.models.outbox import DROPPED, SENT, WAITING, Delivery
from federation.models.peers import Peer
from federation.outbox import send
from federation.signatures import cavage
from federation.signatures.message import Message
from kit import clock
from kit.db import Database
from tests.federation.running import Running, Stranger, free_port, running, stranger, wait_for

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def event(here: Running, number: int = 1, kind: str = "Create") -> dict[str, Any]:
    thing = {"type": "Event", "id": f"{here.url}/events/{number}", "attributedTo": here.actor}
    return {"type": kind, "actor": here.actor, "to": [PUBLIC], "object": thing}


def publish(here: Running, number: int = 1, kind: str = "Create", **how: Any) -> None:
    body, name = event(here, number, kind), f"{here.url}/events/{number}"
    here.app.db.write(lambda session: send(session, body, object_id=name, **how))


def make_follower(here: Running, someone: Stranger) -> None:
    follow = someone.activity("Follow", object=here.actor)
    here.app.db.write(lambda session: _know(session, someone))
    here.app.db.write(lambda session: add_follower(session, here.actor, follow, someone.actor))
    wait_for(lambda: someone.inbox)
    someone.inbox.clear()
    someone.asked.clear()


def _know(session: Any, someone: Stranger) -> None:
    from federation.actors.service import remember_actor

    remember_actor(session, someone.document())


def rows(here: Running, shape: Any = Delivery) -> list[Any]:
    with here.app.db.read() as session:
        return list(session.scalars(select(shape).order_by(*shape.__table__.primary_key)))


def test_an_activity_is_delivered_with_a_proof(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    publish(here)
    wait_for(lambda: someone.inbox)
    got = someone.inbox[0]
    assert got["type"] == "Create"
    assert got["proof"]["verificationMethod"] == f"{here.actor}#ed25519-key"
    wait_for(lambda: all(row.state == SENT for row in rows(here)))
    assert [state.style for state in rows(here, OriginState)] == ["cavage"]


def test_the_other_style_is_tried_once_and_remembered(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [401, 202]
    publish(here)
    wait_for(lambda: len(someone.asked) == 2)
    wait_for(lambda: [state.style for state in rows(here, OriginState)] == ["rfc9421"])
    publish(here, 2)
    wait_for(lambda: len(someone.asked) == 3)
    assert someone.inbox[0] == someone.inbox[1]


def test_messages_about_one_thing_keep_their_order(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [500]
    publish(here)
    for _ in range(5):
        publish(here, kind="Update")
    wait_for(lambda: all(row.state == SENT for row in rows(here)))
    kinds = [one["type"] for one in someone.inbox]
    assert kinds[-5:] == ["Update"] * 5
    assert set(kinds[:-5]) == {"Create"}
    assert [one["id"] for one in someone.inbox[-5:]] == sorted(one["id"] for one in someone.inbox[-5:])


def test_an_older_update_that_nobody_got_is_superseded(here: Running) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    _befriend(here, dead)
    publish(here)
    wait_for(lambda: rows(here)[0].attempts == 1)
    for _ in range(3):
        publish(here, kind="Update", supersede=True)
    states = [(row.state, row.last_error) for row in rows(here)]
    assert states[1:] == [(DROPPED, "superseded"), (DROPPED, "superseded"), (WAITING, "")]


def test_a_dead_host_is_tried_later_and_its_circuit_opens(here: Running, someone: Stranger) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    _befriend(here, dead)
    make_follower(here, someone)
    for number in range(8):
        publish(here, number)
    wait_for(lambda: len(someone.inbox) == 8)
    wait_for(lambda: any(state.open_until for state in rows(here, OriginState)))
    wait_for(
        lambda: all(
            row.next_at > clock.now() + timedelta(minutes=20) for row in rows(here) if row.origin == dead
        )
    )
    assert {row.state for row in rows(here) if row.origin == dead} == {WAITING}


def test_any_message_from_a_host_closes_its_circuit(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [503] * 30
    for number in range(6):
        publish(here, number)
    wait_for(lambda: any(state.open_until for state in rows(here, OriginState)))
    someone.answers.clear()
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    wait_for(lambda: all(row.state == SENT for row in rows(here)))


def test_a_villagers_circuit_is_tried_again_after_a_minute(here: Running, villager: Stranger) -> None:
    villager.answers[:] = [503] * 30
    for number in range(6):
        publish(here, number)
    wait_for(lambda: any(state.open_until for state in rows(here, OriginState)))
    closed = rows(here, OriginState)[0].open_until - clock.now()
    assert closed <= timedelta(minutes=1)


def test_what_was_not_believed_is_sent_again_once_the_other_has_met_us(
    here: Running, someone: Stranger
) -> None:
    make_follower(here, someone)
    someone.answers[:] = [401, 401]
    publish(here)
    wait_for(lambda: rows(here)[-1].attempts == 1)
    here.app.db.write(lambda session: session.execute(update(Delivery).values(next_at=in_an_hour())))
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    wait_for(lambda: rows(here)[-1].state == SENT)
    assert len(someone.inbox) == 3


def in_an_hour() -> datetime:
    return clock.now() + timedelta(hours=1)


def test_a_signed_look_at_the_outbox_is_a_sign_of_life(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [503] * 30
    for number in range(6):
        publish(here, number)
    wait_for(lambda: any(state.open_until for state in rows(here, OriginState)))
    someone.answers.clear()
    here.ask("GET", "/outbox")
    look = Message("GET", f"{here.url}/outbox")
    signed = cavage.sign(look, someone.ring.http_key(someone.actor), clock.now())
    assert here.ask("GET", "/outbox", signed)[0] == 200
    wait_for(lambda: all(row.state == SENT for row in rows(here)))


def test_an_inbox_that_is_gone_ends_the_follow(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [410]
    someone.documents["/actor"] = None
    publish(here)
    wait_for(lambda: rows(here)[-1].state == DROPPED)
    assert rows(here)[-1].last_error == "status 410"


def test_retry_after_and_refusals_for_good(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [422, 422]
    publish(here)
    wait_for(lambda: rows(here)[-1].state == DROPPED)
    assert len(someone.inbox) == 2


def test_a_redirected_post_is_not_sent_elsewhere(here: Running, someone: Stranger) -> None:
    make_follower(here, someone)
    someone.answers[:] = [302, 302]
    publish(here)
    wait_for(lambda: someone.asked and rows(here)[-1].attempts == 1)
    assert {path for _, path in someone.asked} == {"/inbox"}


@pytest.mark.parametrize(
    ("gives", "labels", "gets"),
    [
        ({"mode": "all"}, frozenset(), True),
        ({"mode": "none"}, frozenset({"music"}), False),
        ({"mode": "tags", "tags": ["music"]}, frozenset({"music", "bal"}), True),
        ({"mode": "tags", "tags": ["music"]}, frozenset({"food"}), False),
        ({}, frozenset(), False),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_shared_decides(
    here: Running, villager: Stranger, gives: dict[str, Any], labels: frozenset[str], gets: bool
) -> None:
    def share(session: Any) -> None:
        session.get(Peer, villager.actor).gives = {"agenda": gives}

    here.app.db.write(share)
    publish(here, labels=labels)
    assert len(rows(here)) == int(gets)


def test_a_stop_and_a_start_lose_nothing(database_url: str, tmp_path: Path) -> None:
    with stranger() as someone:
        with running(Database(database_url, durable=False), tmp_path) as here:
            make_follower(here, someone)
            someone.answers[:] = [503] * 50
            publish(here)
            wait_for(lambda: rows(here)[-1].attempts >= 1)
            port = int(here.url.rpartition(":")[2])
        someone.answers.clear()
        someone.inbox.clear()
        with running(Database(database_url, durable=False), tmp_path, port=port):
            wait_for(lambda: someone.inbox)
        assert someone.inbox[0]["type"] == "Create"


def _befriend(here: Running, url: str) -> None:
    from federation.models.follows import Follower

    here.app.db.write(
        lambda session: session.add(
            Follower(actor_uri=f"{url}/actor", follow_id="", inbox=f"{url}/inbox", since=clock.now())
        )
    )
