"""The policy on signed requests: what must be covered, how old it may be, whose key it is.

`read_claim` → (find the key) → `verify` → `bind`: everything cheap is refused before a key is looked for.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from federation.peer_keys import FindKey, PeerKey
from federation.reading import actor_of
from federation.refusals import (
    DuplicateHeader,
    MissingCoverage,
    OtherActor,
    OutsideClock,
    UnknownKey,
    UnparsableSignature,
    Unsigned,
    WrongHost,
)
from federation.signatures import cavage, rfc9421
from federation.signatures.algorithms import check, usual
from federation.signatures.digest import check_content_digest, check_digest
from federation.signatures.message import Message
from federation.verified import SEAL, Proven, Style, Verified

_CAVAGE_NAMES: Final = {"rsa-sha256": "rsa-v1_5-sha256", "hs2019": "", "": "", "ed25519": "ed25519"}


@dataclass(frozen=True)
class Window:
    """How far the date of a message may be from the present."""

    past: timedelta
    future: timedelta


STRANGERS: Final = Window(past=timedelta(hours=1), future=timedelta(minutes=5))
VILLAGERS: Final = Window(past=timedelta(hours=1), future=timedelta(hours=1))
MONEY: Final = Window(past=timedelta(hours=24), future=timedelta(hours=24))


@dataclass(frozen=True)
class Claim:
    """A signature that is well made but not yet checked: who says they signed, what and when."""

    style: Style
    key_id: str
    algorithm: str
    created: datetime
    expires: datetime | None
    base: bytes
    signature: bytes


def read_claim(message: Message) -> Claim:
    """What the signature of `message` claims; its coverage and digest are already checked.

    Raises the children of SignatureRefused, among them Unsigned, MissingCoverage, DuplicateHeader,
    SeveralSignatures, WrongDigest, WrongHost, UnparsableSignature.
    """
    if "signature-input" in message.fields:
        return _read_rfc9421(message)
    if "signature" in message.fields:
        return _read_cavage(message)
    raise Unsigned


def check_clock(claim: Claim, window: Window, now: datetime) -> None:
    """Raises OutsideClock when the message is too old, from the future, or past its own expiry."""
    if not now - window.past <= claim.created <= now + window.future:
        raise OutsideClock(cause=f"signed at {claim.created.isoformat()}")
    if claim.expires is not None and claim.expires <= now:
        raise OutsideClock(cause=f"expired at {claim.expires.isoformat()}")


def verify(claim: Claim, key: PeerKey, *, window: Window, now: datetime) -> Verified:
    """The proof that the owner of `key` sent the message. Raises children of SignatureRefused."""
    check_clock(claim, window, now)
    if key.id != claim.key_id:
        raise UnknownKey(cause=f"asked {claim.key_id!r}, got {key.id!r}")
    if key.expires is not None and key.expires <= now:
        raise UnknownKey(cause="the key has expired")
    check(claim.algorithm or usual(key.material), key.material, claim.signature, claim.base)
    return Verified(
        actor=key.owner,
        key_id=key.id,
        style=claim.style,
        created=claim.created,
        signature_hash=hashlib.sha256(key.id.encode() + b"\0" + claim.base).hexdigest(),
        seal=SEAL,
    )


def verify_request(message: Message, find_key: FindKey, *, window: Window, now: datetime) -> Verified:
    """All of the above at once, for callers whose keys are at hand."""
    claim = read_claim(message)
    check_clock(claim, window, now)
    return verify(claim, find_key(claim.key_id), window=window, now=now)


def bind(verified: Verified, activity: Mapping[str, Any], proven: Proven | None = None) -> Verified:
    """The same, once the activity's actor, its sender and its prover are one. Raises OtherActor."""
    if actor_of(activity) != verified.actor:
        raise OtherActor(cause=f"{verified.actor!r} sent what {activity.get('actor')!r} says")
    if proven is not None and proven.actor != verified.actor:
        raise OtherActor(cause=f"{verified.actor!r} sent what {proven.actor!r} proved")
    return Verified(
        actor=verified.actor,
        key_id=verified.key_id,
        style=verified.style,
        created=verified.created,
        signature_hash=verified.signature_hash,
        proof="none" if proven is None else "valid",
        seal=SEAL,
    )


def _read_rfc9421(message: Message) -> Claim:
    inputs, signature = rfc9421.read(message)
    covered = {component.name for component in inputs.components if not component.parameters}
    _require({"@method", "@target-uri"}, covered)
    _check_body(message, covered, {"content-digest"})
    for component in inputs.components:
        if len(message.fields.get(component.name, ())) > 1:
            raise DuplicateHeader(cause=component.name)
    given = inputs.parameters
    if "created" not in given or not given.get("keyid"):
        raise MissingCoverage(cause="created or keyid is missing")
    return Claim(
        style="rfc9421",
        key_id=given["keyid"],
        algorithm=given.get("alg", ""),
        created=_instant(given["created"]),
        expires=_instant(given["expires"]) if "expires" in given else None,
        base=rfc9421.base(message, inputs),
        signature=signature,
    )


def _read_cavage(message: Message) -> Claim:
    parts = cavage.read(message)
    covered = set(parts.covered)
    _require({cavage.REQUEST_TARGET, "host"}, covered)
    _check_body(message, covered, {"content-digest", "digest"})
    _check_host(message)
    expires = parts.expires if cavage.EXPIRES in covered else None
    return Claim(
        style="cavage",
        key_id=parts.key_id,
        algorithm=_CAVAGE_NAMES.get(parts.algorithm.lower(), parts.algorithm),
        created=_cavage_date(message, parts),
        expires=None if expires is None else _instant(expires),
        base=cavage.base(message, parts),
        signature=parts.signature,
    )


def _require(needed: set[str], covered: set[str]) -> None:
    if missing := needed - covered:
        raise MissingCoverage(cause=f"not covered: {sorted(missing)}")


def _check_body(message: Message, covered: set[str], accepted: set[str]) -> None:
    """A body needs a covered digest; any digest header present is checked, covered or not."""
    if message.body and not covered & accepted:
        raise MissingCoverage(cause="no digest of the body is covered")
    if "content-digest" in message.fields:
        check_content_digest(message.only("content-digest"), message.body)
    if "digest" in message.fields:
        check_digest(message.only("digest"), message.body)


def _check_host(message: Message) -> None:
    """The signed Host is ours. Gancio 1.21 leaves the port out: the name alone is accepted then."""
    said = message.only("host").lower()
    name = message.parts.hostname or ""
    port = message.parts.port or (443 if message.parts.scheme == "https" else 80)
    if said not in {message.authority, name, f"{name}:{port}"}:
        raise WrongHost(cause=f"signed for {said!r}")


def _cavage_date(message: Message, parts: cavage.CavageSignature) -> datetime:
    if cavage.CREATED in parts.covered and parts.created is not None:
        return _instant(parts.created)
    if "date" not in parts.covered:
        raise MissingCoverage(cause="no date is covered")
    try:
        date = parsedate_to_datetime(message.only("date"))
    except (ValueError, TypeError, OverflowError) as error:
        raise UnparsableSignature(cause="unreadable Date") from error
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _instant(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnparsableSignature(cause="a time out of range") from error
