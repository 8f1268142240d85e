"""What a database's error means: try again, everyone's trouble, or a named refusal."""

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError

from kit.errors import Busy

RETRYABLE = frozenset({"40001", "40P01"})  # PostgreSQL: serialization failure, deadlock
DISK_FULL = frozenset({"53100"})


def sqlstate(error: BaseException | None) -> str:
    """PostgreSQL's five characters, or an empty string."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def is_retryable(error: BaseException) -> bool:
    """Whether the same transaction may succeed when it is run again."""
    return sqlstate(error) in RETRYABLE


def unit_cannot_be_blamed(error: DBAPIError) -> bool:
    """Whether the error belongs to the whole transaction: a deadlock, a lost connection, a full disk."""
    return is_retryable(error) or error.connection_invalidated or is_full(error)


def is_full(error: BaseException) -> bool:
    """Whether the database has no room left to write."""
    code: Any = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) or 0
    return sqlstate(error) in DISK_FULL or code & 0xFF == sqlite3.SQLITE_FULL


def named(error: BaseException) -> BaseException:
    """A full disk becomes the refusal `busy`; anything else stays as it is."""
    return Busy(cause="the disk is full") if is_full(error) else error
