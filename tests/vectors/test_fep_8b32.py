"""FEP-8b32, object integrity proofs: made bit for bit, verified, refused when touched."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from federation import proofs
from federation.multikey import decode_private_ed25519
from federation.peer_keys import among, keys_of
from federation.reading import actor_of
from federation.refusals import BadSignature, SignatureRefused, UnknownKey, Unsigned
from federation.signatures.algorithms import SigningKey
from tests.vectors.folder import load

FEP = load("fep-8b32.json")
KEYS = keys_of(FEP["actor"])
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_proof_is_reproduced() -> None:
    key = SigningKey(FEP["verification_method"], decode_private_ed25519(FEP["secret_key_multibase"]))
    assert proofs.prove(FEP["unsigned"], key, datetime.fromisoformat(FEP["created"])) == FEP["signed"]


def test_proof_verifies_with_the_actor_document() -> None:
    proven = proofs.verify(FEP["signed"], among(KEYS), now=NOW)
    assert proven.actor == actor_of(FEP["signed"]) == FEP["actor"]["id"]
    assert proven.created == datetime.fromisoformat(FEP["created"])


def test_method_is_named_before_the_key_is_fetched() -> None:
    assert proofs.method_of(FEP["signed"]) == FEP["verification_method"]
    assert proofs.method_of(FEP["unsigned"]) is None


def test_older_linked_data_signature_is_left_out() -> None:
    proofs.verify({**FEP["signed"], "signature": {"type": "RsaSignature2017"}}, among(KEYS), now=NOW)


@pytest.mark.parametrize("path", ["id", "type", "actor", "object.content", "object.location.longitude"])
def test_changed_document(path: str) -> None:
    changed = deepcopy(FEP["signed"])
    part: dict[str, Any] = changed
    *parents, last = path.split(".")
    for name in parents:
        part = part[name]
    part[last] = 0 if isinstance(part[last], float) else part[last] + "x"
    with pytest.raises(BadSignature):
        proofs.verify(changed, among(KEYS), now=NOW)


@pytest.mark.parametrize("name", ["created", "proofPurpose", "cryptosuite", "type", "@context", "proofValue"])
def test_changed_proof(name: str) -> None:
    changed = deepcopy(FEP["signed"])
    changed["proof"][name] = "2024-02-24T23:36:38Z" if name == "created" else "other"
    with pytest.raises(SignatureRefused):
        proofs.verify(changed, among(KEYS), now=NOW)


def test_the_document_keeps_the_context_it_was_signed_under() -> None:
    """Data Integrity §3.3.2: the proof's own context is what is hashed, so it must be compared as well."""
    more = [*FEP["signed"]["@context"], "https://other.example/context"]
    proofs.verify({**FEP["signed"], "@context": more}, among(KEYS), now=NOW)
    for context in (more[::-1], more[:1], "https://other.example/context", None):
        with pytest.raises(BadSignature):
            proofs.verify({**FEP["signed"], "@context": context}, among(KEYS), now=NOW)


def test_no_proof_and_no_key() -> None:
    with pytest.raises(Unsigned):
        proofs.verify(FEP["unsigned"], among(KEYS), now=NOW)
    with pytest.raises(UnknownKey):
        proofs.verify(FEP["signed"], among({}), now=NOW)
