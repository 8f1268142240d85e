"""Recorded deliveries of a Gancio 1.21: verified, bound to their actor, read; then refused when touched."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from federation.attachments import tags_of
from federation.documents.discovery import APPLICATION, actor_link
from federation.json_guard import check_content_type, read_object
from federation.peer_keys import among, keys_of
from federation.reading import actor_of, is_public, object_of, owner_of, target_of, text_of, time_of, type_of
from federation.refusals import BadSignature, OtherActor, OutsideClock, WrongDigest, WrongHost
from federation.signatures.message import Message
from federation.signatures.verify import STRANGERS, bind, verify_request
from tests.vectors.folder import load

GANCIO = load("captured-gancio-1.21.json")
ACTOR = GANCIO["actor"]["id"]
FIND = among(keys_of(GANCIO["actor"]))
KINDS = ["Accept", "Undo", "Delete", "Update", "Create"]
NUMBERS = range(len(GANCIO["deliveries"]))


def message_of(number: int, *, host: str = "127.0.0.1:4020", **changed: Any) -> Message:
    delivery = GANCIO["deliveries"][number]
    headers = {**delivery["headers"], **changed.pop("headers", {})}
    body = changed.pop("body", delivery["body_text"].encode())
    return Message("POST", f"http://{host}{delivery['path']}", tuple(headers.items()), body)


def date_of(number: int) -> datetime:
    return parsedate_to_datetime(GANCIO["deliveries"][number]["headers"]["Date"])


@pytest.mark.parametrize("number", NUMBERS, ids=KINDS)
def test_delivery_is_verified_and_read(number: int) -> None:
    message = message_of(number)
    verified = verify_request(message, FIND, window=STRANGERS, now=date_of(number))
    assert (verified.actor, verified.style, verified.proof) == (ACTOR, "cavage", "none")
    check_content_type(message.only("content-type"))
    activity = read_object(message.body)
    assert bind(verified, activity) == verified
    assert (type_of(activity), actor_of(activity)) == (KINDS[number], ACTOR)
    assert target_of(activity) is not None


@pytest.mark.parametrize("number", NUMBERS, ids=KINDS)
def test_touched_delivery_is_refused(number: int) -> None:
    now = date_of(number)
    body = GANCIO["deliveries"][number]["body_text"].encode()
    later = (now + timedelta(seconds=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with pytest.raises(WrongDigest):
        verify_request(message_of(number, body=body + b" "), FIND, window=STRANGERS, now=now)
    with pytest.raises(BadSignature):
        verify_request(message_of(number, headers={"Date": later}), FIND, window=STRANGERS, now=now)
    with pytest.raises(WrongHost):
        verify_request(message_of(number, host="other.example"), FIND, window=STRANGERS, now=now)
    with pytest.raises(OutsideClock):
        verify_request(message_of(number), FIND, window=STRANGERS, now=now + timedelta(hours=2))


def test_someone_else_cannot_say_it() -> None:
    verified = verify_request(message_of(0), FIND, window=STRANGERS, now=date_of(0))
    with pytest.raises(OtherActor):
        bind(verified, {"type": "Accept", "actor": "http://127.0.0.1:13120/federation/u/other"})


def test_events_are_read() -> None:
    for number in (3, 4):
        event = object_of(read_object(message_of(number).body))
        assert event is not None
        assert (type_of(event), owner_of(event)) == ("Event", ACTOR)
        assert text_of(event, "name")
        assert time_of(event, "startTime") is not None
        assert is_public(event)
    listed = GANCIO["outbox_page1"]["orderedItems"][0]["object"]
    assert [tag.name for tag in tags_of(listed)] == ["#musique"]


def test_discovery_documents() -> None:
    assert actor_link(GANCIO["webfinger"]) == ACTOR
    assert actor_link(GANCIO["nodeinfo_wellknown"]) == ACTOR
    assert any(link["rel"] == APPLICATION for link in GANCIO["nodeinfo_wellknown"]["links"])
    (key,) = keys_of(GANCIO["actor"]).values()
    assert (key.kind, key.owner) == ("rsa", ACTOR)
