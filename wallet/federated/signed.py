"""What peers signed, again: every kept item under the key that its peer had."""

from collections.abc import Iterator
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.actors import ActorKey
from federation.multikey import decode_key
from federation.urls import origin
from wallet.between.envelope import BadSignature, Evidence, OtherHash, UnknownKey, check
from wallet.verify.reading import rows

DIGEST: Final = 32
_ITEMS: Final = (
    "SELECT i.n, i.asked, i.body, e.peer, e.addressee, e.kid, e.at, e.hashes, e.root, e.sig "
    "FROM village_item i JOIN village_envelope e ON e.id = i.envelope_id ORDER BY e.id, i.n"
)
_NOTHING: Final = (
    "SELECT e.id FROM village_envelope e LEFT JOIN village_item i ON i.envelope_id = e.id WHERE i.n IS NULL"
)
Keys = dict[tuple[str, str], list[Ed25519PublicKey]]
"""By origin and key id: those of today and those of then."""


def signed(session: Session) -> Iterator[tuple[str, str]]:
    """Each item that a peer signed, and why nobody would believe it ("" when it holds)."""
    keys = _keys(session)
    for row in rows(session, _ITEMS):
        yield f"village_item {row[3]} {row[6]} {row[0]}", _broken(evidence_of(row), keys)
    for _ in rows(session, _NOTHING):
        yield "village_envelope", "what was said in it is not there"


def evidence_of(row: tuple[Any, ...]) -> Evidence:
    """One row of items and envelopes as it was said."""
    _, _, body, peer, addressee, kid, at, hashes, root, sig = row
    links = bytes(hashes)
    parts = tuple(links[start : start + DIGEST] for start in range(0, len(links), DIGEST))
    return Evidence(peer, addressee, kid, at, bytes(body), parts, root, bytes(sig))


def _broken(evidence: Evidence, keys: Keys) -> str:
    def verify(kid: str, said: bytes, sig: bytes) -> bool:
        found = keys.get((evidence.peer, kid))
        if not found:
            raise UnknownKey(kid)
        return any(_holds(key, said, sig) for key in found)

    try:
        check(evidence, verify)
    except OtherHash:
        return "its bytes are not those that were signed"
    except UnknownKey:
        return "its peer has no such key"
    except BadSignature:
        return "its signature does not hold"
    return ""


def _holds(key: Ed25519PublicKey, said: bytes, sig: bytes) -> bool:
    try:
        key.verify(sig, said)
    except InvalidSignature:
        return False
    return True


def _keys(session: Session) -> Keys:
    """Every key that a peer was ever believed by; one that is only offered speaks for nobody."""
    found: Keys = {}
    wanted = select(ActorKey.key_id, ActorKey.actor_uri, ActorKey.material).where(ActorKey.state != "offered")
    for key_id, actor, material in session.execute(wanted):
        key = decode_key(material)
        if isinstance(key, Ed25519PublicKey):
            found.setdefault((origin(actor), key_id), []).append(key)
    return found
