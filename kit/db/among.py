"""Rows whose key is among many: one question past the toolkit, for hot kinds, on both databases."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

MARK = "{keys}"


def among(connection: Connection, sql: str, keys: Sequence[Any]) -> Sequence[Any]:
    """The rows of `sql`, which says `WHERE id IN {keys}` once; nothing is asked when there are no keys.

    SQLite gets its place-holders in powers of two, so that it prepares few different sentences.
    """
    if not keys:
        return ()
    if connection.dialect.name != "sqlite":
        # `= ANY(…)` takes one array, so the sentence is always the same.
        return connection.exec_driver_sql(sql.replace(f"IN {MARK}", "= ANY(%s)"), (list(keys),)).fetchall()
    values = [key.bytes if isinstance(key, uuid.UUID) else key for key in keys]
    wanted = 1 << (len(values) - 1).bit_length()
    values += values[-1:] * (wanted - len(values))
    marks = f"({','.join('?' * wanted)})"
    return connection.exec_driver_sql(sql.replace(MARK, marks), tuple(values)).fetchall()
