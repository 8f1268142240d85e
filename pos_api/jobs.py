"""What comes back with time: when tills were seen is written, what is over is forgotten."""

from datetime import timedelta

from sqlalchemy.orm import Session

from kit.app import App
from kit.jobs import Job
from pos_api.seen import DevicesSeen
from pos_api.service.devices import note_seen
from pos_api.service.holding import forget_old_sessions
from pos_api.service.pairing import forget_old_codes


async def write_seen(app: App) -> None:
    """Write which tills were heard in this process; none, no write."""
    seen = app.ports.take(DevicesSeen).drain()
    if seen:
        await app.db.awrite(lambda session: note_seen(session, seen))


def forget(app: App) -> None:
    """Drop pairing codes and sessions that are over."""
    app.db.write(_forget)


def _forget(session: Session) -> None:
    forget_old_codes(session)
    forget_old_sessions(session)


JOBS = (
    Job("pos_api.write_seen", timedelta(minutes=1), write_seen, lease=False),
    Job("pos_api.forget", timedelta(hours=1), forget),
)
