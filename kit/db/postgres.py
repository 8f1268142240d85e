"""PostgreSQL through psycopg 3: several processes may own the node; each groups its own units."""

from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from kit.errors import Refusal
from kit.i18n import lazy

FOR_SHORT_WRITES = "-c timezone=UTC -c random_page_cost=1.1 -c jit=off"
"""What units and triggers look up is a row by its key, mostly in memory. With the usual cost of a random page
the planner reads a small table whole, with every version of its rows that waits for the vacuum."""
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


class NotDurable(Refusal):
    """The server may forget what it has confirmed; the node refuses to start on it."""

    name: ClassVar[str] = "database_not_durable"
    status: ClassVar[int] = 503
    default = lazy("This database server is set up to forget: I turn on fsync and synchronous_commit.")


def writer_engine(url: URL) -> Engine:
    """One connection, READ COMMITTED."""
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": FOR_SHORT_WRITES},
    )


def reader_engine(url: URL, *, readers: int) -> Engine:
    """Read-only snapshots: REPEATABLE READ READ ONLY."""
    engine = create_engine(
        url,
        isolation_level="REPEATABLE READ",
        pool_size=readers,
        max_overflow=32,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC"},
    )

    @event.listens_for(engine, "connect")
    def only_read(connection: Any, _record: Any) -> None:
        connection.read_only = True

    return engine


def refuse_forgetful(engine: Engine) -> None:
    """Raise NotDurable unless the server flushes each commit to its disk."""
    with engine.connect() as connection:
        off = [name for name in MUST_BE_ON if _setting(connection, name) not in {"on", "remote_apply"}]
    if off:
        raise NotDurable(cause=f"off: {', '.join(off)}")


def _setting(connection: Connection, name: str) -> str:
    return str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())


class NoKeeper:
    """PostgreSQL keeps itself."""

    def is_due(self, *, idle: bool) -> bool:
        return False

    def care(self, connection: Connection) -> None:
        return None
