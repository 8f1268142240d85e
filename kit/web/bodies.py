"""A JSON body as a typed struct, read strictly: whatever is wrong is said under the name of its field."""

import types
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from kit.errors import BadRequest, Invalid
from kit.i18n import _
from kit.shape_words import LONGEST_NAME, NOBODY_KNOWS, field_and_words

S = TypeVar("S", bound=Struct)
MOST_NAMED: Final = 20


def read_body(raw: bytes, shape: type[S]) -> S:
    """`raw` as `shape`; an empty body is an empty object.

    Raises BadRequest (no JSON, no UTF-8), or Invalid with a sentence for each field that is wrong, that
    nobody knows, or whose text holds a character that cannot be kept.
    """
    try:
        read = msgspec.json.decode(raw or b"{}", type=shape)
        found = _wrong(msgspec.json.decode(raw or b"{}"), shape, "")
        wrong = dict(islice(found, MOST_NAMED))
    except msgspec.ValidationError as error:
        raise Invalid(fields=dict([field_and_words(error, "body")])) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(cause=str(error)) from error
    except UnicodeDecodeError as error:
        raise BadRequest(cause="not UTF-8") from error
    if wrong:
        raise Invalid(fields=wrong)
    return read


def _wrong(value: Any, shape: Any, path: str) -> Iterator[tuple[str, str]]:
    """Fields that no struct of `shape` has, and texts that no column keeps."""
    if isinstance(value, str) and "\x00" in value:
        yield path, _("This field holds a character that cannot be kept.")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _wrong(part, _inside(shape), f"{path}[{number}]")
    elif isinstance(value, dict):
        yield from _wrong_in_object(value, shape, f"{path}." if path else "")


def _wrong_in_object(value: dict[str, Any], shape: Any, before: str) -> Iterator[tuple[str, str]]:
    struct = _struct_in(shape)
    fields = _fields(struct) if struct else None
    for name, part in value.items():
        where = before + name[:LONGEST_NAME]
        if fields is not None and name not in fields:
            yield where, str(NOBODY_KNOWS)
        else:
            yield from _wrong(part, fields[name] if fields else _inside(shape), where)


@cache
def _fields(struct: type[Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def _parts(shape: Any) -> Iterator[Any]:
    """The shapes that a value may have: those of a union, one by one, without their limits."""
    if isinstance(shape, Meta):
        return
    if get_origin(shape) in (Union, types.UnionType):
        for part in get_args(shape):
            yield from _parts(part)
    elif hasattr(shape, "__metadata__"):
        yield from _parts(get_args(shape)[0])
    else:
        yield shape


@cache
def _struct_in(shape: Any) -> type[Struct] | None:
    """The struct that an object is read as; None when any name will do."""
    return next((part for part in _parts(shape) if isinstance(part, type) and issubclass(part, Struct)), None)


@cache
def _inside(shape: Any) -> Any:
    """What the items of a list or the values of a mapping are read as."""
    found = (get_args(part) for part in _parts(shape))
    return next((given[-1] if given[-1] is not ... else given[0] for given in found if given), Any)
