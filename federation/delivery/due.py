"""Reads what is due: the earliest row of each (inbox, order key), never one behind another that waits."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from federation.models.origins import OriginState
from federation.models.outbox import WAITING, Delivery, OutboxActivity
from federation.models.peers import Peer
from kit import clock

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Owed:
    """One delivery to make, with what is known of its origin."""

    seq: int
    activity_id: uuid.UUID
    inbox: str
    origin: str
    actor: str
    order_key: str
    attempts: int
    give_up_at: datetime
    style: str
    failures: int


@dataclass(frozen=True, slots=True)
class Unsealed:
    """An activity as stored: its plain body, or the sealed bytes once they were made."""

    id: uuid.UUID
    body: dict[str, Any]
    sealed: bytes | None
    created_at: datetime


def owed(session: Session, busy: Collection[str] = (), limit: int = AT_ONCE) -> list[Owed]:
    """What is due now, oldest first; origins that are `busy` are left out."""
    earlier = aliased(Delivery)
    is_behind = (
        select(earlier.seq)
        .where(earlier.inbox == Delivery.inbox, earlier.order_key == Delivery.order_key)
        .where(earlier.state == WAITING, earlier.seq < Delivery.seq)
        .exists()
    )
    query = (
        select(
            *(Delivery.seq, Delivery.activity_id, Delivery.inbox, Delivery.origin, Delivery.actor),
            *(Delivery.order_key, Delivery.attempts, Delivery.give_up_at),
            func.coalesce(OriginState.style, ""),
            func.coalesce(OriginState.failures, 0),
        )
        .outerjoin(OriginState, OriginState.origin == Delivery.origin)
        .where(Delivery.state == WAITING, Delivery.next_at <= clock.now(), ~is_behind)
        .order_by(Delivery.seq)
        .limit(limit)
    )
    if busy:
        query = query.where(Delivery.origin.not_in(busy))
    return [Owed(*tuple(row)) for row in session.execute(query)]


def next_due(session: Session) -> datetime | None:
    """When the next waiting delivery is due."""
    return session.scalar(select(func.min(Delivery.next_at)).where(Delivery.state == WAITING))


def unsealed(session: Session, ids: Sequence[uuid.UUID]) -> list[Unsealed]:
    """These activities as stored."""
    columns = (OutboxActivity.id, OutboxActivity.body, OutboxActivity.sealed, OutboxActivity.created_at)
    return [
        Unsealed(*tuple(row)) for row in session.execute(select(*columns).where(OutboxActivity.id.in_(ids)))
    ]


def villagers_among(session: Session, origins: Collection[str]) -> set[str]:
    """Those origins where a villager lives: they are written to with RFC 9421 first."""
    return set(session.scalars(select(Peer.origin).where(Peer.origin.in_(origins))))
