"""A bell that a commit rings and a postman hears, across threads. A ring that is missed costs only time."""

import asyncio
from contextlib import suppress
from weakref import WeakSet


class Bell:
    """Made inside an event loop; `ring` may come from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        _bells.add(self)

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is waiting any more
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, `seconds` at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


_bells: WeakSet[Bell] = WeakSet()


def ring_all() -> None:
    """Ring every bell of this process."""
    for bell in list(_bells):
        bell.ring()
