"""The words of a peering: activities as they travel, and what a node shares as it is kept."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.documents.context import activity_context
from federation.multikey import encode_multibase
from federation.reading import id_of
from federation.urls import origin

PEERING: Final = "vil:Peering"
SHARE_EVERYTHING: Final[dict[str, Any]] = {"agenda": {"mode": "all"}}
MODES: Final = ("all", "tags", "none")
MOST_TAGS: Final = 50
LONGEST_TAG: Final = 60
X25519_PREFIX: Final = b"\xec\x01"
"""Multicodec of an X25519 public key."""


def relationship(own: str, other: str, gives: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """What is offered: `own` shares `gives` with `other`."""
    return {
        "type": "Relationship",
        "relationship": PEERING,
        "subject": own,
        "object": other,
        "vil:gives": dict(gives),
        **more,
    }


def activity(kind: str, own: str, other: str, body: Any, **more: Any) -> dict[str, Any]:
    """One activity from `own` to `other` alone."""
    return {"@context": activity_context(), "type": kind, "actor": own, "to": [other], "object": body, **more}


def is_peering_with(body: Mapping[str, Any], sender: str, own: str) -> bool:
    """Whether this is a peering that `sender` proposes to us, and no other pair's."""
    return (
        body.get("relationship") == PEERING
        and id_of(body.get("subject")) == sender
        and id_of(body.get("object")) == own
    )


def shared_of(value: Any) -> dict[str, Any]:
    """What a peer says it shares, reduced to what we understand; anything odd is "none"."""
    agenda = value.get("agenda") if isinstance(value, Mapping) else None
    mode = agenda.get("mode") if isinstance(agenda, Mapping) else "none"
    if not isinstance(agenda, Mapping) or mode not in MODES:
        return {"agenda": {"mode": "none"}}
    return {"agenda": sharing(str(mode), agenda.get("tags"))}


def sharing(mode: str, tags: Any = ()) -> dict[str, Any]:
    """One scope's setting; tags are kept only where they decide."""
    if mode != "tags" or not isinstance(tags, list | tuple):
        return {"mode": mode}
    return {"mode": mode, "tags": [str(tag)[:LONGEST_TAG] for tag in tags[:MOST_TAGS]]}


def pair_key(secret: bytes, other: str) -> str:
    """Our public X25519 key for one pair, as multibase; the private half is derived again when needed."""
    public = private_half(secret, other).public_key()
    return encode_multibase(X25519_PREFIX + public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def private_half(secret: bytes, other: str) -> X25519PrivateKey:
    """Our X25519 key for the pair with the node of `other`, from the secret that makes pair keys."""
    material = HKDF(SHA256(), 32, None, f"peering {origin(other)}".encode()).derive(secret)
    return X25519PrivateKey.from_private_bytes(material)


def short_text(value: Any, longest: int = 200) -> str:
    """A remote text of bounded length, or nothing."""
    return value[:longest] if isinstance(value, str) else ""
