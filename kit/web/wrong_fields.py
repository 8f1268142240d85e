"""Every wrong field of a JSON body, by its path (`lines.2.quantity`), with a sentence for each.

msgspec stops at the first fault, since it reads fast; only what it refused is gone through field by field.
"""

import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo

from kit.i18n import _
from kit.shape_words import FILL_IN, LONGEST_NAME, NOBODY_KNOWS, field_and_words

WHOLE: Final = "body"
"""The name of what is wrong with no field, but with the body itself."""
WORDS: Final = "words"
"""A text with a pattern may bring its own sentence: `Meta(pattern=…, extra={WORDS: lazy("…")})`."""

Found = Iterator[tuple[str, str]]


def wrong_fields(value: Any, shape: Any, path: str = "") -> Found:
    """What keeps `value` from being read as `shape`, and what `unkept` finds in the rest of it."""
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        where, words = field_and_words(error, "")
        struct = _struct_in(shape)
        if isinstance(value, dict) and struct:
            yield from _wrong_in_struct(value, struct, path)
        elif where and isinstance(value, dict | list):
            for name, part in _named(value):
                yield from wrong_fields(part, _inside(shape), _under(path, name))
        else:
            yield path or WHOLE, _own_words(str(error), shape) or words
    else:
        yield from unkept(value, shape, path)


def unkept(value: Any, shape: Any, path: str = "") -> Found:
    """Fields that no struct of `shape` has, and texts that no column keeps, in what was read as `shape`."""
    if isinstance(value, str) and "\x00" in value:
        yield path, _("This field holds a character that cannot be kept.")
    elif isinstance(value, list):
        for name, part in _named(value):
            yield from unkept(part, _inside(shape), _under(path, name))
    elif isinstance(value, dict):
        yield from _unkept_in_object(value, shape, path)


def _wrong_in_struct(value: dict[str, Any], struct: type[Struct], path: str) -> Found:
    fields = _fields(struct)
    for name, part in value.items():
        if name in fields:
            yield from wrong_fields(part, fields[name].type, _under(path, name))
        else:
            yield _under(path, name), str(NOBODY_KNOWS)
    for name, field in fields.items():
        if name not in value and field.default is NODEFAULT and field.default_factory is NODEFAULT:
            yield _under(path, name), str(FILL_IN)


def _unkept_in_object(value: dict[str, Any], shape: Any, path: str) -> Found:
    struct = _struct_in(shape)
    fields = _fields(struct) if struct else None
    for name, part in value.items():
        where = _under(path, name)
        if fields is not None and name not in fields:
            yield where, str(NOBODY_KNOWS)
        else:
            yield from unkept(part, fields[name].type if fields else _inside(shape), where)


def _named(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """The parts of an object by their names, those of a list by their places from 0."""
    if isinstance(value, dict):
        return iter(value.items())
    return ((str(place), part) for place, part in enumerate(value))


def _under(path: str, name: str) -> str:
    name = name[:LONGEST_NAME]
    return f"{path}.{name}" if path else name


def _own_words(said: str, shape: Any) -> str:
    """The sentence that a pattern brought; empty when the fault is another, or it brought none."""
    if "matching regex" not in said:
        return ""
    brought = ((meta.extra or {}).get(WORDS, "") for meta in _limits(shape))
    return next((str(words) for words in brought if words), "")


@cache
def _fields(struct: type[Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}


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


def _limits(shape: Any) -> Iterator[Meta]:
    """What a shape, or a part of a union, says of its values."""
    for part in get_args(shape) if get_origin(shape) in (Union, types.UnionType) else (shape,):
        yield from (one for one in getattr(part, "__metadata__", ()) if isinstance(one, Meta))


@cache
def is_closed(shape: Any) -> bool:
    """Whether msgspec itself refuses every field that nobody knows, at any depth."""
    return all(struct.__struct_config__.forbid_unknown_fields for struct in _structs(shape, set()))


def _structs(shape: Any, seen: set[type[Struct]]) -> set[type[Struct]]:
    """`seen`, with every struct that a value of `shape` may hold."""
    for part in _parts(shape):
        if not (isinstance(part, type) and issubclass(part, Struct)):
            for inner in get_args(part):
                _structs(inner, seen)
        elif part not in seen:
            seen.add(part)
            for field in _fields(part).values():
                _structs(field.type, seen)
    return seen


@cache
def _struct_in(shape: Any) -> type[Struct] | None:
    """The struct that an object is read as; None when any name will do."""
    return next((part for part in _parts(shape) if isinstance(part, type) and issubclass(part, Struct)), None)


@cache
def _inside(shape: Any) -> Any:
    """What the items of a list or the values of a mapping are read as."""
    found = (get_args(part) for part in _parts(shape))
    return next((given[-1] if given[-1] is not ... else given[0] for given in found if given), Any)
