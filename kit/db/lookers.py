"""Short reads of busy doors: a thread or a few answer all that wait, and wake the event loop once for them.

A thread for each read costs more than the read itself when many tills ask at once: threads take turns.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from kit.db.telling import Answers, tell_all
from kit.errors import Busy

MOST_TOGETHER: Final = 16
"""Reads that are answered together: the first of them waits for the last."""


@dataclass(slots=True, eq=False)
class _Look:
    read: Callable[[Session], Any]
    future: "asyncio.Future[Any]"
    context: Context = field(default_factory=copy_context)


class Lookers:
    """`threads` that answer what waits, each on a connection of `engine`. Sessions carry `info`."""

    def __init__(self, engine: Engine, info: dict[str, Any], threads: int) -> None:
        self._engine, self._info = engine, info
        self._queue: queue.SimpleQueue[_Look | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._live, name=f"hameau-looker-{number}", daemon=True)
            for number in range(threads)
        ]
        self._gate = threading.Lock()
        self._is_open = self._is_closed = False

    async def ask(self, read: Callable[[Session], Any]) -> Any:
        """What `read` says of a snapshot. Raises what it raises; Busy once closed."""
        if not self._is_open:
            self._open()
        look = _Look(read, asyncio.get_running_loop().create_future())
        self._queue.put(look)
        return await look.future

    def close(self) -> None:
        """Answer what waits, end the threads. May be called twice."""
        with self._gate:
            started, self._is_open, self._is_closed = self._is_open, False, True
        if started:
            self._queue.put(None)
            for thread in self._threads:
                thread.join()

    def _open(self) -> None:
        """Start the threads with the first question: commands and tests that ask none have none."""
        with self._gate:
            if self._is_closed:
                raise Busy(cause="the database is closed")
            if not self._is_open:
                for thread in self._threads:
                    thread.start()
                self._is_open = True

    def _live(self) -> None:
        while (looks := self._next()) is not None:
            tell_all(self._answers([look for look in looks if not look.future.cancelled()]))

    def _next(self) -> list[_Look] | None:
        first = self._queue.get()
        if first is None:
            self._queue.put(None)  # for the other threads
            return None
        looks = [first]
        while len(looks) < MOST_TOGETHER:
            try:
                look = self._queue.get_nowait()
            except queue.Empty:
                break
            if look is None:
                self._queue.put(None)
                break
            looks.append(look)
        return looks

    def _answers(self, looks: list[_Look]) -> Answers:
        try:
            with self._engine.connect() as connection:
                return [(look.future, self._answer(connection, look)) for look in looks]
        except Exception as error:  # no connection: everybody is told
            return [(look.future, error) for look in looks]

    def _answer(self, connection: Connection, look: _Look) -> Any:
        try:
            with Session(connection, expire_on_commit=False, info=dict(self._info)) as session:
                return look.context.run(look.read, session)
        except BaseException as error:
            return error
