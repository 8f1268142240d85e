"""Remote actors for tests, with real keys: made once per run, for RSA keys take time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from federation.keys import KeyPair, KeyRing
from federation.peer_keys import PeerKey, keys_of
from federation.signatures import cavage, rfc9421
from federation.signatures.algorithms import SigningKey
from federation.signatures.message import Message

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
HOME = "https://home.example"


@dataclass(frozen=True)
class Signer:
    """An actor somewhere else and everything needed to speak for it."""

    actor: str
    pair: KeyPair

    @property
    def rsa(self) -> SigningKey:
        return KeyRing(self.pair).http_key(self.actor)

    @property
    def ed25519(self) -> SigningKey:
        return KeyRing(self.pair).proof_key(self.actor)

    @property
    def document(self) -> dict[str, Any]:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.actor,
            "type": "Application",
            "inbox": f"{self.actor}/inbox",
            "publicKey": {
                "id": f"{self.actor}#main-key",
                "owner": self.actor,
                "publicKeyPem": self.pair.rsa_pem,
            },
            "assertionMethod": [
                {
                    "id": f"{self.actor}#ed25519-key",
                    "type": "Multikey",
                    "controller": self.actor,
                    "publicKeyMultibase": self.pair.ed25519_multibase,
                }
            ],
        }

    @property
    def keys(self) -> dict[str, PeerKey]:
        return keys_of(self.document)

    def follow(self, number: int = 1) -> dict[str, Any]:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{self.actor}/follows/{number}",
            "type": "Follow",
            "actor": self.actor,
            "object": f"{HOME}/actor",
        }


@cache
def pair(name: str) -> KeyPair:
    """Another pair for each name."""
    rsa = generate_private_key(65537, 2048)  # never one that a test's own nodes are given
    return KeyPair(rsa, Ed25519PrivateKey.generate(), NOW - timedelta(days=100))


def signer(name: str = "cafe") -> Signer:
    return Signer(f"https://{name}.example/actor", pair(name))


def post(body: bytes, url: str = f"{HOME}/inbox") -> Message:
    headers = (("Content-Type", "application/activity+json"), ("Content-Length", str(len(body))))
    return Message("POST", url, headers, body)


def signed(message: Message, key: SigningKey, style: str, at: datetime = NOW) -> Message:
    """`message` with the headers of one style added."""
    sign = rfc9421.sign if style == "rfc9421" else cavage.sign
    return message.with_headers(sign(message, key, at))
