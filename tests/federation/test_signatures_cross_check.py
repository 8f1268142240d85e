"""Our RFC 9421 and another author's agree in both directions (PyPI http-message-signatures)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, InvalidSignature, algorithms

from federation.peer_keys import among
from federation.refusals import BadSignature
from federation.signatures import rfc9421
from federation.signatures.algorithms import SigningKey
from federation.signatures.message import Message
from federation.signatures.verify import VILLAGERS, read_claim, verify_request
from tests.factories.signers import Signer, post, signer

BODY = b'{"hello":"village"}'
ALGORITHMS = {"rsa": algorithms.RSA_V1_5_SHA256, "ed25519": algorithms.ED25519}
COVERAGES = [
    ("@method", "@target-uri", "content-digest"),
    (
        "@method",
        "@target-uri",
        "@authority",
        "@scheme",
        "@path",
        "@query",
        "@request-target",
        "content-digest",
    ),
    ("content-type", "content-length", "@target-uri", "@method", "content-digest"),
]


@dataclass
class TheirRequest:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


class Keys:
    def __init__(self, key: SigningKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key.material

    def resolve_public_key(self, key_id: str) -> Any:
        return self.key.material.public_key()


def key_of(speaker: Signer, kind: str) -> SigningKey:
    return speaker.rsa if kind == "rsa" else speaker.ed25519


@pytest.mark.parametrize("covered", COVERAGES)
@pytest.mark.parametrize("kind", ALGORITHMS)
@pytest.mark.parametrize("query", ["", "?page=2&tag=a%20b", "?"])
def test_they_verify_what_we_sign(kind: str, covered: tuple[str, ...], query: str) -> None:
    speaker = signer()
    message = post(BODY, f"https://home.example/inbox{query}")
    ours = message.with_headers(rfc9421.sign(message, key_of(speaker, kind), datetime.now(UTC), covered))
    theirs = TheirRequest(ours.method, ours.url, dict(ours.headers))
    verifier = HTTPMessageVerifier(
        signature_algorithm=ALGORITHMS[kind],
        key_resolver=Keys(key_of(speaker, kind)),  # type: ignore[arg-type]
    )
    (result,) = verifier.verify(theirs, body=BODY, require_components=covered)
    assert result.parameters["keyid"] == key_of(speaker, kind).id
    theirs.headers["Content-Type"] = "text/plain"
    theirs.method = "PUT"
    with pytest.raises(InvalidSignature):
        verifier.verify(theirs, body=BODY)


@pytest.mark.parametrize("covered", COVERAGES)
@pytest.mark.parametrize("kind", ALGORITHMS)
@pytest.mark.parametrize("include_alg", [True, False])
def test_we_verify_what_they_sign(kind: str, covered: tuple[str, ...], include_alg: bool) -> None:
    speaker, now = signer(), datetime.now(UTC)
    message = post(BODY, "https://home.example/inbox?page=2")
    theirs = TheirRequest("POST", message.url, dict(message.headers))
    HTTPMessageSigner(
        signature_algorithm=ALGORITHMS[kind],
        key_resolver=Keys(key_of(speaker, kind)),  # type: ignore[arg-type]
    ).sign(
        theirs,
        key_id=key_of(speaker, kind).id,
        covered_component_ids=covered,
        body=BODY,
        include_alg=include_alg,
        nonce="once",
        tag="village",
        label="theirs",
    )
    received = Message(theirs.method, theirs.url, tuple(theirs.headers.items()), BODY)
    verified = verify_request(received, among(speaker.keys), window=VILLAGERS, now=now)
    assert (verified.actor, verified.style) == (speaker.actor, "rfc9421")
    moved = Message(theirs.method, "https://other.example/inbox?page=2", received.headers, BODY)
    with pytest.raises(BadSignature):
        verify_request(moved, among(speaker.keys), window=VILLAGERS, now=now)


def test_parameters_of_components_are_read_alike() -> None:
    """A query parameter and a wrapped field: the slow path of our reader, the same base as theirs."""
    speaker = signer()
    covered = ("@method", "@target-uri", '"@query-param";name="Pet"', '"x-wrapped";bs')
    theirs = TheirRequest("GET", "https://home.example/foo?Pet=dog%20one&x=1", {"X-Wrapped": "a, b"})
    HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=Keys(speaker.ed25519),  # type: ignore[arg-type]
    ).sign(theirs, key_id=speaker.ed25519.id, covered_component_ids=covered)
    claim = read_claim(Message("GET", theirs.url, tuple(theirs.headers.items())))
    assert b'"@query-param";name="Pet": dog%20one' in claim.base
    now = datetime.now(UTC)
    received = Message("GET", theirs.url, tuple(theirs.headers.items()))
    assert verify_request(received, among(speaker.keys), window=VILLAGERS, now=now).actor == speaker.actor
