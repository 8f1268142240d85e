"""Dangers of the inbox, one by one: each sends real requests and compares every table before and after."""

import json
from datetime import timedelta

import pytest

from federation.blocks import block
from federation.signatures.message import Message
from kit import clock
from tests.federation.running import Running, Stranger

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def test_unsigned_is_401_and_stores_nothing(here: Running, someone: Stranger) -> None:
    before = here.tables()
    body = json.dumps(someone.activity()).encode()
    message = Message("POST", f"{here.url}/inbox", (("Content-Type", "application/activity+json"),), body)
    assert here.send(message) == (401, "unsigned")
    assert here.tables() == before
    assert someone.asked == []


@pytest.mark.parametrize("kind", ["text/html", "application/json", "application/ld+json", ""])
def test_another_content_type_is_415(here: Running, someone: Stranger, kind: str) -> None:
    before = here.tables()
    assert here.send(someone.message(here, someone.activity(), kind=kind)) == (415, "wrong_content_type")
    assert here.tables() == before


@pytest.mark.parametrize(
    "covered", [("@method",), ("@method", "@target-uri"), ("@target-uri", "content-digest"), ("date",)]
)
def test_a_signature_that_leaves_something_out(
    here: Running, villager: Stranger, covered: tuple[str, ...]
) -> None:
    before = here.tables()
    activity = villager.proven(villager.activity())
    if covered == ("date",):
        message = villager.message(here, activity, style="cavage", covered=covered)
    else:
        message = villager.message(here, activity, covered=covered)
    assert here.send(message) == (401, "missing_coverage")
    assert here.tables() == before


def test_a_body_changed_on_the_way(here: Running, villager: Stranger) -> None:
    before = here.tables()
    message = villager.message(here, villager.proven(villager.activity()))
    changed = Message(
        message.method, message.url, message.headers, message.body.replace(b"Concert", b"Conclave")
    )
    assert here.send(changed) == (401, "wrong_digest")
    assert here.tables() == before


def test_a_message_signed_for_another_node(here: Running, villager: Stranger) -> None:
    before = here.tables("rate_mark", "remote_actor")
    activity = villager.proven(villager.activity())
    for style in ("rfc9421", "cavage"):
        message = villager.message(here, activity, style=style, url="http://127.0.0.1:9/inbox")
        status, _ = here.send(message)
        assert status == 401
    assert here.tables("rate_mark", "remote_actor") == before


@pytest.mark.parametrize("name", ["Date", "Digest", "Signature"])
def test_a_covered_header_twice(here: Running, villager: Stranger, name: str) -> None:
    before = here.tables()
    message = villager.message(here, villager.proven(villager.activity()), style="cavage")
    value = dict(message.headers)[name]
    status, refusal = here.send(message.with_headers([(name, value)]))
    assert (status, refusal) == (400, "several_signatures" if name == "Signature" else "duplicate_header")
    assert here.tables() == before


@pytest.mark.parametrize(
    ("minutes", "stranger_may", "villager_may"), [(-70, 0, 0), (-50, 1, 1), (10, 0, 1), (70, 0, 0)]
)
def test_the_clock(
    here: Running, villager: Stranger, someone: Stranger, minutes: int, stranger_may: int, villager_may: int
) -> None:
    at = clock.now() + timedelta(minutes=minutes)
    before = here.tables()
    for sender, may in ((someone, stranger_may), (villager, villager_may)):
        status, name = here.send(sender.message(here, sender.proven(sender.activity()), at=at))
        assert (status, name) == ((202, "") if may else (401, "outside_clock"))
    if not stranger_may and not villager_may:
        assert here.tables() == before
    assert bool(someone.asked) == bool(stranger_may)


def test_a_villager_without_proof_is_refused(here: Running, villager: Stranger) -> None:
    before = here.tables()
    assert here.send(villager.message(here, villager.activity())) == (401, "proof_missing")
    assert here.tables() == before


def test_a_proof_by_somebody_else(here: Running, villager: Stranger, someone: Stranger) -> None:
    before = here.tables("rate_mark", "remote_actor", "actor_key")
    forged = someone.proven(villager.activity())
    status, _ = here.send(villager.message(here, forged))
    assert status == 401
    assert here.tables("rate_mark", "remote_actor", "actor_key") == before


def test_the_signer_and_the_author_are_two(here: Running, villager: Stranger, someone: Stranger) -> None:
    before = here.tables()
    assert here.send(someone.message(here, villager.proven(villager.activity()))) == (401, "other_actor")
    assert here.tables() == before
    assert someone.asked == []


def test_an_activity_id_of_another_host(here: Running, villager: Stranger) -> None:
    before = here.tables()
    activity = villager.activity(id="https://elsewhere.example/activities/1")
    assert here.send(villager.message(here, villager.proven(activity))) == (401, "other_actor")
    assert here.tables() == before


def test_a_blocked_origin_is_refused_before_any_fetch(here: Running, someone: Stranger) -> None:
    here.app.db.write(lambda session: block(session, someone.url) and None)
    before = here.tables()
    assert here.send(someone.message(here, someone.activity())) == (403, "blocked")
    assert here.tables() == before
    assert someone.asked == []


def test_a_farewell_of_somebody_unknown_is_202_without_fetch_or_row(here: Running, someone: Stranger) -> None:
    before = here.tables()
    activity = someone.activity("Delete", object=someone.actor)
    assert here.send(someone.message(here, activity)) == (202, "")
    assert here.tables() == before
    assert someone.asked == []


def test_a_property_that_must_be_understood(here: Running, villager: Stranger) -> None:
    before = here.tables()
    activity = villager.proven(villager.activity() | {"vil:critical": ["vil:escrow"], "vil:escrow": 1})
    assert here.send(villager.message(here, activity)) == (422, "not_understood")
    assert here.tables() == before
