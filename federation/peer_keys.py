"""Public keys as another node's actor document declares them: key owner, actor and lister are one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from federation.multikey import PublicMaterial, decode_key, encode_key
from federation.refusals import UnknownKey
from federation.urls import same_origin, web_url

RSA_BITS: Final = range(2048, 8193)
"""Sizes accepted: shorter is broken, longer only costs time."""

_MOST_KEYS: Final = 16
_LONGEST_PEM: Final = 8192


@dataclass(frozen=True)
class PeerKey:
    """One public key of `owner`, an actor. `id` is its address; `expires` as FEP-521a allows."""

    id: str
    owner: str
    material: PublicMaterial
    expires: datetime | None = None

    @property
    def kind(self) -> str:
        """ "rsa", "ed25519" or "ecdsa-p256"."""
        if isinstance(self.material, RSAPublicKey):
            return "rsa"
        return "ed25519" if isinstance(self.material, Ed25519PublicKey) else "ecdsa-p256"

    @property
    def multibase(self) -> str:
        """The key as one comparable text."""
        return encode_key(self.material)


FindKey = Callable[[str], PeerKey]
"""Gives the key of an id, from what the caller has already read; raises UnknownKey."""


def keys_of(actor: Mapping[str, Any]) -> dict[str, PeerKey]:
    """Every usable key that an actor document lists, by id.

    Reads `publicKey`, `assertionMethod` and `authentication` (FEP-521a). Keys that name another owner,
    live at another origin or cannot be read are left out; a document without a web id lists none.
    """
    owner = web_url(actor.get("id"))
    if owner is None:
        return {}
    found: dict[str, PeerKey] = {}
    for entry in _entries(actor):
        key = _read(entry, owner)
        if key is not None:
            found.setdefault(key.id, key)
    return found


def key_of(actor: Mapping[str, Any], key_id: str) -> PeerKey:
    """The key called `key_id`, exactly as the actor lists it. Raises UnknownKey."""
    try:
        return keys_of(actor)[key_id]
    except KeyError:
        raise UnknownKey(cause=f"{actor.get('id')!r} does not list {key_id!r}") from None


def among(keys: Mapping[str, PeerKey]) -> FindKey:
    """A finder over keys already at hand."""

    def find(key_id: str) -> PeerKey:
        if key_id not in keys:
            raise UnknownKey(cause=f"no key {key_id!r}")
        return keys[key_id]

    return find


def _entries(actor: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("publicKey", "assertionMethod", "authentication"):
        value = actor.get(name)
        entries = value if isinstance(value, list) else [value]
        yield from (entry for entry in entries[:_MOST_KEYS] if isinstance(entry, dict))


def _read(entry: Mapping[str, Any], owner: str) -> PeerKey | None:
    key_id = web_url(entry.get("id"))
    said_owner = entry.get("owner", entry.get("controller"))
    if key_id is None or said_owner != owner or not same_origin(key_id, owner):
        return None
    material = _material(entry)
    expires, readable = _expires(entry.get("expires"))
    return PeerKey(key_id, owner, material, expires) if material is not None and readable else None


def _material(entry: Mapping[str, Any]) -> PublicMaterial | None:
    try:
        if isinstance(text := entry.get("publicKeyMultibase"), str):
            return _accepted(decode_key(text))
        if isinstance(pem := entry.get("publicKeyPem"), str) and len(pem) <= _LONGEST_PEM:
            return _accepted(load_pem_public_key(pem.encode()))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return None


def _accepted(key: object) -> PublicMaterial | None:
    if isinstance(key, RSAPublicKey):
        return key if key.key_size in RSA_BITS else None
    if isinstance(key, EllipticCurvePublicKey):
        return key if key.curve.name == "secp256r1" else None
    return key if isinstance(key, Ed25519PublicKey) else None


def _expires(value: object) -> tuple[datetime | None, bool]:
    """The instant, and whether it could be read: an unreadable one must not mean "never"."""
    if value is None:
        return None, True
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None, False
    return instant, instant.tzinfo is not None
