"""Secrets that prove who someone is: links, codes, cookies, tokens. Only their hashes are ever stored."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from kit.ids import new_id

TOKEN_PREFIX = "hameau_"  # noqa: S105 - says what the text is, so that a leaked one is recognised
DIGITS = 6


@dataclass(frozen=True)
class Proof:
    """What one mail carries: a link and a code. It lives only until the mail is written."""

    attempt_id: UUID
    link: str
    code: str


def new_proof() -> Proof:
    """A fresh attempt: 256 random bits for the link, six random digits for the code."""
    return Proof(new_id(), new_secret(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")


def new_secret() -> str:
    """256 random bits, safe in a cookie and in an address."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A key for programs, recognisable by its first letters."""
    return TOKEN_PREFIX + new_secret()


def hash_of(secret: str) -> bytes:
    """SHA-256; enough for a secret of 256 random bits, which nobody can try one by one."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def code_hash(key: bytes, attempt_id: UUID, code: str) -> bytes:
    """HMAC-SHA-256 of a code under the node's key and its attempt: a stolen table gives no code away."""
    return hmac.digest(key, attempt_id.bytes + digits_of(code).encode(), hashlib.sha256)


def digits_of(code: str) -> str:
    """The digits of what was typed: spaces and dashes do not matter."""
    return re.sub(r"[\s-]", "", code)[: DIGITS + 1]


def same(left: bytes | None, right: bytes) -> bool:
    """Compare without telling how much was right."""
    return left is not None and hmac.compare_digest(left, right)
