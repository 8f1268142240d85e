"""Keys that an actor document lists: only its own, only usable ones, wherever it lists them."""

from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from federation.peer_keys import among, key_of, keys_of
from federation.refusals import UnknownKey
from tests.factories.signers import signer

CAFE = signer()


def changed(**changes: Any) -> dict[str, Any]:
    """The café's document with other words in its RSA key; None takes one away."""
    entry = {**CAFE.document["publicKey"], **changes}
    return {**CAFE.document, "publicKey": {name: value for name, value in entry.items() if value is not None}}


def test_both_keys() -> None:
    found = keys_of(CAFE.document)
    assert {key.kind for key in found.values()} == {"rsa", "ed25519"}
    assert {key.owner for key in found.values()} == {CAFE.actor}
    assert key_of(CAFE.document, f"{CAFE.actor}#main-key").kind == "rsa"


def test_key_on_its_own_page_of_the_same_origin() -> None:
    document = changed(id="https://cafe.example/users/x/main-key")
    assert "https://cafe.example/users/x/main-key" in keys_of(document)


@pytest.mark.parametrize(
    "entry",
    [
        {"owner": "https://mallory.example/actor"},
        {"owner": None},
        {"id": None},
        {"id": "https://mallory.example/actor#main-key"},
        {"id": 5},
        {"publicKeyPem": "x"},
        {"publicKeyPem": None},
        {"publicKeyPem": ["x"]},
        {"publicKeyMultibase": "zx"},
        {"expires": "soon"},
        {"expires": "2030-01-01T00:00:00"},
    ],
)
def test_left_out(entry: dict[str, Any]) -> None:
    assert {key.kind for key in keys_of(changed(**entry)).values()} == {"ed25519"}


def test_expiry_is_kept() -> None:
    (rsa_key,) = [
        key for key in keys_of(changed(expires="2030-01-01T00:00:00Z")).values() if key.kind == "rsa"
    ]
    assert rsa_key.expires is not None
    assert rsa_key.expires.year == 2030


@pytest.mark.parametrize(
    "make", [partial(rsa.generate_private_key, 65537, 1024), partial(dsa.generate_private_key, 2048)]
)
def test_weak_or_odd_keys(make: Any) -> None:
    pem = make().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert {key.kind for key in keys_of(changed(publicKeyPem=pem)).values()} == {"ed25519"}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": 1},
        {"id": "acct:x@y"},
        {"id": CAFE.actor, "publicKey": "x"},
        {"id": CAFE.actor, "publicKey": [None, 3, []], "assertionMethod": "y"},
        {"id": CAFE.actor, "publicKey": {"@list": []}},
    ],
)
def test_nothing_usable(document: dict[str, Any]) -> None:
    assert keys_of(document) == {}
    with pytest.raises(UnknownKey):
        key_of(document, "x")


def test_finder() -> None:
    find = among(CAFE.keys)
    assert find(f"{CAFE.actor}#main-key").owner == CAFE.actor
    with pytest.raises(UnknownKey):
        find("https://cafe.example/actor#other")
