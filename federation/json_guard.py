"""Raw bytes from outside to plain data, or a named refusal: sizes, shapes and words of JSON-LD that are
not read (protocol.md §8 rows 15 and 16). Documents are plain JSON with a fixed profile: contexts are never
fetched, so nothing may hide behind one.
"""

import math
import re
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any, Final

from federation.jcs import LARGEST
from federation.json_words import check_critical, check_recipients, check_words
from federation.refusals import (
    DuplicateKey,
    MessageTooLarge,
    NumberOutOfRange,
    TextTooLong,
    TooDeep,
    TooManyKeys,
    UnreadableJson,
    WrongContentType,
)


@dataclass(frozen=True)
class Limits:
    """Bytes of a body, levels, keys and recipients in it, characters of one text."""

    size: int = 256 * 1024
    depth: int = 32
    keys: int = 2_000
    text: int = 64 * 1024
    recipients: int = 1_000


STRANGER: Final = Limits()
VILLAGER: Final = Limits(size=1024 * 1024)

_AS2: Final = "https://www.w3.org/ns/activitystreams"
_PROFILE: Final = re.compile(r';\s*profile\s*=\s*"?([^";]*)"?')


def read_json(raw: bytes, limits: Limits = STRANGER) -> Any:
    """The data in `raw`, strict UTF-8 JSON within `limits`. Raises children of MessageRefused or TooLarge.

    Stricter than RFC 8259 where readers disagree (RFC 7493): no key twice, no NaN, no infinity, no lone
    surrogate, no integer beyond ±(2^53-1).
    """
    if len(raw) > limits.size:
        raise MessageTooLarge(cause=f"{len(raw)} bytes")
    text = _text(raw)
    data = _parsed(text)
    _measure(data, limits)
    if len(text) > limits.text or "\\u" in text:
        _check_texts(data, limits.text)
    return data


def read_object(
    raw: bytes, limits: Limits = STRANGER, *, understood: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """An ActivityPub object from `raw`, with the words of JSON-LD, the recipients and `vil:critical` checked.

    `understood` names the properties of `vil:critical` that the caller knows; another one is 422.
    """
    data = read_json(raw, limits)
    if not isinstance(data, dict):
        raise UnreadableJson(cause="not an object")
    check_words(data)
    check_critical(data, understood)
    check_recipients(data, limits.recipients)
    return data


def check_content_type(value: str | None) -> None:
    """ActivityPub §3.2: `application/activity+json`, or `application/ld+json` with the AS2 profile.

    Raises WrongContentType.
    """
    essence, _, parameters = (value or "").partition(";")
    kind = essence.strip().lower()
    if kind == "application/activity+json":
        return
    profile = _PROFILE.search(f";{parameters}")
    if kind != "application/ld+json" or profile is None or _AS2 not in profile[1].split():
        raise WrongContentType(cause=f"content type {value!r}")


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise UnreadableJson(cause="not UTF-8") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateKey
    return members


def _no_constant(name: str) -> Any:
    raise NumberOutOfRange(cause=name)


_DECODER: Final = JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _parsed(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise TooDeep(cause="beyond the parser") from error
    except ValueError as error:
        raise UnreadableJson(cause="not JSON, or a number of thousands of digits") from error


def _measure(data: Any, limits: Limits) -> None:
    """Levels, keys and numbers, in one walk without recursion."""
    keys, pending = 0, [([data], 0)]
    while pending:
        inside, depth = pending.pop()
        if depth > limits.depth:
            raise TooDeep
        for item in inside:
            kind = type(item)
            if kind is dict:
                keys += len(item)
                pending.append((item.values(), depth + 1))
            elif kind is list:
                pending.append((item, depth + 1))
            elif kind is int or kind is float:
                _refuse_far_number(item)
        if keys > limits.keys:
            raise TooManyKeys


def _check_texts(data: Any, longest: int) -> None:
    """Every key and text: called only when one of them may be too long or hold half a surrogate pair."""
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += [*item, *item.values()]
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            if len(item) > longest:
                raise TextTooLong
            _refuse_surrogates(item)


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnreadableJson(cause="half a surrogate pair") from error


def _refuse_far_number(number: int | float) -> None:
    if isinstance(number, int):
        if abs(number) > LARGEST:
            raise NumberOutOfRange(cause="beyond 2^53-1")
    elif not math.isfinite(number):
        raise NumberOutOfRange(cause="not finite")
