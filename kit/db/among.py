"""Rows whose key is among many: one question past the toolkit, for hot kinds, on both databases."""

import uuid
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from kit.db import driver

MARK = "{keys}"


def among(connection: Connection, sql: str, keys: Sequence[Any]) -> Sequence[Any]:
    """The rows of `sql`, which says `WHERE id IN {keys}` once; nothing is asked when there are no keys.

    SQLite gets its place-holders in powers of two, so that it prepares few different sentences.
    """
    if not keys:
        return ()
    if connection.dialect.name != "sqlite":
        # `= ANY(…)` takes one array, so the sentence is always the same.
        return driver.rows(connection, sql.replace(f"IN {MARK}", "= ANY(%s)"), (list(keys),))
    values = [key.bytes if isinstance(key, uuid.UUID) else key for key in keys]
    wanted = 1 << (len(values) - 1).bit_length()
    values += values[-1:] * (wanted - len(values))
    marks = f"({','.join('?' * wanted)})"
    return driver.rows(connection, sql.replace(MARK, marks), tuple(values))


def among_tuples(connection: Connection, sql: str, keys: Sequence[tuple[str, ...]]) -> Sequence[Any]:
    """The rows of `sql` for keys of several texts; it says `WITH k(a, b) AS ({keys})` and joins with `k`.

    A key may stand there twice: rows may come twice.
    """
    if not keys:
        return ()
    width = len(keys[0])
    if connection.dialect.name != "sqlite":
        arrays = f"SELECT * FROM unnest({', '.join(['%s::text[]'] * width)})"  # noqa: S608 - only marks
        columns = tuple(list(column) for column in zip(*keys, strict=True))
        return driver.rows(connection, sql.replace(MARK, arrays), columns)
    wanted = 1 << (len(keys) - 1).bit_length()
    values = [*keys, *[keys[-1]] * (wanted - len(keys))]
    row = f"({','.join('?' * width)})"
    marks = f"VALUES {','.join([row] * wanted)}"
    return driver.rows(connection, sql.replace(MARK, marks), tuple(chain.from_iterable(values)))
