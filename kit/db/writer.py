"""The one writer: a thread that runs everything queued in one transaction and answers after the commit.

There is no waiting timer: while one commit is on its way to the disk, the next batch fills itself.
"""

import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kit.db.batch import BatchBroken, Room, settle
from kit.db.troubles import is_full, is_retryable, named
from kit.db.units import Settled, Unit
from kit.errors import Busy

log = structlog.get_logger("kit.db")

MAX_BATCH = 512
MAX_WAITING = 2000
RETRIES = 8
IDLE_SECONDS = 0.5


class Keeper(Protocol):
    """Upkeep of the file between batches and when nothing waits."""

    def is_due(self, *, idle: bool) -> bool: ...

    def care(self, connection: Connection) -> None: ...


class CommitLost(Exception):
    """The connection broke during COMMIT: nobody knows whether it took place, so nothing is run again."""


class Writer:
    """Runs units in order of arrival. `room` gives each batch its surroundings, read anew each time."""

    def __init__(self, engine: Engine, room: Callable[[], Room], keeper: Keeper, max_waiting: int) -> None:
        self._engine, self._room, self._keeper = engine, room, keeper
        # Unlike `Queue`, it never makes the writer wait for a client that was stopped between two steps.
        self._queue: queue.SimpleQueue[Unit | None] = queue.SimpleQueue()
        self._max_waiting = max_waiting
        self._closed = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._live, name="hameau-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    def put(self, unit: Unit) -> None:
        """Queue a unit. Raises Busy, and writes nothing, when the queue is full or closed."""
        with self._gate:
            if self._closed:
                raise Busy(cause="the database is closed")
            if self._queue.qsize() >= self._max_waiting:
                raise Busy(cause="the write queue is full", retry_after=1)
            self._queue.put(unit)

    def is_current_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Refuse new units, finish those that wait, end the thread."""
        with self._gate:
            already, self._closed = self._closed, True
        if not already:
            self._queue.put(None)
        self._thread.join()

    def _live(self) -> None:
        while (units := self._next_units()) is not None:
            live = [unit for unit in units if unit.begins()]
            if live:
                _commit(self._engine, live, self._room()).tell()
                self._tend(idle=False)

    def _next_units(self) -> list[Unit] | None:
        try:
            first = self._queue.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            self._tend(idle=True)
            first = self._queue.get()
        return None if first is None else [first, *self._others()]

    def _others(self) -> list[Unit]:
        units: list[Unit] = []
        while len(units) < MAX_BATCH - 1:
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                break
            if unit is None:
                self._queue.put(None)
                break
            units.append(unit)
        return units

    def _tend(self, *, idle: bool) -> None:
        try:
            if self._keeper.is_due(idle=idle):
                with self._engine.connect() as connection:
                    self._keeper.care(connection)
        except Exception:
            log.exception("upkeep_failed")


def _commit(engine: Engine, units: Sequence[Unit], room: Room) -> Settled:
    """Commit all together, or else one by one. Never raises: every unit gets its answer or its error."""
    try:
        return _in_one_transaction(engine, units, room)
    except Exception as error:
        if len(units) == 1 or isinstance(error, CommitLost):
            return _all_failed(units, error)
        level = log.warning if is_full(error) else log.error
        level("batch_replayed", units=len(units), exc_info=error)
    settled = Settled()
    for unit in units:
        alone = _commit(engine, [unit], room)
        settled.answers.extend(alone.answers)
        settled.effects.extend(alone.effects)
    return settled


def _in_one_transaction(engine: Engine, units: Sequence[Unit], room: Room) -> Settled:
    """Retried as long as the database says that trying again may help."""
    for attempt in range(RETRIES):
        try:
            with engine.connect() as connection:
                return _try_once(connection, units, room)
        except DBAPIError as error:
            if not is_retryable(error):
                raise
            time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise Busy(cause=f"still in conflict after {RETRIES} tries", retry_after=1)


def _try_once(connection: Connection, units: Sequence[Unit], room: Room) -> Settled:
    transaction = connection.begin()
    try:
        settled = settle(connection, units, room)
    except BaseException:
        transaction.rollback()
        raise
    try:
        transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitLost("the connection broke during COMMIT") from error
        raise
    return settled


def _all_failed(units: Sequence[Unit], error: Exception) -> Settled:
    cause = error.__cause__ if isinstance(error, BatchBroken) and error.__cause__ else error
    return Settled([(unit, named(cause)) for unit in units])
