"""Keeps what was pulled beside what was sent: the same table, the same handler, each activity once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import bells
from federation.inbox.content import content_hash_of
from federation.models.actors import RemoteActor
from federation.models.inbox import WAITING, InboxMessage
from federation.models.peers import ACTIVE, Peer
from federation.reading import type_of
from kit import clock

EVERY = timedelta(minutes=15)


def store_pulled(session: Session, actor: str, activities: Sequence[dict[str, Any]]) -> int:
    """Queue those that were never received; how many that was."""
    wanted = {str(activity["id"]): activity for activity in activities}
    known = set(session.scalars(select(InboxMessage.activity_id).where(InboxMessage.activity_id.in_(wanted))))
    fresh = [activity for name, activity in wanted.items() if name not in known]
    session.add_all(_row(actor, activity) for activity in fresh)
    if fresh:
        bells.ring_after_commit(session, bells.INBOX)
    return len(fresh)


def note_pulled(session: Session, actor: str, etags: Mapping[str, str]) -> None:
    """Remember when, and what the collections were, so that the next pull may find them unchanged."""
    peer = session.get(Peer, actor)
    if peer is not None:
        peer.pulled_at, peer.pull_etags = clock.now(), dict(etags)


def pull_soon(session: Session, actor: str) -> None:
    """Pull this villager again at once."""
    peer = session.get(Peer, actor)
    if peer is not None:
        peer.pulled_at = None
        bells.ring_after_commit(session, bells.CATCH_UP)


def due_peers(session: Session, even_recent: bool = False) -> list[tuple[Peer, RemoteActor]]:
    """Active villagers to pull from, with their addresses."""
    rows = session.execute(
        select(Peer, RemoteActor)
        .join(RemoteActor, RemoteActor.uri == Peer.actor_uri)
        .where(Peer.state == ACTIVE)
    )
    before = clock.now() - EVERY
    return [
        (peer, actor)
        for peer, actor in rows
        if even_recent or peer.pulled_at is None or peer.pulled_at < before
    ]


def _row(actor: str, activity: dict[str, Any]) -> InboxMessage:
    now = clock.now()
    return InboxMessage(
        activity_id=str(activity["id"]),
        content_hash=content_hash_of(activity),
        actor=actor,
        type=type_of(activity)[:100],
        verified={},
        body=msgspec.json.encode(activity),
        state=WAITING,
        reason="",
        attempts=0,
        received_at=now,
        next_at=now,
    )
