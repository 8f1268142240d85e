"""What may be fetched, decided before any look-up: blocks, recent failures, budgets (protocol.md §8)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.blocks import Blocked, is_blocked
from federation.models.actors import FetchFailure, RemoteActor
from federation.standing import is_declared
from federation.urls import origin
from kit import clock
from kit.errors import Refusal, TooManyRequests
from kit.i18n import lazy
from kit.limits import give_back, take

FAILURES_KEPT: Final = timedelta(minutes=5)
FETCHES: Final = 60
FETCHES_PER: Final = timedelta(minutes=10)
NEW_ORIGINS: Final = 500
NEW_ORIGINS_PER: Final = timedelta(hours=1)
REFETCH_AFTER: Final = timedelta(minutes=5)


class FailedLately(Refusal):
    """The address failed a moment ago; it is not asked again for five minutes."""

    name, status = "failed_lately", 502
    default = lazy("The other node did not answer a moment ago. I try again in a few minutes.")


def permit_fetch(session: Session, url: str) -> None:
    """Take one fetch of `url` from the budgets of its origin and of the node.

    A node that our file lists is asked again even when it failed lately: it may be starting with us.

    Raises Blocked, FailedLately or TooManyRequests.
    """
    home = origin(url)
    if is_blocked(session, url):
        raise Blocked
    failure = session.get(FetchFailure, url)
    if failure is not None and failure.until > clock.now() and not is_declared(session, url):
        raise FailedLately(cause=f"{url}: {failure.reason}")
    take(session, f"federation.fetch {home}", FETCHES, FETCHES_PER)
    if session.scalar(select(RemoteActor.uri).where(RemoteActor.origin == home).limit(1)) is None:
        take(session, "federation.new_origins", NEW_ORIGINS, NEW_ORIGINS_PER)


def may_refetch_key(session: Session, key_id: str) -> bool:
    """Whether a key that fails to verify may be fetched again: once in five minutes."""
    try:
        take(session, _refetch(key_id), 1, REFETCH_AFTER)
    except TooManyRequests:
        return False
    return True


def was_not_refetched(session: Session, key_id: str) -> None:
    """Nobody answered: the address may be asked again as soon as `permit_fetch` says so."""
    give_back(session, _refetch(key_id), 1, REFETCH_AFTER)


def _refetch(key_id: str) -> str:
    return f"federation.refetch {key_id}"
