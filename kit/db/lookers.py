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

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
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
    """`threads` that answer what waits, all of it from one snapshot of `engine`. Sessions carry `info()`.

    Whoever asks later sees at least as much: a snapshot is taken after the last of its questions came.
    """

    def __init__(self, engine: Engine, info: Callable[[], dict[str, Any]], threads: int) -> None:
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
        answers: list[tuple[asyncio.Future[Any], Any]] = []
        while len(answers) < len(looks):
            try:
                with Session(self._engine, expire_on_commit=False, info=self._info()) as session:
                    answers += _answered(session, looks[len(answers) :])
            except Exception as error:  # no connection: everybody is told
                answers += [(look.future, error) for look in looks[len(answers) :]]
        return answers


def _answered(session: Session, looks: list[_Look]) -> Answers:
    """What this snapshot can say: at least one answer, and nothing more after a mistake of the database."""
    answers: list[tuple[asyncio.Future[Any], Any]] = []
    for look in looks:
        answer = _answer(session, look)
        if not isinstance(answer, DBAPIError):
            answers.append((look.future, answer))
        else:  # perhaps another one's mistake: PostgreSQL answers nothing more in a transaction that failed
            return answers or [(look.future, answer)]
    return answers


def _answer(session: Session, look: _Look) -> Any:
    try:
        return look.context.run(look.read, session)
    except BaseException as error:
        return error
    finally:
        session.expunge_all()  # nobody gets the objects of another
