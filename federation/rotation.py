"""How a node's keys change hands: a pinned key stays believed until it signs its successors.

The statement is an ordinary document with a proof (FEP-8b32): type `vil:KeyRotation`, `actor`, `published`,
and `vil:keys`, the new public keys as multibase. An actor document carries them all in `vil:rotations`,
oldest first.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation import proofs
from federation.multikey import decode_key
from federation.namespace import VIL
from federation.peer_keys import PeerKey, among, keys_of
from federation.refusals import SignatureRefused
from federation.signatures.algorithms import SigningKey

KIND: Final = "vil:KeyRotation"
ROTATIONS: Final = "vil:rotations"
_KEYS: Final = "vil:keys"
_MOST: Final = 64
_CONTEXT: Final = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v2",
    {"vil": VIL},
]


def fingerprint(keys: Iterable[str]) -> str:
    """What two humans compare: 128 bits over all public keys of an actor (multibase, any order), as eight
    groups of four: `3f9a 22b1 …`."""
    letters = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]
    return " ".join(letters[at : at + 4] for at in range(0, 32, 4))


def state_rotation(old: SigningKey, actor: str, keys: Iterable[str], now: datetime) -> dict[str, Any]:
    """The statement, signed by `old` (Ed25519), that `keys` are the actor's from now on."""
    statement = {
        "@context": _CONTEXT,
        "type": KIND,
        "actor": actor,
        _KEYS: sorted(keys),
        "published": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return proofs.prove(statement, old, now)


def vouches(trusted: Iterable[str], document: Mapping[str, Any], now: datetime) -> bool:
    """Whether the `trusted` keys (multibase) of an actor lead, by signed statements, to every key that its
    `document` lists today. If not, a human compares fingerprints (protocol.md §1)."""
    listed = {key.multibase for key in keys_of(document).values()}
    return bool(listed) and listed <= follow(frozenset(trusted), document, now)


def follow(trusted: frozenset[str], document: Mapping[str, Any], now: datetime) -> frozenset[str]:
    """The keys that `trusted` has come to be, through the statements in an actor document."""
    statements = document.get(ROTATIONS)
    for statement in statements[:_MOST] if isinstance(statements, list) else ():
        if isinstance(statement, dict) and statement.get("actor") == document.get("id"):
            successors = _successors(statement)
            if successors and _is_signed_by(trusted, statement, now):
                trusted = successors
    return trusted


def _successors(statement: Mapping[str, Any]) -> frozenset[str]:
    """The keys of a statement; none unless all can be read and one is an Ed25519 key."""
    keys = statement.get(_KEYS)
    if statement.get("type") != KIND or not isinstance(keys, list) or not 0 < len(keys) <= 16:
        return frozenset()
    try:
        materials = [decode_key(key) for key in keys if isinstance(key, str)]
    except ValueError:
        return frozenset()
    is_whole = len(materials) == len(keys) and any(isinstance(key, Ed25519PublicKey) for key in materials)
    return frozenset(keys) if is_whole else frozenset()


def _is_signed_by(trusted: frozenset[str], statement: Mapping[str, Any], now: datetime) -> bool:
    method = proofs.method_of(statement) or ""
    for text in trusted:
        key = PeerKey(method, str(statement["actor"]), decode_key(text))
        try:
            proofs.verify(statement, among({method: key}), now=now)
        except SignatureRefused:
            continue
        return True
    return False
