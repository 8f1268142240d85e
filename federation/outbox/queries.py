"""Reads of what was published: the outbox collection, newest first."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from federation.models.outbox import Delivery, OutboxActivity
from kit import clock

PAGE = 20


def published(session: Session, before: uuid.UUID | None, limit: int = PAGE) -> Sequence[OutboxActivity]:
    """Public activities, newest first, older than `before`."""
    query = select(OutboxActivity).where(OutboxActivity.is_public)
    if before is not None:
        query = query.where(OutboxActivity.id < before)
    return session.scalars(query.order_by(OutboxActivity.id.desc()).limit(limit)).all()


def count_published(session: Session) -> int:
    """How many public activities there are."""
    query = select(func.count()).select_from(OutboxActivity).where(OutboxActivity.is_public)
    return session.scalar(query) or 0


def count_objects(session: Session) -> int:
    """How many objects were ever created in public: NodeInfo's local posts."""
    query = select(func.count(func.distinct(OutboxActivity.object_id)))
    return session.scalar(query.where(OutboxActivity.is_public, OutboxActivity.type == "Create")) or 0


def public_activity(session: Session, identity: uuid.UUID) -> OutboxActivity | None:
    """One public activity."""
    row = session.get(OutboxActivity, identity)
    return row if row is not None and row.is_public else None


def forget_delivered(session: Session, older_than: timedelta) -> None:
    """Remove private activities that nobody is owed any more; public ones stay in the outbox."""
    owed = select(Delivery.activity_id)
    session.execute(
        delete(OutboxActivity).where(
            OutboxActivity.is_public.is_(False),
            OutboxActivity.created_at < clock.now() - older_than,
            OutboxActivity.id.not_in(owed),
        )
    )
