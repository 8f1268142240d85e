"""Digests of a body, always recomputed from the raw bytes: RFC 9530 Content-Digest, RFC 3230 Digest."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Final

from federation.refusals import WrongDigest

_HASHES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "sha-256": lambda body: hashlib.sha256(body).digest(),
    "sha-512": lambda body: hashlib.sha512(body).digest(),
}
_CONTENT: Final = re.compile(r"([a-z0-9*_.-]+)=:([A-Za-z0-9+/]*={0,2}):")
_OLD: Final = re.compile(r"([A-Za-z0-9_.-]+)=([A-Za-z0-9+/]*={0,2})")


def content_digest(body: bytes) -> str:
    """Value of Content-Digest with SHA-256."""
    return f"sha-256=:{_encoded('sha-256', body)}:"


def digest(body: bytes) -> str:
    """Value of the older Digest with SHA-256."""
    return f"SHA-256={_encoded('sha-256', body)}"


def check_content_digest(value: str, body: bytes) -> None:
    """Raises WrongDigest unless every SHA-256 or SHA-512 named is right, and there is one."""
    _check(_CONTENT, value, body)


def check_digest(value: str, body: bytes) -> None:
    """Same for Digest, whose algorithm names may be in capitals."""
    _check(_OLD, value, body)


def _encoded(name: str, body: bytes) -> str:
    return base64.b64encode(_HASHES[name](body)).decode()


def _check(shape: re.Pattern[str], value: str, body: bytes) -> None:
    known = 0
    for part in value.split(","):
        found = shape.fullmatch(part.strip(" \t"))
        if found is None:
            raise WrongDigest(cause="unreadable digest")
        name = found[1].lower()
        if name in _HASHES:
            known += 1
            if found[2] != _encoded(name, body):
                raise WrongDigest(cause=f"{name} differs")
    if not known:
        raise WrongDigest(cause="no digest that I know")
