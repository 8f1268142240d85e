"""Work that comes back with time: each job runs in one process at a time, and no more often than it says.

What must happen is a row; a job only looks at rows. The lease is a row too, so that several processes on one
database never run the same job twice.
"""

import asyncio
import inspect
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kit import clock, ids
from kit.db import Base, Database, insert
from kit.errors import Refusal

log = structlog.get_logger("kit.jobs")

OWNER: Final = f"{os.uname().nodename}:{os.getpid()}:{ids.new_id()}"
LEASE = timedelta(minutes=5)  # how long a process that died keeps its job
SHORT = timedelta(minutes=1)  # under this, the lock of a SQLite node is lease enough


@dataclass(frozen=True)
class Job:
    """Something to do every `every`. `run` gets the App; it may be a coroutine function."""

    name: str
    every: timedelta
    run: Callable[[Any], Awaitable[None] | None]
    lease: bool = True


class JobLease(Base):
    """Who runs a job now, and when it is due again."""

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]
    due: Mapped[datetime]


async def run_job(database: Database, job: Job, app: Any, *, now: bool = False) -> bool:
    """Run `job` unless another process does, or it is not due (`now=True`: due or not).

    Says whether it ran to its end; what it raises is logged, never raised.
    """
    if not _needs_lease(database, job):
        return await _run(job, app)
    if not await _take(database, job, even_early=now):
        return False
    async with _kept(database, job):
        return await _run(job, app)


async def _take(database: Database, job: Job, *, even_early: bool) -> bool:
    """Look first: a tick that comes before its time writes nothing."""
    if not even_early and not await database.aread(lambda session: is_due(session, job.name)):
        return False
    return await database.awrite(lambda session: take_lease(session, job, even_early=even_early))


def is_due(session: Session, name: str) -> bool:
    """Whether the job has waited long enough and nobody holds its lease."""
    lease = session.get(JobLease, name)
    return lease is None or (lease.until <= clock.now() and lease.due <= clock.now())


def take_lease(session: Session, job: Job, *, owner: str = OWNER, even_early: bool = False) -> bool:
    """Take the job's lease if it is free and the job is due; say whether it was taken."""
    moment = clock.now()
    lease = _lease(session, job.name, moment)
    if lease.until > moment or (lease.due > moment and not even_early):
        return False
    lease.owner, lease.until, lease.due = owner, moment + LEASE, moment + job.every * 0.9
    return True


def keep_lease(session: Session, name: str, until: datetime, *, owner: str = OWNER) -> None:
    """Move the end of a lease that is still held: later to keep it, to the present to give it back."""
    lease = _lease(session, name, until)
    if lease.owner == owner:
        lease.until = until


def _needs_lease(database: Database, job: Job) -> bool:
    return job.lease and not (database.is_sqlite and job.every < SHORT)


async def _run(job: Job, app: Any) -> bool:
    begun = time.monotonic()
    try:
        await _call(job, app)
    except Exception:
        log.exception("job_failed", job=job.name, seconds=_since(begun))
        return False
    log.debug("job_done", job=job.name, seconds=_since(begun))
    return True


async def _call(job: Job, app: Any) -> None:
    if inspect.iscoroutinefunction(job.run):
        await job.run(app)
    elif inspect.isawaitable(waiting := await asyncio.to_thread(job.run, app)):
        await waiting


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 3)


@asynccontextmanager
async def _kept(database: Database, job: Job) -> AsyncIterator[None]:
    """Hold the lease while the block runs, however long, then give it back."""
    keeper = asyncio.create_task(_keep(database, job.name))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
        with suppress(Refusal):  # a lease that is not given back ends by itself
            await database.awrite(lambda session: keep_lease(session, job.name, clock.now()))


async def _keep(database: Database, name: str) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        with suppress(Refusal):
            await database.awrite(lambda session: keep_lease(session, name, clock.now() + LEASE))


def _lease(session: Session, name: str, moment: datetime) -> JobLease:
    free = {"name": name, "owner": "", "until": moment, "due": moment}
    session.execute(insert(session, JobLease).values(free).on_conflict_do_nothing())
    return session.scalars(select(JobLease).where(JobLease.name == name).with_for_update()).one()
