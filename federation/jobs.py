"""What comes back with time: everything kept per origin expires (protocol.md §8, row 24)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from federation.actors.service import forget_unused_actors
from federation.delivery.results import forget_settled
from federation.models.inbox import WAITING, InboxMessage, SeenSignature
from federation.outbox.queries import forget_delivered
from kit import clock
from kit.app import App
from kit.jobs import Job

ACTIVITIES_KEPT: Final = timedelta(days=14)
DELIVERIES_KEPT: Final = timedelta(days=30)


def tidy(app: App) -> None:
    """Forget, in one transaction, what is past its time."""
    app.db.write(forget_old)


def forget_old(session: Session) -> None:
    """Signatures past their window, activities past fourteen days, settled deliveries, unused actors."""
    now = clock.now()
    session.execute(delete(SeenSignature).where(SeenSignature.expires_at < now))
    session.execute(
        delete(InboxMessage).where(
            InboxMessage.state != WAITING, InboxMessage.received_at < now - ACTIVITIES_KEPT
        )
    )
    forget_settled(session, DELIVERIES_KEPT)
    forget_delivered(session, DELIVERIES_KEPT)
    forget_unused_actors(session)


JOBS = (Job("federation.tidy", timedelta(hours=1), tidy),)
