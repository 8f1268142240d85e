"""From worker threads to the event loop that does all the network."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from kit.http.errors import Unreachable

T = TypeVar("T")


class Bridge:
    """Runs coroutines of worker threads on one event loop, from `open` to `close`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: set[Future[Any]] = set()

    def open(self) -> None:
        """Take the running event loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Let nobody wait any more: what is under way is cancelled."""
        self._loop = None
        for future in list(self._under_way):
            future.cancel()

    def run(self, asked: Coroutine[Any, Any, T]) -> T:
        """The result of `asked`, which runs on the loop while this thread waits.

        Raises what it raises; Unreachable when the client is closed; RuntimeError on the loop's own thread.
        """
        loop = self._loop
        if loop is None or _is_here(loop):
            asked.close()
            if loop is None:
                raise Unreachable(cause="the HTTP client is closed")
            raise RuntimeError("from_thread is for worker threads; on the event loop, await instead")
        future = asyncio.run_coroutine_threadsafe(asked, loop)
        self._under_way.add(future)
        try:
            return future.result()
        except CancelledError:
            raise Unreachable(cause="the HTTP client was closed meanwhile") from None
        finally:
            self._under_way.discard(future)


def _is_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
