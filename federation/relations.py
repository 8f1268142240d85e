"""What an actor is to us: a villager, someone we follow, or a stranger."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.follows import ACCEPTED, Following
from federation.models.peers import ACTIVE, Peer
from federation.received import Relation
from federation.urls import origin


def relation_of(session: Session, actor: str) -> Relation:
    """A villager only while its peering is active; a paused one counts as a stranger."""
    peer = session.get(Peer, actor)
    if peer is not None and peer.state == ACTIVE:
        return "peer"
    following = session.get(Following, actor)
    return "followed" if following is not None and following.state == ACCEPTED else "stranger"


def is_villager_origin(session: Session, address: str) -> bool:
    """Whether a peer, active or paused, lives at the origin of `address`."""
    home = origin(address)
    return bool(home) and session.scalar(select(Peer.actor_uri).where(Peer.origin == home)) is not None
