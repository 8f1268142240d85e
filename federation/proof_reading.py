"""The shape of a proof, read strictly before anything is computed (W3C Data Integrity §2.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from federation.multikey import decode_multibase
from federation.refusals import SeveralSignatures, UnknownAlgorithm, UnparsableSignature

SUITE: Final = "eddsa-jcs-2022"
MOST: Final = 16
"""Proofs read of one document; each costs a verification."""


@dataclass(frozen=True)
class Proof:
    """One proof; `config` is everything but `proofValue`, `value` the 64 bytes of the signature."""

    config: dict[str, Any]
    value: bytes
    method: str
    id: str
    previous: tuple[str, ...]
    created: datetime | None
    expires: datetime | None


def entries_of(document: Mapping[str, Any]) -> Iterator[Any]:
    """What stands under `proof`, one by one. Raises SeveralSignatures past 16."""
    value = document.get("proof")
    if isinstance(value, list):
        if len(value) > MOST:
            raise SeveralSignatures(cause=f"{len(value)} proofs")
        yield from value
    elif value is not None:
        yield value


def is_understood(entry: Any) -> bool:
    """Whether it is of the one cryptosuite that I can check."""
    return isinstance(entry, dict) and entry.get("cryptosuite") == SUITE


def read_proof(entry: Any) -> Proof:
    """Raises UnparsableSignature, or UnknownAlgorithm for another cryptosuite."""
    if not isinstance(entry, dict) or entry.get("type") != "DataIntegrityProof":
        raise UnparsableSignature(cause="not a DataIntegrityProof")
    if not is_understood(entry):
        raise UnknownAlgorithm(cause=f"cryptosuite {entry.get('cryptosuite')!r}")
    if entry.get("proofPurpose") != "assertionMethod":
        raise UnparsableSignature(cause="proofPurpose")
    return Proof(
        config={name: value for name, value in entry.items() if name != "proofValue"},
        value=_signature(entry.get("proofValue")),
        method=_text(entry, "verificationMethod"),
        id=_text(entry, "id", ""),
        previous=_previous(entry.get("previousProof")),
        created=_instant(entry.get("created")),
        expires=_instant(entry.get("expires")),
    )


def as_list(value: Any) -> list[Any]:
    """One value or several, as several."""
    return value if isinstance(value, list) else [value]


def _signature(value: Any) -> bytes:
    try:
        if isinstance(value, str) and len(value) < 100 and len(raw := decode_multibase(value)) == 64:
            return raw
    except ValueError:
        raise UnparsableSignature(cause="proofValue") from None
    raise UnparsableSignature(cause="proofValue")


def _text(entry: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = entry.get(name, default)
    if not isinstance(value, str):
        raise UnparsableSignature(cause=name)
    return value


def _previous(value: Any) -> tuple[str, ...]:
    names = tuple(as_list(value)) if value is not None else ()
    if not all(isinstance(name, str) and name for name in names):
        raise UnparsableSignature(cause="previousProof")
    return names


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise UnparsableSignature(cause="created or expires") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
