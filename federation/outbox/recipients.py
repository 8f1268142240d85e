"""Who is owed a message, from our own tables and never from its `to` (protocol.md §3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.blocks import blocked_subjects
from federation.models.actors import RemoteActor
from federation.models.follows import Follower
from federation.models.peers import ACTIVE, Peer
from federation.urls import origin


@dataclass(frozen=True)
class Recipient:
    """One inbox, the actor it was found for, and whether that is a villager."""

    inbox: str
    actor: str
    is_peer: bool

    @property
    def origin(self) -> str:
        return origin(self.inbox)


@dataclass(frozen=True)
class Audience:
    """Whom a message is for: `only` these actors, else villagers by what we share, followers if public.

    A `scope` of "" is no room's: every villager gets it.
    """

    scope: str
    labels: frozenset[str] = frozenset()
    is_public: bool = True
    only: Sequence[str] | None = None


def recipients(session: Session, audience: Audience) -> list[Recipient]:
    """One per inbox, blocked origins and actors left out."""
    found = _named(session, audience.only) if audience.only is not None else _by_rule(session, audience)
    blocked = blocked_subjects(session, {subject for one in found for subject in (one.origin, one.actor)})
    by_inbox: dict[str, Recipient] = {}
    for one in found:
        if one.inbox and one.origin not in blocked and one.actor not in blocked:
            by_inbox.setdefault(one.inbox, one)
    return list(by_inbox.values())


def _named(session: Session, actors: Sequence[str]) -> list[Recipient]:
    peers = set(session.scalars(select(Peer.actor_uri).where(Peer.actor_uri.in_(actors))))
    inboxes = session.execute(select(RemoteActor.uri, RemoteActor.inbox).where(RemoteActor.uri.in_(actors)))
    return [Recipient(inbox, uri, uri in peers) for uri, inbox in inboxes]


def _by_rule(session: Session, audience: Audience) -> Iterable[Recipient]:
    peers = list(session.scalars(select(Peer)))
    given = {
        peer.actor_uri
        for peer in peers
        if peer.state == ACTIVE and (not audience.scope or peer.lets_through(audience.scope, audience.labels))
    }
    rows = session.scalars(select(RemoteActor).where(RemoteActor.uri.in_(given)))
    found = [Recipient(actor.delivery_inbox, actor.uri, True) for actor in rows]
    if audience.is_public:
        villagers = {peer.actor_uri for peer in peers}
        followers = session.scalars(select(Follower))
        found += [
            Recipient(one.inbox, one.actor_uri, False) for one in followers if one.actor_uri not in villagers
        ]
    return found
