"""The keys of this node: made once, kept encrypted in one file, replaced by a statement the old key signs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from federation import key_file
from federation.multikey import encode_key
from federation.rotation import fingerprint, state_rotation
from federation.signatures.algorithms import SigningKey

FILE: Final = "keys.sealed"
RSA_FRAGMENT: Final = "#main-key"
ED25519_FRAGMENT: Final = "#ed25519-key"


@dataclass(frozen=True, repr=False)
class KeyPair:
    """What a node signs with from `since` on: RSA for strangers' HTTP signatures, Ed25519 for the rest."""

    rsa: RSAPrivateKey
    ed25519: Ed25519PrivateKey
    since: datetime

    @property
    def rsa_pem(self) -> str:
        """Public half, as `publicKeyPem`."""
        return self.rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def ed25519_multibase(self) -> str:
        """Public half, as `publicKeyMultibase`."""
        return encode_key(self.ed25519.public_key())

    @property
    def public(self) -> tuple[str, str]:
        """Both public halves as multibase, for statements and fingerprints."""
        return encode_key(self.rsa.public_key()), self.ed25519_multibase

    @property
    def fingerprint(self) -> str:
        """What two humans compare: eight groups of four letters and digits."""
        return fingerprint(self.public)


@dataclass(frozen=True, repr=False)
class KeyRing:
    """The present pair, the former ones (newest first), and the statements that link them (oldest first)."""

    current: KeyPair
    former: tuple[KeyPair, ...] = ()
    rotations: tuple[dict[str, Any], ...] = ()

    def http_key(self, actor: str) -> SigningKey:
        """RSA, under `#main-key`: what every server knows how to check."""
        return SigningKey(f"{actor}{RSA_FRAGMENT}", self.current.rsa)

    def proof_key(self, actor: str) -> SigningKey:
        """Ed25519, under `#ed25519-key`: proofs, and HTTP towards peers that declared it."""
        return SigningKey(f"{actor}{ED25519_FRAGMENT}", self.current.ed25519)


def new_pair(since: datetime) -> KeyPair:
    """A fresh RSA-2048 and Ed25519 pair; about a tenth of a second."""
    return KeyPair(generate_private_key(65537, 2048), Ed25519PrivateKey.generate(), since)


def open_keys(folder: Path, secret: str, now: datetime) -> KeyRing:
    """The keys in `folder`, made on first use, once even if two processes start together.

    Raises key_file.KeyFileError when `secret` does not open them.
    """
    path = folder / FILE
    if not path.exists():
        key_file.create(path, secret, _to_plain(KeyRing(new_pair(now))))
    return _from_plain(key_file.read(path, secret))


def save_keys(folder: Path, secret: str, ring: KeyRing) -> None:
    """Write the file anew, mode 0600, in one step that a crash cannot halve."""
    key_file.replace(folder / FILE, secret, _to_plain(ring))


def rotate(ring: KeyRing, actor: str, now: datetime) -> KeyRing:
    """A ring with fresh keys, and a statement by the old Ed25519 key about them (protocol.md §1)."""
    fresh = new_pair(now)
    statement = state_rotation(ring.proof_key(actor), actor, fresh.public, now)
    return replace(
        ring,
        current=fresh,
        former=(ring.current, *ring.former),
        rotations=(*ring.rotations, statement),
    )


def _to_plain(ring: KeyRing) -> dict[str, Any]:
    pairs = [_pair_to_plain(pair) for pair in (ring.current, *ring.former)]
    return {"pairs": pairs, "rotations": list(ring.rotations)}


def _from_plain(plain: Mapping[str, Any]) -> KeyRing:
    current, *former = map(_pair_from_plain, plain["pairs"])
    return KeyRing(current, tuple(former), tuple(plain["rotations"]))


def _pair_to_plain(pair: KeyPair) -> dict[str, str]:
    rsa = pair.rsa.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        "rsa": rsa.hex(),
        "ed25519": pair.ed25519.private_bytes_raw().hex(),
        "since": pair.since.astimezone(UTC).isoformat(),
    }


def _pair_from_plain(plain: Mapping[str, str]) -> KeyPair:
    rsa = load_der_private_key(bytes.fromhex(plain["rsa"]), password=None)
    if not isinstance(rsa, RSAPrivateKey):
        raise key_file.KeyFileError("the first key of a pair is not an RSA key")
    ed25519 = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(plain["ed25519"]))
    return KeyPair(rsa, ed25519, datetime.fromisoformat(plain["since"]))
