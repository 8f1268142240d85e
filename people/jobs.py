"""What comes back with time: visits are written, what is over is forgotten. Mails have their postman."""

from datetime import timedelta

from sqlalchemy.orm import Session

from kit.app import App
from kit.jobs import Job
from kit.limits import forget_free
from kit.mail.outbox import forget_old_mails
from people.seen import Seen
from people.service.sessions import forget_old_sessions, note_seen
from people.service.sign_in import forget_old_attempts


async def write_seen(app: App) -> None:
    """Write the visits of this process; none, no write."""
    seen = app.ports.take(Seen).drain()
    if seen:
        await app.db.awrite(lambda session: note_seen(session, seen))


def forget(app: App) -> None:
    """Drop what is over: sessions, attempts, mails, limits."""
    app.db.write(_forget)


def _forget(session: Session) -> None:
    for forget_some in (forget_old_sessions, forget_old_attempts, forget_old_mails, forget_free):
        forget_some(session)


JOBS = (
    Job("people.write_seen", timedelta(minutes=1), write_seen, lease=False),
    Job("people.forget", timedelta(hours=1), forget),
)
