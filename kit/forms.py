"""Fields of a form or a query string as a typed struct, with one clear sentence per wrong field."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

from kit.errors import Invalid
from kit.i18n import _
from kit.shape_words import FILL_IN, field_and_words

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
            wrong[field.encode_name] = str(FILL_IN)
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
        wrong[field.encode_name] = field_and_words(error, "")[1]


def _is_list(shape: Any) -> bool:
    return (get_origin(shape) or shape) in (list, tuple, set, frozenset) or any(
        _is_list(part) for part in get_args(shape) if not isinstance(part, str | int | msgspec.Meta)
    )
