"""W3C proof sets and chains. The published proofs use eddsa-rdfc-2022, which hashes RDF after fetching
contexts: we never do, so each is refused by name. The same document and keys make sets and chains of ours.
"""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from federation import proofs
from federation.multikey import decode_private_ed25519, encode_key
from federation.refusals import BadSignature, SeveralSignatures, UnknownAlgorithm, UnparsableSignature
from federation.signatures.algorithms import SigningKey
from tests.vectors.folder import load

W3C = load("w3c-proof-sets-chains.json")
PAIRS = W3C["multiKeyPairs"]
SIGNED = ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)


def key(number: int) -> SigningKey:
    pair = PAIRS[f"keyPair{number}"]
    public = pair["publicKeyMultibase"]
    return SigningKey(f"did:key:{public}#{public}", decode_private_ed25519(pair["privateKeyMultibase"]))


def chain() -> dict[str, Any]:
    """Two proofs side by side, a third over both, a fourth over the third: as signedProofChain2."""
    document = proofs.prove(W3C["unsigned"], key(1), CREATED, proof_id="urn:1")
    document = proofs.prove(document, key(2), CREATED, proof_id="urn:2")
    document = proofs.prove(document, key(3), CREATED, proof_id="urn:3", after=["urn:1", "urn:2"])
    return proofs.prove(document, key(4), CREATED + timedelta(minutes=10), after=["urn:3"])


@pytest.mark.parametrize("name", PAIRS)
def test_keys_belong_together(name: str) -> None:
    private = decode_private_ed25519(PAIRS[name]["privateKeyMultibase"])
    assert encode_key(private.public_key()) == PAIRS[name]["publicKeyMultibase"]


@pytest.mark.parametrize("name", SIGNED)
def test_rdf_canonicalisation_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownAlgorithm):
        proofs.verify_all(W3C[name], proofs.did_key, now=NOW)
    assert proofs.method_of(W3C[name]) is None


def test_set_and_chain_verify() -> None:
    proven = proofs.verify_all(chain(), proofs.did_key, now=NOW)
    assert [proof.key_id for proof in proven] == [key(number).id for number in (1, 2, 3, 4)]
    assert [len(entry.get("previousProof", [])) for entry in chain()["proof"][:3]] == [0, 0, 2]
    assert chain()["proof"][3]["previousProof"] == "urn:3"


def test_one_is_not_several() -> None:
    with pytest.raises(SeveralSignatures):
        proofs.verify(chain(), proofs.did_key, now=NOW)


@pytest.mark.parametrize("number", range(4))
def test_chain_breaks_where_it_is_touched(number: int) -> None:
    changed = deepcopy(chain())
    changed["proof"][number]["created"] = "2020-01-01T00:00:00Z"
    with pytest.raises(BadSignature):
        proofs.verify_all(changed, proofs.did_key, now=NOW)


def test_earlier_proof_cannot_be_taken_away() -> None:
    changed = deepcopy(chain())
    del changed["proof"][0]
    with pytest.raises(UnparsableSignature):
        proofs.verify_all(changed, proofs.did_key, now=NOW)
    with pytest.raises(ValueError, match="previous"):
        proofs.prove(W3C["unsigned"], key(1), CREATED, after=["urn:9"])
