"""RFC 8785 canonical JSON, the bytes that proofs sign.

`rfc8785` gives the same bytes in four times the time, and a proof is made or checked for every activity;
so objects, lists and texts are written here and only numbers are left to it. A test compares both.
"""

from json.encoder import encode_basestring as _quote
from typing import Any, Final

import msgspec
import rfc8785

LARGEST: Final = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493 §2.2)."""

_DOUBTFUL: Final = (
    *(b"\\u", b".0", b"-0"),
    *(b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4"),
    *(b"0e", b"1e", b"2e", b"3e", b"4e", b"5e", b"6e", b"7e", b"8e", b"9e"),
)
"""What quick JSON may write otherwise: escapes, useless or tiny fractions, keys beyond 16 bits, exponents.
Looked for as plain bytes: a pattern takes longer than writing the whole."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of plain JSON data.

    Raises ValueError on what has none: NaN, infinities, integers beyond ±(2^53-1), lone surrogates,
    keys that are not texts, other types.
    """
    try:
        return _written(value).encode()
    except (AttributeError, TypeError, RecursionError) as error:
        raise ValueError("not plain JSON") from error


def canonical_again(value: Any) -> bytes:
    """The same bytes for what a JSON parser gave: nothing in it but objects, lists, texts, numbers, words.

    msgspec writes most such data canonically at once; what could differ goes the long way. Integers are
    within ±(2^53-1), as the guard makes sure. Raises ValueError.
    """
    try:
        raw = msgspec.json.encode(value, order="deterministic")
    except (TypeError, ValueError, RecursionError):
        return canonical(value)
    return canonical(value) if any(mark in raw for mark in _DOUBTFUL) else raw


def _written(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return str(_quote(value))
    if kind is dict:
        return "{" + ",".join([f"{_quote(key)}:{_written(value[key])}" for key in _ordered(value)]) + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join([_written(item) for item in value]) + "]"
    if value is None or kind is bool:
        return "null" if value is None else str(value).lower()
    return rfc8785.dumps(value).decode()


def _ordered(members: dict[str, Any]) -> list[str]:
    """By UTF-16 code units; the usual ASCII keys are in that order already when sorted as they are."""
    keys = sorted(members)
    if all(map(str.isascii, keys)):
        return keys
    return sorted(keys, key=lambda key: key.encode("utf-16be"))
