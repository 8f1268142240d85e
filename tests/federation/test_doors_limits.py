"""Dangers of size, shape and number."""

import json
from typing import Any

import pytest

from federation.inbox import flood
from federation.jobs import forget_old
from kit import clock
from kit.web import endpoint
from tests.federation.running import SECRET, Running, Stranger

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def deep(levels: int) -> Any:
    found: Any = "bottom"
    for _ in range(levels):
        found = [found]
    return found


SHAPES = {
    "too_deep": {"deep": deep(40)},
    "too_many_keys": {"many": {str(number): number for number in range(2100)}},
    "text_too_long": {"long": "x" * 70_000},
    "too_many_recipients": {"to": [f"https://a.example/{number}" for number in range(1100)]},
    "number_out_of_range": {"big": 2**60},
    "forbidden_keyword": {"@graph": []},
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_message_of_a_strange_shape(here: Running, villager: Stranger, name: str) -> None:
    before = here.tables()
    message = villager.message(here, villager.activity(**SHAPES[name]))
    assert here.send(message) == (400, name)
    assert here.tables() == before


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'{"type":"Create","type":"Delete"}', "duplicate_key"),
        (b'{"a":NaN}', "number_out_of_range"),
        (b'{"a":"\\ud800"}', "unreadable_json"),
        (b'{"a":"\xff"}', "unreadable_json"),
        (b"[" * 100_000, "too_deep"),
        (b"[]", "unreadable_json"),
        (b"not json", "unreadable_json"),
    ],
)
def test_bytes_that_are_no_message(here: Running, villager: Stranger, raw: bytes, name: str) -> None:
    before = here.tables()
    assert here.send(villager.message(here, None, raw=raw)) == (400, name)
    assert here.tables() == before


def test_contexts_are_never_fetched(here: Running, villager: Stranger) -> None:
    activity = villager.activity() | {"@context": [f"{villager.url}/context"]}
    assert here.send(villager.message(here, villager.proven(activity))) == (202, "")
    here.settled()
    assert "/context" not in {path for _, path in villager.asked}


def test_strangers_write_less_than_villagers(here: Running, villager: Stranger, someone: Stranger) -> None:
    texts = ["x" * 60_000] * 5
    before = here.tables()
    assert here.send(someone.message(here, someone.activity(texts=texts))) == (413, "message_too_large")
    assert here.tables() == before
    assert someone.asked == []
    assert here.send(villager.message(here, villager.proven(villager.activity(texts=texts)))) == (202, "")
    here.settled()
    before = here.tables()
    more = villager.message(here, villager.activity(texts=texts * 4))
    status, _, _ = here.ask("POST", "/inbox", more.headers, more.body)
    assert status == 413
    assert here.tables() == before


def test_a_body_that_never_ends(here: Running, someone: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(endpoint.BODY_SECONDS, "protocol", 0.3)
    before = here.tables()
    message = someone.message(here, someone.activity())
    headers = [*message.headers, ("Content-Length", str(len(message.body) + 10))]
    status, _, body = here.ask("POST", "/inbox", headers, message.body)
    assert (status, json.loads(body)["title"]) == (408, "too slow")
    assert here.tables() == before


def test_too_many_messages_at_once(here: Running, someone: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.inbox.acceptance.STRANGER", flood.Rate(per_second=0.01, burst=3))
    for _ in range(3):
        assert here.send(someone.message(here, someone.activity())) == (202, "")
    here.settled()
    before = here.tables()
    message = someone.message(here, someone.activity())
    status, headers, _ = here.ask("POST", "/inbox", message.headers, message.body)
    assert status == 429
    assert int(headers["retry-after"]) >= 1
    assert here.tables() == before


def test_what_is_kept_of_an_origin_expires(here: Running, someone: Stranger) -> None:
    assert here.send(someone.message(here, someone.activity())) == (202, "")
    here.settled()
    assert {"inbox_message", "seen_signature", "remote_actor", "actor_key"} <= set(here.tables())
    from datetime import timedelta

    later = clock.now() + timedelta(days=40)
    clock.use_clock(lambda: later)
    try:
        here.app.db.write(forget_old)
    finally:
        clock.use_clock(None)
    assert set(here.tables("rate_mark")) == set()


def test_keys_are_kept_encrypted_and_answers_say_nothing(here: Running, someone: Stranger) -> None:
    raw = (here.app.data / "keys.sealed").read_bytes()
    assert b"PRIVATE" not in raw
    assert SECRET.encode() not in raw
    assert (here.app.data / "keys.sealed").stat().st_mode & 0o777 == 0o600
    message = someone.message(here, someone.activity(), kind="text/plain")
    _, _, body = here.ask("POST", "/inbox", message.headers, message.body)
    assert set(json.loads(body)) <= {"type", "title", "status", "detail", "errors"}
    assert someone.url not in body.decode()
