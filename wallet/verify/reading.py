"""The ledger's rows in order, past the toolkit: a hundred thousand links in a couple of seconds."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.orm import Session

Row = tuple[Any, ...]

LINKS: Final = (
    "SELECT seq, prev, hash, body, id, kind, verdict, content, refers, first, last "
    "FROM ledger_tx ORDER BY seq"
)
ENTRIES: Final = (
    "SELECT number, tx_seq, op, currency_id, debit, credit, amount, debit_after, credit_after, closes "
    "FROM ledger_entry ORDER BY number"
)
AT_ONCE: Final = 2_000


def rows(session: Session, sql: str) -> Iterator[Row]:
    """Rows of the driver itself: bytes stay bytes."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        yield from driver.execute(sql)
        return
    result = connection.execution_options(yield_per=AT_ONCE).exec_driver_sql(sql)
    yield from map(tuple, result)


def hexed(value: Any) -> str:
    """An id as receipts write it: 32 digits. SQLite gives bytes, PostgreSQL a UUID."""
    found: str = value.hex() if isinstance(value, bytes) else value.hex
    return found
