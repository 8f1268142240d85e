"""Which process delivers, where several share one PostgreSQL database."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from kit import clock
from kit.jobs import LEASE, OWNER, Job, JobLease, keep_lease, take_lease

RENEW_SECONDS: Final = 60.0
_WORK: Final = Job("federation.delivery.worker", timedelta(seconds=1), lambda _app: None)


def hold_lease(session: Session) -> bool:
    """Keep the lease, or take it when it is free; whether this process has it."""
    lease, now = session.get(JobLease, _WORK.name), clock.now()
    if lease is not None and lease.owner == OWNER and lease.until > now:
        lease.until = now + LEASE
        return True
    return take_lease(session, _WORK)


def give_lease_back(session: Session) -> None:
    """Let another process deliver at once."""
    keep_lease(session, _WORK.name, clock.now())
