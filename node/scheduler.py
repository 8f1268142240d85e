"""Time: every feature's jobs, ticking in APScheduler; durable work is rows, never a pickled job."""

from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from kit.app import App
from kit.jobs import Job, run_job

LOOK_SECONDS: Final = 300.0


def start_scheduler(app: App) -> AsyncIOScheduler:
    """Start ticking. Each tick takes the job's lease, so that several processes never run it twice."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in app.house.jobs:
        scheduler.add_job(
            _tick,
            "interval",
            seconds=_seconds(job),
            args=(app, job),
            id=job.name,
            max_instances=1,
            coalesce=True,
        )
    scheduler.start()
    return scheduler


def _seconds(job: Job) -> float:
    """A leased job is looked at often: its row says when it is due, across restarts."""
    every = job.every.total_seconds()
    return min(every, LOOK_SECONDS) if job.lease else every


async def _tick(app: App, job: Job) -> None:
    await run_job(app.db, job, app)
