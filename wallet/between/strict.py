"""Bytes of a peer to one JSON object, or a named refusal: where readers might disagree, nothing is read.

Stricter than RFC 8259, as RFC 7493 advises, and stricter than the guard of ActivityPub messages: here no
number has a fraction, since every amount is whole minor units and every time whole milliseconds.
"""

from json import JSONDecoder, dumps
from typing import Any, ClassVar, Final, NoReturn

LARGEST: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 7493 §2.2)."""
MOST_DEPTH: Final = 16
_MOST_DIGITS: Final = len(f"-{LARGEST}")


class NotHeard(Exception):
    """Children say, by `name`, why what a peer says about money is not listened to; `why` is for the log."""

    name: ClassVar[str] = "not_heard"

    def __init__(self, why: str = "") -> None:
        self.why = why
        super().__init__(f"{self.name}: {why}" if why else self.name)


class Malformed(NotHeard):
    """Not the JSON, or not the fields, that the protocol knows."""

    name = "malformed"


def read_strict(body: bytes, *, most_depth: int = MOST_DEPTH) -> dict[str, Any]:
    """The JSON object that `body` is, in strict UTF-8, at most `most_depth` levels of lists and objects.

    Raises Malformed: no key twice, no fraction, exponent, NaN or infinity, no integer beyond ±(2^53-1), no
    lone surrogate, no null character (PostgreSQL keeps none), nothing that is not an object.
    """
    data = _parsed(_text(body))
    if type(data) is not dict:
        raise Malformed("not an object")
    if body.count(b"{") + body.count(b"[") > most_depth:
        _refuse_depth(data, most_depth)
    if b"\\u" in body:
        _refuse_unwritable(data)
    return data


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    return text


def _parsed(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise Malformed("too deep for the parser") from None
    except ValueError as error:
        raise Malformed("not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("a key twice")
    return members


def _whole(digits: str) -> int:
    """Its length is looked at first: thousands of digits cost time to read."""
    if len(digits) > _MOST_DIGITS or not -LARGEST <= (number := int(digits)) <= LARGEST:
        raise Malformed("an integer beyond 2^53-1")
    return number


def _no_fraction(_digits: str) -> NoReturn:
    raise Malformed("a number that is not whole")


_DECODER: Final = JSONDecoder(
    object_pairs_hook=_once, parse_int=_whole, parse_float=_no_fraction, parse_constant=_no_fraction
)


def _refuse_depth(data: Any, most: int) -> None:
    """One walk without recursion, only for a body with more brackets than the levels allowed."""
    pending = [(data, 1)]
    while pending:
        inside, depth = pending.pop()
        if depth > most:
            raise Malformed("too many levels")
        members = inside.values() if type(inside) is dict else inside
        pending += [(member, depth + 1) for member in members if type(member) in (dict, list)]


def _refuse_unwritable(data: Any) -> None:
    """Keys and texts that cannot be written as UTF-8, or not in a database; called on escapes."""
    try:
        written = dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Malformed("half a surrogate pair") from None
    if rb"\u0000" in written.replace(rb"\\", b""):
        raise Malformed("a null character")
