"""The worker in the event loop: reads what is due, lets lanes deliver it, writes the results in groups."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from federation.bells import OUTBOX, bell
from federation.delivery.due import Owed, next_due, owed, unsealed, villagers_among
from federation.delivery.lanes import Lanes
from federation.delivery.lease import RENEW_SECONDS, give_lease_back, hold_lease
from federation.delivery.posting import Attempt, Courier
from federation.delivery.results import Batch, failing_origins, heard_from, write_batch
from federation.delivery.rules import UNBELIEVED, blames_origin
from federation.delivery.sealing import SealedBodies
from kit import clock
from kit.db import Database

log = structlog.get_logger("federation.delivery")

IDLE_SECONDS: Final = 2.0
NOTE_SECONDS: Final = 30.0
SHORTEST_PAUSE: Final = 0.02


@dataclass(frozen=True)
class Hands:
    """What the worker works with. `on_gone` looks after an actor whose inbox answered 410."""

    courier: Courier
    bodies: SealedBodies
    on_gone: Callable[[str], Awaitable[None]]


class DeliveryWorker:
    """One per node: on PostgreSQL, the process that holds the lease."""

    def __init__(self, database: Database, hands: Hands) -> None:
        self._db, self._hands = database, hands
        self._bell = bell(database, OUTBOX)
        self._lanes = Lanes(self._deliver)
        self._done: list[Attempt] = []
        self._something_done = asyncio.Event()
        self._villagers: set[str] = set()
        self._lease_until = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failing: set[str] = set()
        self._unbelieved: set[str] = set()
        self._noted: dict[str, float] = {}
        self._notes: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver what is owed, for ever; a stumble is logged and costs a pause."""
        self._bell.attach()
        self._loop = asyncio.get_running_loop()
        self._failing.update(await self._db.aread(failing_origins))
        writer = asyncio.create_task(self._write_results())
        try:
            while True:
                await self._turn()
        finally:
            await self._lanes.stop()
            self._hands.courier.close()
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
            await self._write_what_is_done()
            if not self._db.is_sqlite:
                await self._db.awrite(give_lease_back)

    def on_message_from(self, origin: str) -> None:
        """A verified message came from there: if it was failing, try again at once what waits for it.

        So too where our signature was not believed: whoever writes to us has fetched our keys by now.
        """
        if self._waits_for(origin):
            self._failing.discard(origin)
            self._unbelieved.discard(origin)
            self._notes.add(task := asyncio.create_task(self._note_life(origin)))
            task.add_done_callback(self._notes.discard)

    def on_message_from_thread(self, origin: str) -> None:
        """The same from a thread that serves a page."""
        if self._waits_for(origin) and self._loop is not None:
            self._loop.call_soon_threadsafe(self.on_message_from, origin)

    @property
    def is_failing_any(self) -> bool:
        """Whether some origin did not answer lately."""
        return bool(self._failing)

    def _waits_for(self, origin: str) -> bool:
        return origin in self._failing or origin in self._unbelieved

    async def _note_life(self, origin: str) -> None:
        await self._db.awrite(lambda session: heard_from(session, origin))
        self._bell.ring()

    async def _turn(self) -> None:
        try:
            if await self.is_leader() and await self._load():
                await asyncio.sleep(SHORTEST_PAUSE)
                return
            await self._bell.wait(await self._seconds_to_next())
        except Exception:
            log.exception("delivery_stumbled")
            await asyncio.sleep(IDLE_SECONDS)

    async def is_leader(self) -> bool:
        """On SQLite one process owns the node; elsewhere the lease says who."""
        if not self._db.is_sqlite and time.monotonic() > self._lease_until:
            if not await self._db.awrite(hold_lease):
                return False
            self._lease_until = time.monotonic() + RENEW_SECONDS
        return True

    async def _load(self) -> int:
        """Read due rows into the lanes; how many were new."""
        self._lanes.begin_reading()
        rows = await self._db.aread(partial(owed, busy=self._lanes.busy()))
        if not rows:
            return 0
        missing = self._hands.bodies.missing(row.activity_id for row in rows)
        if missing:
            self._hands.bodies.add(await self._db.aread(lambda session: unsealed(session, missing)))
            self._hands.bodies.forget_oldest(self._lanes.activities() | {row.activity_id for row in rows})
        origins = {row.origin for row in rows}
        self._villagers = (
            await self._db.aread(lambda session: villagers_among(session, origins)) | self._villagers
        )
        return self._lanes.add(rows)

    async def _deliver(self, row: Owed) -> bool:
        """One attempt; whether the host answered."""
        body = self._hands.bodies.body(row.activity_id)
        try:
            attempt = await self._hands.courier.attempt(row, body, is_villager=row.origin in self._villagers)
        except Exception as error:
            log.exception("attempt_failed", inbox=row.inbox)
            attempt = Attempt(row, None, type(error).__name__)
        self._done.append(attempt)
        self._something_done.set()
        answered = not blames_origin(attempt.status)
        if not answered:
            self._failing.add(row.origin)
        elif attempt.status == UNBELIEVED:
            self._unbelieved.add(row.origin)
        return answered

    async def _write_results(self) -> None:
        """While one group is being committed, the next one gathers itself."""
        while True:
            await self._something_done.wait()
            self._something_done.clear()
            try:
                await self._write_what_is_done()
            except Exception:
                log.exception("results_not_written")
                await asyncio.sleep(IDLE_SECONDS)
                self._something_done.set()

    async def _write_what_is_done(self) -> None:
        attempts, self._done = self._done, []
        if not attempts:
            return
        batch = Batch(attempts, self._hands.bodies.to_store(), self._to_note(attempts))
        try:
            await self._db.awrite(lambda session: write_batch(session, batch))
        except Exception:
            self._done = attempts + self._done
            raise
        self._lanes.release(attempt.owed for attempt in attempts)
        self._bell.ring()
        for attempt in attempts:
            if attempt.status == 410:
                await self._hands.on_gone(attempt.owed.actor)

    def _to_note(self, attempts: list[Attempt]) -> frozenset[str]:
        """Origins whose row is written even when all goes on well: each once in half a minute."""
        now = time.monotonic()
        due = {one.owed.origin for one in attempts if self._noted.get(one.owed.origin, 0.0) < now}
        self._noted.update(dict.fromkeys(due, now + NOTE_SECONDS))
        return frozenset(due)

    async def _seconds_to_next(self) -> float:
        due = await self._db.aread(next_due)
        if due is None or due <= clock.now():
            return IDLE_SECONDS
        return min(max((due - clock.now()).total_seconds(), SHORTEST_PAUSE), IDLE_SECONDS)
