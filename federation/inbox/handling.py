"""The handler: waiting rows, each in its own transaction; one that fails never holds up the others."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.bells import INBOX, bell
from federation.inbox.dispatch import Registry, handler_for, is_due, received_from, refuse_blocked
from federation.models.inbox import DROPPED, HANDLED, WAITING, InboxMessage
from kit import clock
from kit.db import Database
from kit.errors import Refusal

log = structlog.get_logger("federation.inbox")

AT_ONCE: Final = 64
IDLE_SECONDS: Final = 5.0
MOST_ATTEMPTS: Final = 12
FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(hours=6)


class InboxWorker:
    """Hands stored activities over to the rooms, in order of arrival."""

    def __init__(self, database: Database, registry: Registry, own_actor: str) -> None:
        self._db, self._registry, self._own_actor = database, registry, own_actor
        self._bell = bell(database, INBOX)

    async def run(self) -> None:
        """Handle what waits, then sleep until something is stored or due; for ever."""
        self._bell.attach()
        while True:
            try:
                if await self.handle_waiting():
                    continue
                await self._bell.wait(await self._seconds_to_next())
            except Exception:
                log.exception("inbox_stumbled")
                await asyncio.sleep(IDLE_SECONDS)

    async def handle_waiting(self) -> int:
        """Handle what is due now; how many rows that was."""
        due = await self._db.aread(due_rows)
        await asyncio.gather(*(self._handle(seq) for seq in due))
        return len(due)

    async def _handle(self, seq: int) -> None:
        try:
            await self._db.awrite(
                partial(handle_row, seq=seq, registry=self._registry, own_actor=self._own_actor)
            )
        except Exception as error:
            log.exception("activity_failed", seq=seq)
            await self._db.awrite(partial(put_off, seq=seq, reason=type(error).__name__))

    async def _seconds_to_next(self) -> float:
        due = await self._db.aread(next_due)
        if due is None:
            return IDLE_SECONDS
        return min(max((due - clock.now()).total_seconds(), 0.01), IDLE_SECONDS)


def due_rows(session: Session) -> Sequence[int]:
    """The first rows that wait and are due, in order of arrival."""
    query = select(InboxMessage.seq).where(InboxMessage.state == WAITING, InboxMessage.next_at <= clock.now())
    return session.scalars(query.order_by(InboxMessage.seq).limit(AT_ONCE)).all()


def next_due(session: Session) -> datetime | None:
    """When the next waiting row is due."""
    return session.scalar(select(func.min(InboxMessage.next_at)).where(InboxMessage.state == WAITING))


def handle_row(session: Session, *, seq: int, registry: Registry, own_actor: str) -> None:
    """Hand one row over. A Refusal drops it and undoes what the handler wrote; another error is raised."""
    row = session.get(InboxMessage, seq, with_for_update=True)
    if row is None or not is_due(row, clock.now()):
        return
    try:
        received = received_from(session, row, own_actor)
        refuse_blocked(session, received)
        handle = handler_for(registry, received)
        with session.begin_nested():
            handle(session, received)
    except Refusal as refusal:
        log.info("activity_dropped", type=row.type, refusal=refusal.name, cause=refusal.cause)
        row.settle(DROPPED, refusal.name)
    else:
        row.settle(HANDLED)


def put_off(session: Session, *, seq: int, reason: str) -> None:
    """Try a row again later, twice as late each time; drop it after twelve attempts."""
    row = session.get(InboxMessage, seq)
    if row is None or row.state != WAITING:
        return
    row.attempts += 1
    row.reason = reason
    if row.attempts >= MOST_ATTEMPTS:
        row.settle(DROPPED, f"failed:{reason}")
        return
    wait = min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    row.next_at = clock.now() + wait * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
