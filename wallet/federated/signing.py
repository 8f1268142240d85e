"""The node signs the head of its chain and what it hands out."""

from collections.abc import Mapping
from typing import Any

from federation.exchange import exchange_of
from federation.proofs import prove
from kit import clock
from kit.app import App
from wallet.models.ledger import SignedHead


def signed_head(app: App, seq: int, link: str) -> SignedHead:
    """The link under the node's Ed25519 signature, ready to be stored."""
    identity = exchange_of(app).identity
    key = identity.keys.current.ed25519
    head = SignedHead(
        seq=seq,
        hash=link,
        issuer=identity.url,
        signed_at=clock.now(),
        key_id=identity.keys.proof_key(identity.actor).id,
        public_key=key.public_key().public_bytes_raw(),
    )
    head.signature = key.sign(head.signed)
    return head


def signed_document(app: App, document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with a proof that outlives the node (FEP-8b32)."""
    identity = exchange_of(app).identity
    return prove(document, identity.keys.proof_key(identity.actor), clock.now())
