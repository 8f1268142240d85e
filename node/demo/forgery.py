"""What an attacker would try on the village: a forged, a replayed and a tampered message."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from config.settings import load_settings
from federation.keys import KeyRing, new_pair, open_keys
from federation.proofs import prove
from federation.signatures import rfc9421
from federation.signatures.message import Headers, Message
from kit.ids import new_id
from node.demo.asking import send
from node.demo.village import DemoNode, DemoTrouble

ACCEPTED = 202
TYPE = ("Content-Type", "application/activity+json")


def forged(victim: DemoNode, target: DemoNode) -> int:
    """A deletion in the victim's name, signed with keys of the attacker's own. Returns the status."""
    ring = KeyRing(new_pair(datetime.now(UTC)))
    return _post(target, *_deletion(victim, target, ring))


def tampered(victim: DemoNode, target: DemoNode) -> int:
    """The victim's own signed message, with one word changed on the way."""
    body, headers = _update(victim, target, "Une chose vraie")
    return _post(target, body.replace(b"vraie", b"autre"), headers)


def diverted(victim: DemoNode, target: DemoNode) -> int:
    """The victim's signed message to another node, sent again to this one."""
    body, headers = _update(victim, victim, "Une chose vraie")
    return _post(target, body, headers)


def replayed(victim: DemoNode, target: DemoNode) -> int:
    """The victim's signed message, taken on the line and sent a second time. Raises DemoTrouble."""
    body, headers = _signed(_keys_of(victim), victim, target, _greeting(victim))
    first = _post(target, body, headers)
    if first != ACCEPTED:
        raise DemoTrouble(f"{target.name} answered {first} to a true message of {victim.name}")
    return _post(target, body, headers)


ATTACKS: tuple[tuple[str, Callable[[DemoNode, DemoNode], int]], ...] = (
    ("a forged message", forged),
    ("a tampered message", tampered),
    ("a message meant for another", diverted),
    ("a replayed message", replayed),
)


def _greeting(victim: DemoNode) -> dict[str, Any]:
    """A true message that asks for nothing."""
    actor = f"{victim.url}/actor"
    return {
        "type": "View",
        "actor": actor,
        "object": actor,
        "id": f"{victim.url}/activities/{new_id()}",
    }


def _deletion(victim: DemoNode, target: DemoNode, ring: KeyRing) -> tuple[bytes, Headers]:
    actor = f"{victim.url}/actor"
    activity = {
        "type": "Delete",
        "actor": actor,
        "object": actor,
        "id": f"{victim.url}/activities/{new_id()}",
    }
    return _signed(ring, victim, target, activity)


def _update(victim: DemoNode, addressed: DemoNode, name: str) -> tuple[bytes, Headers]:
    """A well-made message of the victim, signed with its true keys for the inbox of `addressed`."""
    actor = f"{victim.url}/actor"
    event: dict[str, Any] = {
        "type": "Event",
        "id": f"{victim.url}/events/{new_id()}",
        "name": name,
        "actor": actor,
    }
    activity = {
        "type": "Create",
        "actor": actor,
        "object": event,
        "id": f"{victim.url}/activities/{new_id()}",
    }
    return _signed(_keys_of(victim), victim, addressed, activity)


def _signed(ring: KeyRing, sender: DemoNode, to: DemoNode, activity: dict[str, Any]) -> tuple[bytes, Headers]:
    actor = f"{sender.url}/actor"
    now = datetime.now(UTC)
    document = {"@context": "https://www.w3.org/ns/activitystreams", **activity}
    body = msgspec.json.encode(prove(document, ring.proof_key(actor), now))
    message = Message("POST", f"{to.url}/inbox", (TYPE,), body)
    return body, (TYPE, *rfc9421.sign(message, ring.http_key(actor), now))


def _keys_of(node: DemoNode) -> KeyRing:
    settings = load_settings(node.config)
    return open_keys(settings.data, settings.secret_key, datetime.now(UTC))


def _post(target: DemoNode, body: bytes, headers: Headers) -> int:
    return send("POST", f"{target.url}/inbox", content=body, headers=list(headers)).status_code
