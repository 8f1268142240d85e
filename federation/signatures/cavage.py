"""draft-cavage-http-signatures-12, which strangers still speak: made and read; policy is in `verify`."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from federation.refusals import SeveralSignatures, UnparsableSignature
from federation.signatures.algorithms import SigningKey
from federation.signatures.digest import digest
from federation.signatures.message import Headers, Message

REQUEST_TARGET: Final = "(request-target)"
CREATED: Final = "(created)"
EXPIRES: Final = "(expires)"

_PARAMETER: Final = r'([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]{1,15}))'
_PARAMETERS: Final = re.compile(_PARAMETER)
_WHOLE: Final = re.compile(rf"{_PARAMETER}(?:[ \t]*,[ \t]*{_PARAMETER})*")
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


@dataclass(frozen=True)
class CavageSignature:
    """The parameters of a Signature header; `created` and `expires` in Unix seconds."""

    key_id: str
    algorithm: str
    covered: tuple[str, ...]
    signature: bytes
    created: int | None
    expires: int | None


def sign(message: Message, key: SigningKey, date: datetime, covered: Sequence[str] | None = None) -> Headers:
    """Headers to add to `message`: Host, Date, Digest when there is a body, Signature.

    Covers `(request-target) host date` and the digest unless `covered` says otherwise.
    """
    added = _fresh(message, date)
    names = tuple(covered or (REQUEST_TARGET, *(name.lower() for name, _ in added)))
    parts = CavageSignature(
        key.id, "rsa-sha256" if key.algorithm != "ed25519" else "hs2019", names, b"", None, None
    )
    signature = base64.b64encode(key.sign(base(message.with_headers(added), parts))).decode()
    value = (
        f'keyId="{parts.key_id}",algorithm="{parts.algorithm}",'
        f'headers="{" ".join(names)}",signature="{signature}"'
    )
    return (*added, ("Signature", value))


def base(message: Message, parts: CavageSignature) -> bytes:
    """The exact bytes that are signed (draft §2.3). Raises UnparsableSignature or DuplicateHeader."""
    text = "\n".join(f"{name}: {_value(message, name, parts)}" for name in parts.covered)
    if text.count("\n") != len(parts.covered) - 1:
        raise UnparsableSignature(cause="a covered value has a line break")
    return text.encode("latin-1")


def read(message: Message) -> CavageSignature:
    """The only signature of `message`. Raises SeveralSignatures or UnparsableSignature."""
    values = message.fields.get("signature", [])
    if len(values) > 1:
        raise SeveralSignatures(cause=f"Signature appears {len(values)} times")
    if not values or _WHOLE.fullmatch(values[0]) is None:
        raise UnparsableSignature(cause="Signature cannot be read")
    found = _PARAMETERS.findall(values[0])
    given = {name: text or number for name, text, number in found}
    if len(given) != len(found):
        raise UnparsableSignature(cause="a signature parameter appears twice")
    return _understood(given)


def _understood(given: dict[str, str]) -> CavageSignature:
    covered = tuple(given.get("headers", "date").lower().split(" "))
    encoded = given.get("signature", "")
    if not given.get("keyId") or not encoded or _BASE64.fullmatch(encoded) is None:
        raise UnparsableSignature(cause="keyId or signature is missing")
    if len(set(covered)) != len(covered):
        raise UnparsableSignature(cause="a header is covered twice")
    return CavageSignature(
        key_id=given["keyId"],
        algorithm=given.get("algorithm", ""),
        covered=covered,
        signature=base64.b64decode(encoded),
        created=_number(given.get("created")),
        expires=_number(given.get("expires")),
    )


def _number(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or not value.isascii():
        raise UnparsableSignature(cause="a time is not a number")
    return int(value)


def _value(message: Message, name: str, parts: CavageSignature) -> str:
    if name == REQUEST_TARGET:
        return f"{message.method.lower()} {message.target}"
    if name in (CREATED, EXPIRES):
        return _pseudo(parts.created if name == CREATED else parts.expires, parts.algorithm)
    return message.only(name)


def _pseudo(value: int | None, algorithm: str) -> str:
    """§2.3: only the algorithms that need them may sign times given as parameters."""
    if value is None or algorithm.startswith(("rsa", "hmac", "ecdsa")):
        raise UnparsableSignature(cause="(created) or (expires) does not go with this signature")
    return str(value)


def _fresh(message: Message, date: datetime) -> Headers:
    headers: Headers = (
        ("Host", message.authority),
        ("Date", format_datetime(date.astimezone(UTC), usegmt=True)),
    )
    return (*headers, ("Digest", digest(message.body))) if message.body else headers
