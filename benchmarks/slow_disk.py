"""A disk made slower, for ours and for the reference alike: each commit's flush takes so much longer.

On SQLite the pause stands right before COMMIT, while the writing transaction is open, as the flush does: ours
waits in an event of the engine, the reference calls `pause`. PostgreSQL pauses by itself before it flushes
its log: `commit_delay`, with `commit_siblings` 0 so that it always does.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, event


class SlowDisk:
    """`seconds` are added to each flush."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def pause(self) -> None:
        """The added part of one flush."""
        if self.seconds:
            time.sleep(self.seconds)


@contextmanager
def slow_disk() -> Iterator[SlowDisk]:
    """Every SQLite engine of this process commits on this disk."""
    disk = SlowDisk()

    def before_commit(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            disk.pause()

    event.listen(Engine, "commit", before_commit)
    try:
        yield disk
    finally:
        event.remove(Engine, "commit", before_commit)


def slow_server(address: str, seconds: float) -> None:
    """Each flush of this PostgreSQL takes so much longer from now on, for everybody."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET commit_delay = {round(seconds * 1e6)}")
        connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        connection.execute("SELECT pg_reload_conf()")
