"""Sentences said to the driver itself: what a hot path asks costs the toolkit several times what it costs the
database. Errors stay the toolkit's, so that whoever catches them sees no difference.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]


def rows(connection: Connection, sql: str, values: Any = ()) -> list[Row]:
    """All that a question finds; `values` in the driver's own style. Raises DBAPIError."""
    driver: Any = connection.connection.dbapi_connection
    try:
        found: list[Row] = driver.execute(sql, values).fetchall()
    except Exception as error:
        raise _named(connection, sql, error) from error
    return found


def run(connection: Connection, sql: str, values: Any = ()) -> None:
    """Say a sentence that answers nothing. Raises DBAPIError."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(sql, values)
    except Exception as error:
        raise _named(connection, sql, error) from error


def run_each(connection: Connection, sql: str, rows: Sequence[Any]) -> None:
    """The sentence once for each row of values. Raises DBAPIError."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.cursor().executemany(sql, rows)
    except Exception as error:
        raise _named(connection, sql, error) from error


def _named(connection: Connection, sql: str, error: Exception) -> BaseException:
    """As the toolkit says it, without the values. A line that broke is given back to nobody."""
    dialect: Any = connection.dialect
    is_broken = isinstance(error, dialect.loaded_dbapi.Error) and dialect.is_disconnect(error, None, None)
    if is_broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error,
        hide_parameters=True, connection_invalidated=is_broken, dialect=dialect,
    )  # fmt: skip
