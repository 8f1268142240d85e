"""A JSON body as a typed struct, read strictly: whatever is wrong is said under the name of its field."""

from itertools import islice
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from kit.errors import BadRequest, Invalid
from kit.shape_words import field_and_words
from kit.web.wrong_fields import WHOLE, is_closed, unkept, wrong_fields

S = TypeVar("S", bound=Struct)
MOST_NAMED: Final = 50
NUL: Final = rb"\u0000"
"""As JSON writes it; as itself it is no JSON."""


def read_body(raw: bytes, shape: type[S]) -> S:
    """`raw` as `shape`; an empty body is an empty object.

    Raises BadRequest (no JSON, no UTF-8), or Invalid with a sentence for each field (MOST_NAMED at most) that
    is wrong, that is missing, that nobody knows, or whose text holds a character that cannot be kept.
    """
    try:
        read, wrong = _read(raw or b"{}", shape)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(cause=str(error)) from error
    except UnicodeDecodeError as error:
        raise BadRequest(cause="not UTF-8") from error
    if wrong or read is None:
        raise Invalid(fields=wrong)
    return read


def _read(raw: bytes, shape: type[S]) -> tuple[S | None, dict[str, str]]:
    """The struct, if msgspec takes it, and what is wrong. Raises what it raises of bytes that are no JSON."""
    try:
        read = msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as first:
        found = dict(islice(wrong_fields(msgspec.json.decode(raw), shape), MOST_NAMED))
        return None, found or dict([field_and_words(first, WHOLE)])
    if is_closed(shape) and NUL not in raw:
        return read, {}
    return read, dict(islice(unkept(msgspec.json.decode(raw), shape), MOST_NAMED))
