"""Column types: one place that works in SQLite STRICT tables and in PostgreSQL.

A value that a database cannot hold (a NUL in a text, an integer over 64 bits) is refused by name here,
so that no input reaches the database as an error of its own.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Double,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy import Uuid as NativeUuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from kit.errors import Invalid

SQLITE = "sqlite"
INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Uuid(TypeDecorator[uuid.UUID]):
    """16 bytes on SQLite, UUID on PostgreSQL."""

    impl = NativeUuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return LargeBinary(16) if dialect.name == SQLITE else NativeUuid(as_uuid=True)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.bytes if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, always given back in UTC. Fixed-width ISO text on SQLite, so that it sorts."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == SQLITE else DateTime(timezone=True)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        moment = value.astimezone(UTC)
        return instant_text(moment) if dialect.name == SQLITE else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if value is not None else None


def instant_text(moment: datetime) -> str:
    """The 27 characters stored on SQLite: `2026-11-21T02:05:44.000000Z`; `moment` is in UTC."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


class Json(TypeDecorator[Any]):
    """Any JSON value (or Struct on the way in), stored as text with its key order on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


class Flag(TypeDecorator[bool]):
    """True or false: INTEGER 0/1 on SQLite, BOOLEAN on PostgreSQL. Default in SQL: `sqlalchemy.false()`."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == SQLITE else Boolean()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return int(value) if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Str(TypeDecorator[str]):
    """Text of any length. Refuses NUL and lone surrogates, which no database holds."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if isinstance(value, str) and not value.isascii():
            _refuse_surrogates(value)
        if isinstance(value, str) and "\x00" in value:
            raise Invalid(cause="a text holds a NUL character")
        return value


def _refuse_surrogates(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Invalid(cause="a text holds a lone surrogate") from error


class Whole(TypeDecorator[int]):
    """What Int and BigInt share: a number out of range is a named refusal."""

    impl = Integer
    cache_ok = True
    bits = 32

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        limit = 1 << (self.bits - 1)
        if value is not None and not -limit <= value < limit:
            raise Invalid(cause=f"a number does not fit in {self.bits} bits")
        return value


class Int(Whole):
    """A 32-bit integer."""

    cache_ok = True


class BigInt(Whole):
    """A 64-bit integer; INTEGER on SQLite, so that it may be the row's own counting key."""

    impl = BigInteger
    cache_ok = True
    bits = 64

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Integer() if dialect.name == SQLITE else BigInteger()


class Real(TypeDecorator[float]):
    """A 64-bit float."""

    impl = Double
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return REAL() if dialect.name == SQLITE else Double()


class Blob(TypeDecorator[bytes]):
    """Bytes."""

    impl = LargeBinary
    cache_ok = True
