"""What comes back with time in the agenda: old tombstones go."""

from datetime import timedelta

from agenda.service.received import forget_tombstones
from kit.app import App
from kit.jobs import Job


def drop_tombstones(app: App) -> None:
    """Forget events that were deleted more than ninety days ago."""
    app.db.write(forget_tombstones)


JOBS = (Job("agenda.tombstones", timedelta(hours=24), drop_tombstones),)
