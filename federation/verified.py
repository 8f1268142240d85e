"""What handlers receive: proof that someone spoke, in types that only the verifiers can make."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import Any, Final, Literal

Style = Literal["rfc9421", "cavage"]
ProofStatus = Literal["none", "valid"]

SEAL: Final = object()
"""Held by `signatures.verify`, `proofs` and `restore` alone; a test reads the imports."""


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A request whose HTTP signature was checked: `actor` sent it, and nobody else.

    `signature_hash` (hex SHA-256 over key id and signed bytes) is the same for every re-encoding of one
    signature: with `key_id` it recognises a replay. `proof` says whether the activity also carries a proof
    by the same actor.
    """

    actor: str
    key_id: str
    style: Style
    created: datetime
    signature_hash: str
    proof: ProofStatus = "none"
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _refuse_strangers(seal)

    def record(self) -> dict[str, str]:
        """What to store beside a message that is handled later."""
        return {
            "actor": self.actor,
            "key_id": self.key_id,
            "style": self.style,
            "created": self.created.isoformat(),
            "signature_hash": self.signature_hash,
            "proof": self.proof,
        }


@dataclass(frozen=True, kw_only=True)
class Proven:
    """A document whose proof was checked: `actor` signed exactly this, whoever brought it.

    `document_hash` is the hex SHA-256 of the canonical bytes that were signed, without the proof itself.
    """

    actor: str
    key_id: str
    created: datetime | None
    document_hash: str
    proof_id: str = ""
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _refuse_strangers(seal)


def restore(record: Mapping[str, Any]) -> Verified:
    """A Verified from its own `record`, read back from the inbox table: for the inbox only.

    Raises KeyError or ValueError on anything that `record` did not write.
    """
    style, proof = record["style"], record["proof"]
    if style not in ("rfc9421", "cavage") or proof not in ("none", "valid"):
        raise ValueError("not a record of a verified request")
    return Verified(
        actor=str(record["actor"]),
        key_id=str(record["key_id"]),
        style=style,
        created=datetime.fromisoformat(record["created"]),
        signature_hash=str(record["signature_hash"]),
        proof=proof,
        seal=SEAL,
    )


def _refuse_strangers(seal: object) -> None:
    if seal is not SEAL:
        raise TypeError("only the verifier makes this")
