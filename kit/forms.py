"""Fields of a form or a query string as a typed struct, with one clear sentence per wrong field."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from kit.errors import Invalid
from kit.i18n import _

S = TypeVar("S", bound=Struct)
TICKED = {"on": "true", "off": "false"}


def read_fields(values: Mapping[str, Sequence[str]], shape: type[S]) -> S:
    """Convert text fields into `shape`. Unknown fields are ignored, empty ones take their default.

    Raises Invalid whose `fields` hold a sentence for each field that is missing or wrong.
    """
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in msgspec.structs.fields(shape):
        given = [text.strip() for text in values.get(field.encode_name, ()) if text.strip()]
        if any("\x00" in text for text in given):
            wrong[field.encode_name] = _("This field holds a character that cannot be kept.")
        elif given:
            _convert(field, given, read, wrong)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            wrong[field.encode_name] = _("I fill in this field.")
    if wrong:
        raise Invalid(fields=wrong)
    return shape(**read)


def _convert(
    field: msgspec.structs.FieldInfo, given: list[str], read: dict[str, Any], wrong: dict[str, str]
) -> None:
    value: Any = given if _is_list(field.type) else TICKED.get(given[-1], given[-1])
    try:
        read[field.name] = msgspec.convert(value, field.type, strict=False)
    except msgspec.ValidationError as error:
        wrong[field.encode_name] = _sentence(field.type, str(error))


def _is_list(shape: Any) -> bool:
    return (get_origin(shape) or shape) in (list, tuple, set, frozenset) or any(
        _is_list(part) for part in get_args(shape) if not isinstance(part, str | int | msgspec.Meta)
    )


def _sentence(shape: Any, error: str) -> str:
    """A plain sentence for what msgspec says; its own words are for programmers."""
    kind = inspect.type_info(shape)
    if isinstance(kind, inspect.StrType) and "length <=" in error:
        return _("This text is too long: {limit} characters at most.").format(limit=kind.max_length)
    if isinstance(kind, inspect.StrType) and "length >=" in error:
        return _("This text is too short: {limit} characters at least.").format(limit=kind.min_length)
    if ">= " in error or "<= " in error:
        return _("This number is outside of what is possible.")
    if "enum" in error:
        return _("I choose one of the answers of the list.")
    return _("This is not written as expected.")
