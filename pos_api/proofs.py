"""Secrets of tills: pairing codes, device and operator tokens, PINs. Only their hashes are ever stored."""

import hashlib
import hmac
import re
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kit.seal import Seal
from pos_api.models.device import CODE_DIGITS
from pos_api.refusals import BadPin

DEVICE_PREFIX: Final = "htd_"
OPERATOR_PREFIX: Final = "hto_"
PIN: Final = re.compile(r"[0-9]{4,8}")
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's second choice for argon2id: 19 MiB, two passes; some 20 ms on a small machine."""
_NOBODY: Final = _HASHER.hash("no operator has this PIN")


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def new_token(prefix: str) -> str:
    """256 random bits, recognisable by their first letters when they leak."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """SHA-256; enough for a secret of 256 random bits, which nobody can try one by one."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def code_hash(seal: Seal, code: str) -> bytes:
    """HMAC-SHA-256 under the node's key: a stolen table gives no code away. Spaces do not matter."""
    digits = re.sub(r"[\s-]", "", code)
    return hmac.digest(seal.key("till-pairing"), digits.encode("utf-8", "replace"), hashlib.sha256)


def pin_mark(seal: Seal, pin: str) -> bytes:
    """The keyed fingerprint by which a PIN finds its operator. Raises BadPin."""
    if not PIN.fullmatch(pin):
        raise BadPin(fields={"pin": str(BadPin.default)})
    return hmac.digest(seal.key("till-pin"), pin.encode(), hashlib.sha256)


def pin_hash(pin: str) -> str:
    """argon2id; slow on purpose, so never inside a transaction."""
    return _HASHER.hash(pin)


def is_pin(known: str | None, pin: str) -> bool:
    """Whether `pin` is the one hashed as `known`; as slow when there is none. Never inside a transaction."""
    try:
        _HASHER.verify(known or _NOBODY, pin)
    except (Argon2Error, InvalidHashError):
        return False
    return known is not None
