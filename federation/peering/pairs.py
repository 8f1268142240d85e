"""The secret of a pair: what this node and one peer can both work out, and nobody else."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from federation.models.peers import ACTIVE, Peer
from federation.multikey import decode_multibase
from federation.peering.terms import X25519_PREFIX, private_half
from federation.standing import Standing, standing_of
from kit.db import Question, shared
from kit.ports import NoPair

_BYTES: Final = 32
_LABEL: Final = "hameau pair 1"
_KEY: Final = Question(select(Peer.pair_key).where(Peer.origin == bindparam("origin")))
_ACTIVE: Final = Question(
    select(Peer.origin, Peer.pair_key).where(Peer.state == ACTIVE).order_by(Peer.origin)
)


class PeerPairs:
    """The port `kit.ports.Pairs`, read from the peers of this node."""

    def secret(self, session: Session, peer: str) -> bytes:
        """32 bytes for this pair, paused or not. Raises NoPair."""
        session.flush()  # asked past the session, which knows what is not written yet
        key = _KEY.value(session, origin=peer)
        return pair_secret(standing_of(session), peer, key or "")

    def secrets(self, session: Session) -> dict[str, bytes]:
        """Those of the active peers, in one question: every tap of a neighbour's card needs them all."""
        return shared(session, PeerPairs, _secrets)

    def peers(self, session: Session) -> Sequence[str]:
        """Origins of the active peers, in order."""
        return session.scalars(select(Peer.origin).where(Peer.state == ACTIVE).order_by(Peer.origin)).all()


def _secrets(session: Session) -> dict[str, bytes]:
    own = standing_of(session)
    found = {}
    session.flush()
    for peer, key in _ACTIVE.rows(session):
        with suppress(NoPair):
            found[peer] = pair_secret(own, peer, key)
    return found


def pair_secret(own: Standing, peer: str, their_key: str) -> bytes:
    """HKDF-SHA-256 (RFC 5869) over X25519 (RFC 7748), with both origins in order. Raises NoPair.

    It lasts as long as both halves do: a node that gets another `secret_key` shares other secrets.
    """
    return _shared(own.secret, own.url, peer, their_key)


@lru_cache(maxsize=1_024)
def _shared(secret: bytes, own: str, peer: str, their_key: str) -> bytes:
    """Kept, since every tap of an unknown card needs one for each peer."""
    try:
        agreed = private_half(secret, peer).exchange(_public(their_key))
    except ValueError as error:  # a point of small order gives nothing secret
        raise NoPair(f"{peer}: {error}") from error
    label = "\n".join((_LABEL, *sorted((own, peer))))
    return HKDF(SHA256(), _BYTES, None, label.encode()).derive(agreed)


def _public(text: str) -> X25519PublicKey:
    """Raises ValueError."""
    raw = decode_multibase(text)
    if not raw.startswith(X25519_PREFIX) or len(raw) != len(X25519_PREFIX) + _BYTES:
        raise ValueError("not an X25519 key")
    return X25519PublicKey.from_public_bytes(raw[len(X25519_PREFIX) :])
