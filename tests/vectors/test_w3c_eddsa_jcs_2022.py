"""W3C Data Integrity EdDSA Cryptosuites, eddsa-jcs-2022: every intermediate value of the example."""

from datetime import UTC, datetime

import pytest

from federation import proofs
from federation.jcs import canonical
from federation.multikey import decode_multibase, decode_private_ed25519, encode_key, encode_multibase
from federation.refusals import BadSignature, UnknownKey
from federation.signatures.algorithms import SigningKey
from tests.vectors.folder import load

W3C = load("w3c-eddsa-jcs-2022.json")
METHOD = W3C["proofConfig"]["verificationMethod"]
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_keys_belong_together() -> None:
    private = decode_private_ed25519(W3C["keyPair"]["privateKeyMultibase"])
    assert encode_key(private.public_key()) == W3C["keyPair"]["publicKeyMultibase"]


def test_canonical_forms_and_hashes() -> None:
    assert canonical(W3C["unsigned"]).decode() == W3C["canonicalDocument"]
    assert canonical(W3C["proofConfig"]).decode() == W3C["canonicalProofConfig"]
    config_hash, document_hash = proofs.hashes_of(W3C["unsigned"], W3C["proofConfig"])
    assert config_hash.hex() == W3C["proofHashHex"]
    assert document_hash.hex() == W3C["documentHashHex"]
    assert (config_hash + document_hash).hex() == W3C["combinedHashHex"]


def test_signature_and_its_text() -> None:
    assert decode_multibase(W3C["proofValue"]).hex() == W3C["signatureHex"]
    assert encode_multibase(bytes.fromhex(W3C["signatureHex"])) == W3C["proofValue"]


def test_proof_is_reproduced() -> None:
    key = SigningKey(METHOD, decode_private_ed25519(W3C["keyPair"]["privateKeyMultibase"]))
    made = proofs.prove(W3C["unsigned"], key, datetime.fromisoformat(W3C["proofConfig"]["created"]))
    assert made == W3C["signed"]


def test_proof_verifies() -> None:
    proven = proofs.verify(W3C["signed"], proofs.did_key, now=NOW)
    assert (proven.key_id, proven.document_hash) == (METHOD, W3C["documentHashHex"])
    with pytest.raises(BadSignature):
        proofs.verify({**W3C["signed"], "name": "Other"}, proofs.did_key, now=NOW)


@pytest.mark.parametrize("method", ["did:web:x", "did:key:z0", "https://a.example/#k", METHOD + "x"])
def test_other_methods_are_no_keys(method: str) -> None:
    with pytest.raises(UnknownKey):
        proofs.did_key(method)
