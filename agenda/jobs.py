"""What comes back with time in the agenda: old tombstones and unused pictures go, new pictures come."""

from datetime import timedelta

from agenda.flows import fetch_pictures, sweep_pictures
from agenda.service.received import forget_tombstones
from kit.app import App
from kit.jobs import Job


def tidy(app: App) -> None:
    """Forget events that were deleted more than ninety days ago, then pictures that nothing shows."""
    app.db.write(forget_tombstones)
    sweep_pictures(app)


async def bring_pictures(app: App) -> None:
    """Fetch the pictures of events that other nodes told us."""
    await fetch_pictures(app)


JOBS = (
    Job("agenda.tidy", timedelta(hours=24), tidy),
    Job("agenda.pictures", timedelta(minutes=2), bring_pictures),
)
