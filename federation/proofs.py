"""Proofs that outlive hosts and keys: FEP-8b32, W3C Data Integrity with eddsa-jcs-2022.

A proof is made and checked over canonical JSON; contexts are compared, never fetched.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from federation.jcs import canonical_again
from federation.multikey import decode_key, encode_multibase
from federation.peer_keys import FindKey, PeerKey
from federation.proof_reading import SUITE, Proof, as_list, entries_of, is_understood, read_proof
from federation.refusals import (
    BadSignature,
    OutsideClock,
    SeveralSignatures,
    UnknownKey,
    UnparsableSignature,
    Unsigned,
)
from federation.signatures.algorithms import SigningKey
from federation.verified import SEAL, Proven

Document = Mapping[str, Any]


def prove(
    document: Document, key: SigningKey, created: datetime, *, proof_id: str = "", after: Sequence[str] = ()
) -> dict[str, Any]:
    """A copy of `document` with one more proof by `key`, an Ed25519 key.

    A document that has proofs already gets a set; `after` names the proofs (by their ids) that this one
    also signs, which makes a chain (W3C Data Integrity §4.3). Raises ValueError for another kind of key,
    a proof of `after` that is not there, or data without canonical form.
    """
    if key.algorithm != "ed25519":
        raise ValueError("proofs are made with Ed25519 keys")
    present = [entry for entry in entries_of(document) if isinstance(entry, dict)]
    earlier = [entry for entry in present if entry.get("id") in after]
    if len(earlier) != len(after):
        raise ValueError("a previous proof is missing")
    config = _config(document, key, created)
    if proof_id:
        config["id"] = proof_id
    if after:
        config["previousProof"] = after[0] if len(after) == 1 else list(after)
    hashes = hashes_of(_signed(_bare(document), earlier), config)
    made = {**config, "proofValue": encode_multibase(key.sign(b"".join(hashes)))}
    return {**_bare(document), "proof": [*present, made] if present else made}


def method_of(document: Document) -> str | None:
    """The key id of a proof that I can check; None without proof, or with another cryptosuite (FEP-8b32:
    such a proof is ignored and the message believed by other means)."""
    entries = [entry for entry in entries_of(document) if is_understood(entry)]
    method = entries[0].get("verificationMethod") if len(entries) == 1 else None
    return method if isinstance(method, str) else None


def verify(document: Document, find_key: FindKey, *, now: datetime) -> Proven:
    """The one proof of `document`, checked. Raises children of SignatureRefused.

    Whether the prover owns the document is for the caller to compare: `signatures.verify.bind`, or
    `reading.owner_of`.
    """
    if len(found := verify_all(document, find_key, now=now)) > 1:
        raise SeveralSignatures(cause=f"{len(found)} proofs")
    return found[0]


def verify_all(document: Document, find_key: FindKey, *, now: datetime) -> tuple[Proven, ...]:
    """Every proof of a set or a chain, in order; raises unless all are right."""
    entries = list(entries_of(document))
    if not entries:
        raise Unsigned(cause="no proof")
    proofs = [read_proof(entry) for entry in entries]
    by_id = {proof.id: entry for proof, entry in zip(proofs, entries, strict=True) if proof.id}
    bare = _bare(document)
    return tuple(_verify_one(proof, _before(proof, bare, by_id), find_key, now) for proof in proofs)


def did_key(method: str) -> PeerKey:
    """The key that a `did:key:z…#z…` names in itself. Raises UnknownKey."""
    did, _, fragment = method.partition("#")
    encoded = did.removeprefix("did:key:")
    try:
        if not did.startswith("did:key:") or fragment not in ("", encoded):
            raise ValueError("not a did:key")
        return PeerKey(method, did, decode_key(encoded))
    except ValueError as error:
        raise UnknownKey(cause=f"{method!r}") from error


def hashes_of(document: Document, config: Document) -> tuple[bytes, bytes]:
    """SHA-256 of the canonical proof configuration, then of the canonical document (vc-di-eddsa §3.3.4).

    Raises ValueError on data without canonical form.
    """
    return _sha256(canonical_again(config)), _sha256(canonical_again(document))


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _config(document: Document, key: SigningKey, created: datetime) -> dict[str, Any]:
    context = {"@context": document["@context"]} if "@context" in document else {}
    return {
        **context,
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _bare(document: Document) -> dict[str, Any]:
    """Without proofs, and without the older linked-data `signature` (FEP-8b32, compatibility)."""
    return {name: value for name, value in document.items() if name not in ("proof", "signature")}


def _signed(bare: dict[str, Any], earlier: list[Any]) -> dict[str, Any]:
    return {**bare, "proof": earlier} if earlier else bare


def _before(proof: Proof, bare: dict[str, Any], by_id: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it stood when `proof` was made."""
    if not set(proof.previous) <= set(by_id):
        raise UnparsableSignature(cause="a previous proof is missing")
    return _signed(_with_context(bare, proof), [by_id[name] for name in proof.previous])


def _with_context(bare: dict[str, Any], proof: Proof) -> dict[str, Any]:
    """§3.3.2: the document's context begins with the proof's, and the proof's is the one signed."""
    if "@context" not in proof.config:
        return bare
    wanted, present = (as_list(part.get("@context")) for part in (proof.config, bare))
    if present[: len(wanted)] != wanted:
        raise BadSignature(cause="the proof is for another context")
    return {**bare, "@context": proof.config["@context"]}


def _verify_one(proof: Proof, signed: dict[str, Any], find_key: FindKey, now: datetime) -> Proven:
    if proof.expires is not None and proof.expires <= now:
        raise OutsideClock(cause="the proof has expired")
    key = find_key(proof.method)
    document_hash = _check(key, proof, signed, now)
    return Proven(
        actor=key.owner,
        key_id=key.id,
        created=proof.created,
        document_hash=document_hash.hex(),
        proof_id=proof.id,
        seal=SEAL,
    )


def _check(key: PeerKey, proof: Proof, signed: dict[str, Any], now: datetime) -> bytes:
    """The hash of the document, once the signature over it is right."""
    if key.id != proof.method or not isinstance(key.material, Ed25519PublicKey):
        raise UnknownKey(cause=f"{proof.method!r} is not an Ed25519 key")
    if key.expires is not None and key.expires <= now:
        raise UnknownKey(cause="the key has expired")
    try:
        config_hash, document_hash = hashes_of(signed, proof.config)
        key.material.verify(proof.value, config_hash + document_hash)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature(cause="the proof does not verify") from error
    return document_hash
