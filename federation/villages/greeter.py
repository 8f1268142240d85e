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
from federation.villages.patience import Patience
from kit.db import Database
from kit.errors import Refusal

log = structlog.get_logger("federation.villages")

LISTENING_SECONDS: Final = 0.3
"""A node begins its work before its door is open; whoever is greeted knocks back at once."""
IDLE_SECONDS: Final = 60.0
STUMBLED_SECONDS: Final = 2.0
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
        self._meeting = Patience(first=1.0, longest=300.0)
        self._asking = Patience(first=10.0, longest=6 * 3600.0)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Found what our file declares, before anybody can knock and ask in; then greet in the background."""
        await self._safely(self._join)
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
            is_done = await self._safely(self.greet)
            await self._bell.wait(self._seconds_to_next() if is_done else STUMBLED_SECONDS)

    async def greet(self) -> None:
        """Found, meet, join, ask again: what the file declares and what villages brought."""
        missing = await self._db.aread(greeting.to_meet)
        self._meeting.keep(missing)
        await asyncio.gather(*(self._meet(actor) for actor in self._meeting.ready(missing)[:MOST_AT_ONCE]))
        await self._join()
        await self._ask_again()
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

    async def _safely(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Do this if this process is the one that works; whether it went without a (logged) stumble."""
        try:
            if await self._may_work():
                await work()
        except Exception:
            log.exception("greeting_stumbled")
            return False
        return True

    async def _join(self) -> None:
        if await self._db.aread(greeting.has_to_join):
            await self._db.awrite(greeting.found_declared)
            await self._db.awrite(greeting.join_declared)

    async def _ask_again(self) -> None:
        """A founder that says nothing is asked again: soon at first, for it may have started with us."""
        unanswered = await self._db.aread(greeting.unanswered)
        self._asking.keep(unanswered)
        for uri in self._asking.ready(unanswered):
            if self._asking.knows(uri):
                await self._db.awrite(partial(greeting.ask_again, uri=uri))
            self._asking.put_off(uri)

    async def _meet(self, actor: str) -> None:
        """Fetch a node that we should exchange with, then offer. It may be down: tried again, ever later."""
        try:
            await self._db.awrite(lambda session: greeting.forget_failure(session, actor))
            await self._discovery.actor(actor)
            await self._db.awrite(lambda session: greeting.begin_with(session, actor))
        except Refusal as refusal:
            self._meeting.put_off(actor)
            log.info("not_met", actor=actor, refusal=refusal.name, cause=refusal.cause)
        else:
            self._meeting.forget(actor)

    def _seconds_to_next(self) -> float:
        return min(patience.seconds_to_next(IDLE_SECONDS) for patience in (self._meeting, self._asking))
