"""After a commit, wake the worker of this node that waits for such rows. A lost ring loses only time."""

import asyncio
import contextlib
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from kit.db import Database, after_commit

INBOX, OUTBOX, CATCH_UP, GREETING = "inbox", "outbox", "catch_up", "greeting"


class Bell:
    """One worker's bell; any thread may ring it."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self) -> None:
        """Belong to the running event loop, where `wait` will be called."""
        self._loop, self._rung = asyncio.get_running_loop(), asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter, now or at its next wait."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> None:
        """Return when rung, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 may swallow the end of its task
                await self._rung.wait()
        self._rung.clear()


_bells: Final[WeakKeyDictionary[Database, dict[str, Bell]]] = WeakKeyDictionary()


def bell(database: Database, name: str) -> Bell:
    """The bell called `name` of one node."""
    return _bells.setdefault(database, {}).setdefault(name, Bell())


def ring_after_commit(session: Session, name: str) -> None:
    """Ring once the present unit is committed."""
    after_commit(session, bell(session.info["database"], name).ring)
