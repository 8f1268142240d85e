"""One lane per origin: what is queued and how much may be on the way, so that none holds up another."""

import asyncio
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from federation.delivery.due import Owed

IN_FLIGHT: Final = 2
ENOUGH: Final = 4
"""A lane with this many rows is not read again for now."""
HEALTHY_AT_ONCE: Final = 200
AILING_AT_ONCE: Final = 48
"""Origins that failed last time share these places, and leave the others alone."""


@dataclass(slots=True)
class Lane:
    """What is owed to one origin and was read already."""

    waiting: deque[Owed] = field(default_factory=deque)
    flying: int = 0
    is_ailing: bool = False

    @property
    def held(self) -> int:
        return len(self.waiting) + self.flying

    @property
    def most_flying(self) -> int:
        """One at a time while it is unknown whether the host answers."""
        return 1 if self.is_ailing else IN_FLIGHT


class Lanes:
    """All lanes. `deliver` makes one attempt and says whether the origin answered."""

    def __init__(self, deliver: Callable[[Owed], Awaitable[bool]]) -> None:
        self._deliver = deliver
        self._lanes: dict[str, Lane] = {}
        self._held: dict[int, uuid.UUID] = {}
        self._just_written: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._healthy = asyncio.Semaphore(HEALTHY_AT_ONCE)
        self._ailing = asyncio.Semaphore(AILING_AT_ONCE)

    def busy(self) -> list[str]:
        """Origins with enough to do."""
        return [origin for origin, lane in self._lanes.items() if lane.held >= ENOUGH]

    def begin_reading(self) -> None:
        """What is written from now on may be read as it was before: `add` passes it over."""
        self._just_written.clear()

    def add(self, rows: Iterable[Owed]) -> int:
        """Queue rows that are not held already; how many that was."""
        added = 0
        for owed in rows:
            if owed.seq not in self._held and owed.seq not in self._just_written:
                self._held[owed.seq] = owed.activity_id
                self._lane(owed).waiting.append(owed)
                added += 1
        for origin in list(self._lanes):
            self._start(origin)
        return added

    def release(self, rows: Iterable[Owed]) -> None:
        """These are written: what they are now stands in the table alone."""
        for owed in rows:
            self._held.pop(owed.seq, None)
            self._just_written.add(owed.seq)

    def activities(self) -> set[uuid.UUID]:
        """Activities whose bodies are still needed."""
        return set(self._held.values())

    async def stop(self) -> None:
        """Let what is on the way arrive, or end it after a moment."""
        for lane in self._lanes.values():
            lane.waiting.clear()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        for task in self._tasks:
            task.cancel()

    def _lane(self, owed: Owed) -> Lane:
        lane = self._lanes.setdefault(owed.origin, Lane())
        if not lane.held:
            lane.is_ailing = owed.failures > 0
        return lane

    def _start(self, origin: str) -> None:
        lane = self._lanes[origin]
        while lane.waiting and lane.flying < lane.most_flying:
            lane.flying += 1
            task = asyncio.get_running_loop().create_task(self._fly(origin, lane, lane.waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not lane.held:
            del self._lanes[origin]

    async def _fly(self, origin: str, lane: Lane, owed: Owed) -> None:
        try:
            async with self._ailing if lane.is_ailing else self._healthy:
                answered = await self._deliver(owed)
            if not answered:
                self._give_back(lane)
            lane.is_ailing = not answered
        finally:
            lane.flying -= 1
            self._start(origin)

    def _give_back(self, lane: Lane) -> None:
        """The host does not answer: the rest of its lane goes back to the table, which knows when to try."""
        for owed in lane.waiting:
            self._held.pop(owed.seq, None)
        lane.waiting.clear()
