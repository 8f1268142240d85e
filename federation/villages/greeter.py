"""The worker that greets: at once after a start, often while somebody is missing, then once a minute."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from federation.bells import GREETING, bell
from federation.discovery.fetching import Fetcher
from federation.discovery.finding import Discovery
from federation.villages import freshening, greeting
from kit.db import Database
from kit.errors import Refusal

log = structlog.get_logger("federation.villages")

LISTENING_SECONDS: Final = 0.3
"""A node begins its work before its door is open; whoever is greeted knocks back at once."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0
IDLE_SECONDS: Final = 60.0
MOST_AT_ONCE: Final = 20
LISTS_SECONDS: Final = 900.0


class Greeter:
    """One per node; `may_work` says whether this process is the one that greets."""

    def __init__(
        self,
        database: Database,
        discovery: Discovery,
        fetcher: Fetcher,
        may_work: Callable[[], Awaitable[bool]],
    ) -> None:
        self._db, self._discovery, self._fetcher, self._may_work = database, discovery, fetcher, may_work
        self._lists_due = 0.0
        self._bell = bell(database, GREETING)
        self._pauses: dict[str, tuple[float, float]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the running event loop."""
        self._task = asyncio.create_task(self.run(), name="federation.greeter")

    async def stop(self) -> None:
        """End; whoever was not met is met after the next start."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def run(self) -> None:
        """Greet, then wait until rung or until somebody may be tried again; for ever."""
        self._bell.attach()
        await asyncio.sleep(LISTENING_SECONDS)
        while True:
            try:
                if await self._may_work():
                    await self.greet()
            except Exception:
                log.exception("greeting_stumbled")
            await self._bell.wait(self._seconds_to_next())

    async def greet(self) -> None:
        """Found, meet, join: what the file declares and what villages brought."""
        await self._join()
        missing = await self._db.aread(greeting.to_meet)
        self._pauses = {actor: pause for actor, pause in self._pauses.items() if actor in missing}
        ready = [actor for actor in missing if self._is_ready(actor)][:MOST_AT_ONCE]
        await asyncio.gather(*(self._meet(actor) for actor in ready))
        if ready:
            await self._join()
        if self._lists_due <= time.monotonic():
            self._lists_due = time.monotonic() + LISTS_SECONDS
            await self.look_at_lists()

    async def look_at_lists(self) -> None:
        """Fetch the lists of our villages from their founders; one that is down is asked later."""
        for address in await self._db.aread(freshening.lists_of_others):
            try:
                document, _etag = await self._fetcher.collection(address)
                await self._db.awrite(partial(freshening.keep_shown, document=document or {}))
            except Refusal as refusal:
                log.info("list_not_read", address=address, refusal=refusal.name, cause=refusal.cause)

    async def _join(self) -> None:
        if await self._db.aread(greeting.has_to_join):
            await self._db.awrite(greeting.found_declared)
            await self._db.awrite(greeting.join_declared)

    async def _meet(self, actor: str) -> None:
        """Fetch a node that we should exchange with, then offer. It may be down: tried again, ever later."""
        try:
            await self._db.awrite(lambda session: greeting.forget_failure(session, actor))
            await self._discovery.actor(actor)
            await self._db.awrite(lambda session: greeting.begin_with(session, actor))
        except Refusal as refusal:
            self._put_off(actor)
            log.info("not_met", actor=actor, refusal=refusal.name, cause=refusal.cause)
        else:
            self._pauses.pop(actor, None)

    def _is_ready(self, actor: str) -> bool:
        return self._pauses.get(actor, (0.0, 0.0))[0] <= time.monotonic()

    def _put_off(self, actor: str) -> None:
        before = self._pauses.get(actor, (0.0, 0.0))[1]
        pause = min(max(before * 1.6, FIRST_PAUSE), LONGEST_PAUSE)
        self._pauses[actor] = (time.monotonic() + pause, pause)

    def _seconds_to_next(self) -> float:
        due = min((when for when, _ in self._pauses.values()), default=time.monotonic() + IDLE_SECONDS)
        return min(max(due - time.monotonic(), 0.05), IDLE_SECONDS)
