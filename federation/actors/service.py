"""Remember and forget remote actors."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from federation.actors.keys import keep_keys
from federation.actors.profile import columns_of, fact_of, is_actor
from federation.facts import ActorGone
from federation.models.actors import ActorKey, FetchFailure, RemoteActor
from federation.models.follows import Follower, Following
from federation.models.outbox import DROPPED, WAITING, Delivery
from federation.models.peers import Peer
from federation.models.villages import PeeringOffer, Village, VillageMember
from federation.refusals import NotUnderstood
from federation.urls import origin
from kit import clock
from kit.facts import emit

UNUSED_FOR = timedelta(days=30)
FRESH_FOR = timedelta(days=1)


def remember_actor(session: Session, document: Mapping[str, Any], *, vouched: bool = False) -> RemoteActor:
    """Keep what an actor says of itself, fetched at its own address or signed by it.

    Raises NotUnderstood when this is no actor that can be written to.
    """
    if not is_actor(document):
        raise NotUnderstood(cause=f"{document.get('id')!r} is not an actor")
    now = clock.now()
    row = RemoteActor(
        uri=str(document["id"]),
        origin=origin(str(document["id"])),
        fetched_at=now,
        used_at=now,
        gone_at=None,
        **columns_of(document),
    )
    row = session.merge(row)
    keep_keys(session, document, vouched=vouched)
    session.execute(delete(FetchFailure).where(FetchFailure.url == row.uri))
    session.execute(update(Follower).where(Follower.actor_uri == row.uri).values(inbox=row.delivery_inbox))
    emit(session, fact_of(document))
    return row


def actor_is_gone(session: Session, uri: str) -> None:
    """It said so, or its address answers 410: nothing more is sent to it, rooms forget its things."""
    actor = session.get(RemoteActor, uri)
    if actor is not None:
        actor.gone_at = clock.now()
    session.execute(delete(Follower).where(Follower.actor_uri == uri))
    session.execute(delete(Following).where(Following.actor_uri == uri))
    session.execute(
        update(Delivery)
        .where(Delivery.actor == uri, Delivery.state == WAITING)
        .values(state=DROPPED, last_error="gone", settled_at=clock.now())
    )
    emit(session, ActorGone(uri))


def note_failure(session: Session, url: str, reason: str, lasting: timedelta) -> None:
    """Do not fetch `url` again for a while."""
    session.merge(FetchFailure(url=url, reason=reason, until=clock.now() + lasting))


def forget_unused_actors(session: Session) -> None:
    """Remove strangers that nothing was heard of for thirty days, with their keys."""
    kept = select(Follower.actor_uri).union(
        select(Following.actor_uri),
        select(Peer.actor_uri),
        select(PeeringOffer.actor_uri),
        select(VillageMember.actor_uri),
        select(Village.founder),
    )
    old = select(RemoteActor.uri).where(
        RemoteActor.used_at < clock.now() - UNUSED_FOR, RemoteActor.uri.not_in(kept)
    )
    session.execute(delete(ActorKey).where(ActorKey.actor_uri.in_(old)))
    session.execute(delete(RemoteActor).where(RemoteActor.uri.in_(old)))
    session.execute(delete(FetchFailure).where(FetchFailure.until < clock.now()))
