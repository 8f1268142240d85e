"""FEP-521a: both keys decode to the bytes given, and encode back."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.multikey import decode_key, encode_key
from federation.peer_keys import keys_of
from tests.vectors.folder import load

FEP = load("fep-521a.json")


def test_ed25519() -> None:
    text = FEP["ed25519"]["multikey"]["publicKeyMultibase"]
    key = decode_key(text)
    assert isinstance(key, Ed25519PublicKey)
    assert key.public_bytes_raw().hex() == FEP["ed25519"]["public_hex"]
    assert encode_key(key) == text


def test_rsa() -> None:
    text = FEP["rsa"]["multikey"]["publicKeyMultibase"]
    key = decode_key(text)
    assert isinstance(key, RSAPublicKey)
    assert key.public_bytes(Encoding.DER, PublicFormat.PKCS1).hex() == FEP["rsa"]["pkcs1_der_hex"]
    assert encode_key(key) == text


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_listed_by_the_actor(kind: str) -> None:
    entry: dict[str, Any] = FEP[kind]["multikey"]
    (key,) = keys_of({"id": FEP["actor"], "assertionMethod": [entry]}).values()
    assert (key.id, key.owner, key.kind) == (entry["id"], FEP["actor"], kind)
    assert keys_of({"id": "https://server.example/users/mallory", "assertionMethod": [entry]}) == {}
