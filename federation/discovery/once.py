"""The same question asked twice at once is asked once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class OneAtATime(Generic[T]):
    """Questions under way, by name; whoever asks meanwhile waits for the same answer."""

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[T]] = {}

    async def run(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer of `ask`, or of the one under way; a caller that gives up does not end it."""
        if name not in self._under_way:
            task = asyncio.create_task(ask())
            self._under_way[name] = task
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return await asyncio.shield(self._under_way[name])
