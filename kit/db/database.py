"""The database of a node: writes queue up, reads run side by side."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.orm import Session

from kit.db import postgres, processes, sqlite
from kit.db.batch import Room
from kit.db.kinds import Decider
from kit.db.lock import Lock
from kit.db.lookers import Lookers
from kit.db.shared import SHARED
from kit.db.units import Listeners, Unit
from kit.db.writer import MAX_WAITING, Keeper, Writer

T = TypeVar("T")
READERS = 8
LOOKERS = {True: 1, False: 4}
"""Threads for short reads: SQLite answers at once, PostgreSQL over a line that lets others work meanwhile."""


class Database:
    """Open a node's database. Raises AlreadyRunning (SQLite) or NotDurable (PostgreSQL).

    `durable=False` gives up the flush to disk: for tests only. `read_only=True` takes no lock and starts no
    writer: for commands that look at a node while it runs.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        durable: bool = True,
        read_only: bool = False,
        max_waiting: int = MAX_WAITING,
        readers: int = READERS,
    ) -> None:
        self.url = _driver_url(make_url(url))
        self.dialect: str = self.url.get_backend_name()
        self.listeners: Listeners = {}
        self.deciders: dict[str, Decider[Any, Any, Any]] = {}
        self.process = processes.new_number()
        self._lock = self._take_lock() if not read_only and self.is_sqlite else None
        self._writing: Engine | None = None if read_only else self._writer_engine(durable=durable)
        self._reading = self._reader_engine(readers)
        self._threads = ThreadPoolExecutor(readers, thread_name_prefix="hameau-reader")
        self._lookers = Lookers(self._reading, self._info, LOOKERS[self.is_sqlite])
        self._writer = self._start_writer(max_waiting)

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database or "").resolve() if self.is_sqlite else None

    @property
    def waiting(self) -> int:
        """How many writes are in the queue."""
        return self._writer.waiting if self._writer else 0

    def register_kind(self, kind: str, decider: Decider[Any, Any, Any]) -> None:
        """Let `decider` rule over requests of `kind`. Raises ValueError when the kind is taken."""
        if not kind or kind in self.deciders:
            raise ValueError(f"the kind {kind!r} is empty or taken")
        self.deciders[kind] = decider

    def write(self, unit: Callable[[Session], T]) -> T:
        """Run `unit` in the one writer and return its answer once it is committed.

        The unit has no effect outside its session: it may be run more than once. What it raises undoes it
        alone. Raises Busy when the queue is full. Blocks: from the event loop use `awrite`.
        """
        future: Future[T] = Future()
        self._queue(Unit(run=unit, future=future))
        return future.result()

    async def awrite(self, unit: Callable[[Session], T]) -> T:
        """`write` from the event loop. Cancelled before its turn, the unit is not run."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue(Unit(run=unit, future=future))
        return await future

    def submit(self, kind: str, request: Any) -> Any:
        """Have a request of a hot kind decided; return its outcome once committed, or raise it."""
        future: Future[Any] = Future()
        self._queue(self._request(kind, request, future))
        return future.result()

    async def asubmit(self, kind: str, request: Any) -> Any:
        """`submit` from the event loop."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue(self._request(kind, request, future))
        return await future

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on a snapshot that cannot write."""
        with Session(self._reading, expire_on_commit=False, info=self._info()) as session:
            yield session

    async def aread(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` on a snapshot in a worker thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, copy_context().run, self._read_with, fn)

    async def alook(self, fn: Callable[[Session], T]) -> T:
        """`aread` for a few indexed questions, such as every request of a till asks first.

        Few threads answer all that wait: whatever takes longer than a moment belongs in `aread`.
        """
        answer: T = await self._lookers.ask(fn)
        return answer

    def define(self, change: Callable[[Connection], T]) -> T:
        """Run a change of schema in one transaction, foreign keys unchecked until its end; for migrations."""
        with self._engine().connect() as connection:
            _set_foreign_keys(connection, on=False)
            try:
                with connection.begin():
                    answer = change(connection)
                    _refuse_orphans(connection)
            finally:
                _set_foreign_keys(connection, on=True)
        return answer

    def close(self) -> None:
        """Finish waiting writes, close every connection, release the lock. May be called twice."""
        if self._writer:
            self._writer.close()
        self._threads.shutdown(wait=True)
        self._lookers.close()
        self._reading.dispose()
        if self._writing:
            self._writing.dispose()
        if self._lock:
            self._lock.release()

    def _info(self) -> dict[str, Any]:
        return {"database": self, SHARED: {}}

    def _read_with(self, fn: Callable[[Session], T]) -> T:
        with self.read() as session:
            return fn(session)

    def _queue(self, unit: Unit) -> None:
        if self._writer is None:
            raise RuntimeError("this database is open for reading only")
        if self._writer.is_current_thread():
            raise RuntimeError("a unit or an effect may not wait for another write")
        self._writer.put(unit)

    def _request(self, kind: str, request: Any, future: "Future[Any] | asyncio.Future[Any]") -> Unit:
        if kind not in self.deciders:
            raise LookupError(f"nobody decides the kind {kind!r}")
        return Unit(kind=kind, request=request, future=future)

    def _engine(self) -> Engine:
        if self._writing is None:
            raise RuntimeError("this database is open for reading only")
        return self._writing

    def _start_writer(self, max_waiting: int) -> Writer | None:
        if self._writing is None:
            return None
        keeper: Keeper = sqlite.WalKeeper(self.path) if self.path else postgres.NoKeeper()
        return Writer(self._writing, self._room, keeper, max_waiting)

    def _room(self) -> Room:
        return Room(self, self.listeners, self.deciders)

    def _take_lock(self) -> Lock:
        path = self.path
        if path is None or not self.url.database or ":memory:" in self.url.database:
            raise ValueError("a node's SQLite database is a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        return Lock(path)

    def _writer_engine(self, *, durable: bool) -> Engine:
        if self.is_sqlite:
            engine = sqlite.writer_engine(self.url, durable=durable)
            engine.connect().close()  # makes the file and its log, which readers expect to find
            return engine
        engine = postgres.writer_engine(self.url)
        processes.hold_number(engine, self.process)
        if durable:
            postgres.refuse_forgetful(engine)
        return engine

    def _reader_engine(self, readers: int) -> Engine:
        maker = sqlite.reader_engine if self.is_sqlite else postgres.reader_engine
        return maker(self.url, readers=readers)


def _driver_url(url: URL) -> URL:
    """`postgresql://` means psycopg 3 here."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    orphans: Sequence[Any] = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise ValueError(f"rows without their parent after the change: {orphans[:5]}")
