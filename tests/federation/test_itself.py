"""Two nodes that run: one changes its look or its keys, the other one shows it within seconds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.collective import Collective
from federation.actors.keys import TRUSTED
from federation.actors.service import remember_actor
from federation.actors.telling import APART
from federation.keys import open_keys, rotate, save_keys
from federation.keys_acts import change
from federation.models.actors import ActorKey, RemoteActor
from federation.models.follows import Follower
from federation.models.inbox import InboxMessage
from federation.models.outbox import DROPPED, Delivery, OutboxActivity
from federation.models.peers import ACTIVE, Peer
from federation.outbox.sending import send
from kit import clock
from kit.choices import save_choice
from kit.db import Database
from tests.federation.running import SECRET, Running, Stranger, running, wait_for

ASKING = [("Accept", "application/activity+json")]
CAFE = Collective(name="Le Café", accent="#0A5C36", set_up=True)


@pytest.fixture
def there(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Running]:
    """Another node that runs."""
    database = Database(new_database_url(), durable=False)
    with running(database, tmp_path / "there", keys="there") as node:
        yield node
    database.close()


@pytest.fixture
def peered(here: Running, there: Running) -> tuple[Running, Running]:
    """Both are peers and have seen each other's actor."""
    for one, other in ((here, there), (there, here)):
        document = msgspec.json.decode(
            other.ask("GET", "/actor", [("Accept", "application/activity+json")])[2]
        )
        one.app.db.write(lambda session, it=other, said=document: _meet(session, it, said))  # type: ignore[misc]
    return here, there


def test_a_new_look_is_seen_at_the_peer(peered: tuple[Running, Running]) -> None:
    here, there = peered
    here.app.db.write(lambda session: save_choice(session, CAFE))
    wait_for(lambda: _known(there, here).name == "Le Café")
    profile = _known(there, here).profile
    assert profile["vil:accent"] == "#0A5C36"
    assert _inbox(there) == [("Update", "handled")]


def test_a_minute_of_saves_leaves_as_one_or_two(
    peered: tuple[Running, Running],
) -> None:
    here, there = peered
    for number in range(4):
        house = msgspec.structs.replace(CAFE, name=f"Le Café {number}")
        here.app.db.write(lambda session, it=house: save_choice(session, it))  # type: ignore[misc]
    wait_for(lambda: _known(there, here).name == "Le Café 3")
    assert _inbox(there) == [("Update", "handled")]
    here.app.db.write(lambda session: save_choice(session, CAFE))
    with here.app.db.read() as session:
        waits = session.scalars(select(Delivery).where(Delivery.state == "waiting")).one()
        told = session.get_one(OutboxActivity, waits.activity_id)
        assert waits.next_at - told.created_at > APART / 2
        superseded = session.scalars(select(Delivery).where(Delivery.state == DROPPED)).all()
        assert [row.last_error for row in superseded] == ["superseded"] * 3


def test_saved_again_without_a_change_nobody_is_told(peered: tuple[Running, Running]) -> None:
    here, _ = peered
    for _ in range(2):
        here.app.db.write(lambda session: save_choice(session, CAFE))
    assert _told(here) == 1


def test_followers_are_told_and_the_outbox_shows_nothing(here: Running, someone: Stranger) -> None:
    def follow(session: Session) -> None:
        remember_actor(session, someone.document())
        row = Follower(
            actor_uri=someone.actor, follow_id="x", inbox=f"{someone.url}/inbox", since=clock.now()
        )
        session.add(row)

    here.app.db.write(follow)
    here.app.db.write(lambda session: save_choice(session, CAFE))
    wait_for(lambda: someone.inbox)
    told = someone.inbox[0]
    assert (told["type"], told["actor"], told["object"]["id"]) == ("Update", here.actor, here.actor)
    assert told["object"]["name"] == "Le Café"
    shown = msgspec.json.decode(here.ask("GET", "/outbox")[2])
    assert shown["totalItems"] == 0


def test_a_node_that_is_not_set_up_says_nothing(peered: tuple[Running, Running]) -> None:
    here, _ = peered
    here.app.db.write(lambda session: save_choice(session, Collective(name="Essai")))
    assert _told(here) == 0


def test_new_keys_count_at_once_at_both_ends(peered: tuple[Running, Running]) -> None:
    here, there = peered
    here.app.db.write(lambda session: _say(session, here, there, "before"))
    wait_for(lambda: len(_inbox(there)) == 1)
    before = open_keys(here.app.data, SECRET, clock.now())
    told = change(here.app, {})
    after = open_keys(here.app.data, SECRET, clock.now())
    assert told["fingerprint"] == after.current.fingerprint != before.current.fingerprint
    assert [pair.fingerprint for pair in after.former] == [before.current.fingerprint]
    shown = here.ask("GET", "/actor", ASKING)[2].decode()
    assert after.current.ed25519_multibase in shown
    assert f'"{before.current.ed25519_multibase}"' not in shown.partition("vil:rotations")[0]
    wait_for(lambda: _trusted(there, here) == set(after.current.public))
    here.app.db.write(lambda session: _say(session, here, there, "after"))
    wait_for(lambda: len(there.book.seen) == 2)
    assert [one.object["name"] for one in there.book.seen] == ["before", "after"]


def test_what_waits_is_sealed_with_the_new_key(peered: tuple[Running, Running]) -> None:
    here, there = peered
    there.server.should_exit = True
    here.app.db.write(lambda session: _say(session, here, there, "waiting"))
    wait_for(lambda: _attempts(here) > 0)
    change(here.app, {})
    with here.app.db.read() as session:
        assert session.scalars(select(OutboxActivity.sealed)).all() == [None, None]


def test_keys_that_another_process_changed_are_taken_up(here: Running) -> None:
    ring = rotate(open_keys(here.app.data, SECRET, clock.now()), here.actor, clock.now())
    save_keys(here.app.data, SECRET, ring)
    wait_for(lambda: ring.current.ed25519_multibase in here.ask("GET", "/actor", ASKING)[2].decode())


def _meet(session: Session, other: Running, document: dict[str, Any]) -> None:
    remember_actor(session, document)
    row = Peer(
        actor_uri=other.actor, origin=other.url, state=ACTIVE, gives={"agenda": {"mode": "all"}},
        since=clock.now(), pulled_at=clock.now(), pull_etags={},
    )  # fmt: skip
    session.add(row)


def _say(session: Session, here: Running, to: Running, name: str) -> None:
    event = {"type": "Event", "id": f"{here.url}/events/{name}", "name": name}
    activity = {"type": "Create", "actor": here.actor, "object": event}
    send(session, activity, object_id=event["id"], only=[to.actor])


def _known(at: Running, other: Running) -> RemoteActor:
    with at.app.db.read() as session:
        return session.get_one(RemoteActor, other.actor)


def _trusted(at: Running, other: Running) -> set[str]:
    with at.app.db.read() as session:
        query = select(ActorKey.material).where(ActorKey.actor_uri == other.actor, ActorKey.state == TRUSTED)
        return set(session.scalars(query))


def _inbox(at: Running) -> list[tuple[str, str]]:
    with at.app.db.read() as session:
        return [(row.type, row.state) for row in session.scalars(select(InboxMessage))]


def _told(here: Running) -> int:
    with here.app.db.read() as session:
        return len(session.scalars(select(OutboxActivity)).all())


def _attempts(here: Running) -> int:
    with here.app.db.read() as session:
        return sum(session.scalars(select(Delivery.attempts)))
