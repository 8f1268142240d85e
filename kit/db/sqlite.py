"""SQLite: one process owns the file, one connection writes, readers see snapshots."""

import os
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from kit.db import driver

WAL_LIMIT = 32 * 1024 * 1024  # bytes; above, the writer moves the log into the file between two batches
BUSY_MILLISECONDS = 5000

KEPT = 16
"""Connections kept beside those of the reading threads: requests read in threads of their own."""
SHARED_PRAGMAS = (
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE rewrites an append-only row unseen by its triggers
    "trusted_schema=OFF",
    f"busy_timeout={BUSY_MILLISECONDS}",
)


def writer_engine(url: URL, *, durable: bool) -> Engine:
    """One connection, WAL, a full sync at each commit (none at all when not `durable`: tests)."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=60, hide_parameters=True)
    synchronous = "FULL" if durable else "OFF"
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "wal_autocheckpoint=0",
        f"journal_size_limit={WAL_LIMIT // 4}",  # else a log once long looks long for ever to its keeper
        *SHARED_PRAGMAS,
    )
    _prepare(engine, pragmas, begin="BEGIN IMMEDIATE")
    _quicken_savepoints(engine)
    return engine


def _quicken_savepoints(engine: Engine) -> None:
    """Say SAVEPOINT to the driver: through the toolkit it costs a unit as much as its own work."""
    dialect: Any = engine.dialect
    dialect.do_savepoint = partial(_say, "SAVEPOINT")
    dialect.do_release_savepoint = partial(_say, "RELEASE SAVEPOINT")
    dialect.do_rollback_to_savepoint = partial(_say, "ROLLBACK TO SAVEPOINT")


def _say(verb: str, connection: Connection, name: str) -> None:
    driver.run(connection, f"{verb} {name}")


def reader_engine(url: URL, *, readers: int) -> Engine:
    """Connections that cannot write; each transaction sees the database as it was at its first read."""
    read_only = url.set(database=f"file:{_quoted(url)}", query={"mode": "ro", "uri": "true"})
    engine = create_engine(read_only, pool_size=readers + KEPT, max_overflow=64, hide_parameters=True)
    _prepare(engine, (*SHARED_PRAGMAS, "query_only=ON"), begin="BEGIN")
    return engine


def _quoted(url: URL) -> str:
    return Path(url.database or "").resolve().as_uri().removeprefix("file://")


def _prepare(engine: Engine, pragmas: tuple[str, ...], *, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "reset")
    def let_go(connection: Any, _record: Any, _state: Any) -> None:
        if connection.in_transaction:  # SQLite keeps open a transaction whose COMMIT it refused
            connection.rollback()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        driver.run(connection, begin)


class WalKeeper:
    """Moves the write-ahead log into the file when nothing waits, or when it has grown too long."""

    def __init__(self, path: Path) -> None:
        self._wal = str(path.with_name(path.name + "-wal"))  # looked at after each batch: plain is quicker
        self._moved = 0  # commits are told apart by the log's change time

    def is_due(self, *, idle: bool) -> bool:
        try:
            state = os.stat(self._wal)
        except FileNotFoundError:
            return False
        return (idle and state.st_mtime_ns != self._moved) or state.st_size > WAL_LIMIT

    def care(self, connection: Connection) -> None:
        driver.rows(connection, "PRAGMA wal_checkpoint(PASSIVE)")
        self._moved = os.stat(self._wal).st_mtime_ns
