"""A column of values at once, as the driver wants them.

The types of `kit.db.types` say what may be stored; asked value by value they cost more than the insertion
itself. Here a column that has nothing special passes after one look; any other goes the slow way, and is
refused by the same names.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import TypeEngine

from kit.db.types import SQLITE, Blob, Str, UtcTime, Uuid, Whole

Values = Sequence[Any]
Encode = Callable[[Values], Values]


def encoder(kind: TypeEngine[Any], dialect: Dialect) -> Encode:
    """What turns values of this type into the driver's. Raises as the type does."""
    slowly = _one_by_one(kind, dialect)
    quickly = _quick(kind, dialect, slowly)

    def encode(values: Values) -> Values:
        try:
            return quickly(values)
        except (TypeError, AttributeError):  # an empty value is among them
            return slowly(values)

    return encode


def _one_by_one(kind: TypeEngine[Any], dialect: Dialect) -> Encode:
    process: Any = kind.dialect_impl(dialect).bind_processor(dialect)
    return (lambda values: [process(value) for value in values]) if process else (lambda values: values)


def _quick(kind: TypeEngine[Any], dialect: Dialect, slowly: Encode) -> Encode:
    if isinstance(kind, Uuid):
        return _ids if dialect.name == SQLITE else lambda values: values
    if isinstance(kind, Blob):
        return lambda values: values
    if isinstance(kind, Str):
        return lambda values: values if _is_plain("".join(values)) else slowly(values)
    if isinstance(kind, Whole):
        limit = 1 << (kind.bits - 1)
        return lambda values: values if -limit <= min(values) and max(values) < limit else slowly(values)
    if isinstance(kind, UtcTime):
        return lambda values: _repeated(values, slowly)
    return slowly


def _ids(values: Values) -> Values:
    return [value.bytes for value in values]


def _is_plain(text: str) -> bool:
    return text.isascii() and "\x00" not in text


def _repeated(values: Values, slowly: Encode) -> Values:
    """What is written together mostly has one time."""
    different = list(set(values))
    known = dict(zip(different, slowly(different), strict=True))
    return [known[value] for value in values]
