"""Time: every feature's jobs, ticking in APScheduler; durable work is rows, never a pickled job."""

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from kit.app import App
from kit.jobs import Job, run_job


def start_scheduler(app: App) -> AsyncIOScheduler:
    """Start ticking. Each tick takes the job's lease, so that several processes never run it twice."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in app.house.jobs:
        scheduler.add_job(
            _tick,
            "interval",
            seconds=job.every.total_seconds(),
            args=(app, job),
            id=job.name,
            max_instances=1,
            coalesce=True,
        )
    scheduler.start()
    return scheduler


async def _tick(app: App, job: Job) -> None:
    await run_job(app.db, job, app)
