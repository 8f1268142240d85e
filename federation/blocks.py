"""Cutting off: what is blocked is neither read, fetched nor written to."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from federation.facts import OriginBlocked
from federation.models.follows import Follower, Following
from federation.models.inbox import DROPPED as INBOX_DROPPED
from federation.models.inbox import WAITING as INBOX_WAITING
from federation.models.inbox import InboxMessage
from federation.models.origins import Block
from federation.models.outbox import DROPPED, WAITING, Delivery
from federation.refusals import NotUnderstood
from federation.urls import origin
from kit import clock
from kit.errors import Forbidden
from kit.facts import emit
from kit.i18n import lazy


class Blocked(Forbidden):
    name = "blocked"
    default = lazy("This node does not exchange with yours.")


def block(session: Session, subject: str, *, reason: str = "", by: uuid.UUID | None = None) -> Block:
    """Cut off an origin (`https://host`) or one actor: what waits is dropped, follows end.

    Raises NotUnderstood when `subject` is no web address.
    """
    if not origin(subject):
        raise NotUnderstood(cause=f"{subject!r} cannot be blocked")
    row = session.merge(Block(subject=subject, reason=reason, by=by, since=clock.now()))
    _forget_waiting(session, subject)
    _end_follows(session, subject)
    if subject == origin(subject):
        emit(session, OriginBlocked(subject))
    return row


def unblock(session: Session, subject: str) -> None:
    """Read and write to `subject` again; follows must be asked for anew."""
    session.execute(delete(Block).where(Block.subject == subject))


def blocked_subjects(session: Session, subjects: Iterable[str]) -> set[str]:
    """Those of `subjects` (origins, actors) that are blocked."""
    asked = {subject for subject in subjects if subject}
    return set(session.scalars(select(Block.subject).where(Block.subject.in_(asked)))) if asked else set()


def is_blocked(session: Session, uri: str) -> bool:
    """Whether this actor, or everything at its origin, is blocked."""
    return bool(blocked_subjects(session, (uri, origin(uri))))


def _forget_waiting(session: Session, subject: str) -> None:
    outgoing = (Delivery.origin == subject) | (Delivery.actor == subject)
    session.execute(
        update(Delivery)
        .where(outgoing, Delivery.state == WAITING)
        .values(state=DROPPED, last_error="blocked", settled_at=clock.now())
    )
    session.execute(
        update(InboxMessage)
        .where(_of(InboxMessage.actor, subject), InboxMessage.state == INBOX_WAITING)
        .values(state=INBOX_DROPPED, reason="blocked")
    )


def _end_follows(session: Session, subject: str) -> None:
    session.execute(delete(Follower).where(_of(Follower.actor_uri, subject)))
    session.execute(delete(Following).where(_of(Following.actor_uri, subject)))


def _of(column: InstrumentedAttribute[str], subject: str) -> ColumnElement[bool]:
    """The actor itself, or any actor of the origin."""
    return (column == subject) | column.startswith(f"{subject}/", autoescape=True)
