"""Dangers of fetching who a key belongs to."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.keys import KeyRing, rotate
from federation.rotation import ROTATIONS
from federation.signatures.algorithms import SigningKey
from federation.standing import stand, standing_of
from kit import clock
from kit.db import Database
from tests.factories.signers import pair
from tests.federation.conftest import make_villager
from tests.federation.running import Running, Stranger, free_port, running, stranger

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
NOTED = ("rate_mark", "fetch_failure")
"""What a failed fetch leaves: a budget spent, and not to ask again for five minutes."""


def message_from(here: Running, someone: Stranger, key_id: str) -> Any:
    key = SigningKey(key_id, someone.keys.rsa)
    actor = key_id.partition("#")[0]
    return someone.message(here, someone.activity(actor=actor, id=f"{actor}/1"), key=key)


@pytest.mark.parametrize(
    "address",
    [
        *("http://10.0.0.1/actor", "http://169.254.169.254/latest", "https://192.168.1.1/actor"),
        *("https://[::ffff:127.0.0.1]/actor", "https://[64:ff9b::a00:1]/actor", "http://93.184.216.34/actor"),
        *(
            "https://user:word@social.example/actor",
            "https://social.example:22/actor",
            "ftp://social.example/a",
        ),
        *("https://2130706433/actor", "https://0x7f000001/actor", "https://127.1/actor"),
    ],
)
def test_server_side_request_forgery(here: Running, someone: Stranger, address: str) -> None:
    before = here.tables(*NOTED)
    status, name = here.send(message_from(here, someone, f"{address}#main-key"))
    assert (status, name) in {(401, "unknown_key"), (400, "unparsable_signature")}
    assert here.tables(*NOTED) == before
    assert someone.asked == []


class TwoFaced:
    """A name that is a public address and a private one."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def addresses(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return ["93.184.215.14", "10.0.0.7"]

    def close(self) -> None:
        pass


def test_a_name_with_two_faces(db: Database, tmp_path: Path, someone: Stranger) -> None:
    resolver = TwoFaced()
    with running(db, tmp_path, resolver=resolver) as here:
        before = here.tables(*NOTED)
        message = message_from(here, someone, "https://two-faced.example/actor#main-key")
        assert here.send(message) == (401, "unknown_key")
        assert here.tables(*NOTED) == before
    assert resolver.asked == ["two-faced.example"]


@pytest.mark.parametrize("kind", ["endless", "private"])
def test_redirects(here: Running, someone: Stranger, kind: str) -> None:
    before = here.tables(*NOTED)
    someone.documents["/actor"] = f"{someone.url}/1" if kind == "endless" else "http://10.0.0.1/actor"
    for number in range(1, 9):
        someone.documents[f"/{number}"] = f"{someone.url}/{number + 1}"
    assert here.send(someone.message(here, someone.activity())) == (401, "unknown_key")
    assert here.tables(*NOTED) == before
    assert len(someone.asked) == (4 if kind == "endless" else 1)


def test_an_actor_that_is_somebody_else(here: Running, someone: Stranger) -> None:
    before = here.tables(*NOTED)
    someone.documents["/actor"] = someone.document(id=f"{someone.url}/other")
    assert here.send(someone.message(here, someone.activity())) == (401, "unknown_key")
    assert here.tables(*NOTED) == before
    assert someone.asked == [("GET", "/actor"), ("GET", "/other")]


def test_a_document_that_does_not_say_it_is_activitypub(here: Running, someone: Stranger) -> None:
    before = here.tables(*NOTED)
    someone.content_type = "application/json"
    assert here.send(someone.message(here, someone.activity())) == (401, "unknown_key")
    assert here.tables(*NOTED) == before


def test_a_key_that_its_owner_does_not_list(here: Running, someone: Stranger) -> None:
    before = here.tables(*NOTED, "remote_actor", "actor_key")
    activity = someone.activity()
    key = SigningKey(f"{someone.actor}#another-key", someone.keys.rsa)
    assert here.send(someone.message(here, activity, key=key)) == (401, "unknown_key")
    assert here.tables(*NOTED, "remote_actor", "actor_key") == before


def test_a_key_owned_by_somebody_else(here: Running, someone: Stranger) -> None:
    entry = someone.document()["publicKey"] | {"owner": "https://elsewhere.example/actor"}
    someone.documents["/actor"] = someone.document(publicKey=entry)
    before = here.tables(*NOTED, "remote_actor", "actor_key")
    assert here.send(someone.message(here, someone.activity())) == (401, "unknown_key")
    assert here.tables(*NOTED, "remote_actor", "actor_key") == before


def test_a_failed_fetch_is_not_tried_again_at_once(here: Running, someone: Stranger) -> None:
    someone.documents.clear()
    for _ in range(3):
        assert here.send(someone.message(here, someone.activity())) == (401, "unknown_key")
    assert someone.asked == [("GET", "/actor")]


def test_a_node_of_our_file_that_was_starting_is_asked_again_at_once(here: Running) -> None:
    """Its first message may come before its own door is open: nobody answers when its key is fetched."""
    port = free_port()
    with stranger(port=port) as starting:
        letter = starting.message(here, starting.activity())
    declare(here, starting.url)
    assert here.send(letter) == (401, "unknown_key")
    with stranger(port=port) as up:
        assert here.send(up.message(here, up.activity())) == (202, "")
    here.settled()


def declare(here: Running, url: str) -> None:
    """As if the operator's file listed this node."""
    with here.app.db.read() as session:
        standing = standing_of(session)
    stand(here.app.db, replace(standing, declared=frozenset({url})))


def test_a_replaced_key_is_fetched_once_in_five_minutes(here: Running, someone: Stranger) -> None:
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    someone.keys = pair("replaced")
    someone.documents["/actor"] = someone.document()
    forged = KeyRing(pair("forger")).http_key(someone.actor)
    for _ in range(3):
        assert here.send(someone.message(here, someone.activity(), key=forged))[0] == 401
    assert len(someone.asked) == 1
    here.settled()


def test_rotation_after_a_while(here: Running, someone: Stranger) -> None:
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    here.app.db.write(_forget_limits)
    someone.keys = pair("replaced")
    someone.documents["/actor"] = someone.document()
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    assert someone.asked == [("GET", "/actor")] * 2


def test_a_villagers_new_key_waits_for_a_human(here: Running) -> None:
    with stranger("villager-keys") as villager:
        make_villager(here, villager)
        villager.keys = pair("replaced")
        villager.documents["/actor"] = villager.document()
        before = here.tables(*NOTED, "actor_key", "remote_actor")
        activity = villager.proven(villager.activity())
        assert here.send(villager.message(here, activity))[0] == 401
        assert here.tables(*NOTED, "actor_key", "remote_actor") == before
        states = [row[4] for row in here.tables()["actor_key"]]
        assert sorted(states) == ["offered", "offered", "trusted", "trusted"]


def test_a_villagers_new_key_that_the_old_one_signed(here: Running) -> None:
    with stranger("villager-keys") as villager:
        make_villager(here, villager)
        ring = rotate(villager.ring, villager.actor, clock.now())
        villager.keys = ring.current
        villager.documents["/actor"] = villager.document(**{ROTATIONS: list(ring.rotations)})
        activity = villager.proven(villager.activity())
        assert here.send(villager.message(here, activity)) == (202, "")
        here.settled()


def test_the_budget_of_an_origin(here: Running, someone: Stranger) -> None:
    before = here.tables(*NOTED)
    found = set()
    for number in range(70):
        key_id = f"{someone.url}/actors/{number}#main-key"
        found.add(here.send(message_from(here, someone, key_id)))
    assert found == {(401, "unknown_key"), (429, "too_many_requests")}
    assert len(someone.asked) <= 60
    assert here.tables(*NOTED) == before


def _forget_limits(session: Any) -> None:
    from sqlalchemy import text

    session.execute(text("DELETE FROM rate_mark"))
