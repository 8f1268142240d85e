"""A node that is blocked, or is no more, is neither a peer nor in a village with us."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.facts import ActorGone, OriginBlocked
from federation.models.peers import Peer
from federation.models.villages import INVITED, MEMBER, OURS, Village, VillageMember
from federation.peering.rows import close_peer, forget_offers, note_stopped
from federation.standing import Standing, standing_of
from federation.urls import same_origin
from federation.villages import service


def on_blocked(session: Session, fact: OriginBlocked) -> None:
    """Cut off: the peerings end without a word, the villages that we share end too."""
    own = standing_of(session)
    for peer in session.scalars(select(Peer).where(Peer.origin == fact.origin)).all():
        actor = peer.actor_uri
        close_peer(session, peer)
        note_stopped(session, actor, OURS)
    _leave_those_of(session, own, fact.origin)
    for village, actor in _members_of_ours(session, own):
        if same_origin(actor, fact.origin):
            service.remove(session, own, village, actor)


def on_gone(session: Session, fact: ActorGone) -> None:
    """It is no more: its peering ends, and the lists that we keep go on without it."""
    own = standing_of(session)
    forget_offers(session, fact.uri)
    if (peer := session.get(Peer, fact.uri)) is not None:
        close_peer(session, peer)
    for village, actor in _members_of_ours(session, own):
        if actor == fact.uri:
            service.remove(session, own, village, actor)


def _leave_those_of(session: Session, own: Standing, origin: str) -> None:
    query = select(Village).where(Village.state == MEMBER, Village.founder != own.actor)
    for village in session.scalars(query).all():
        if same_origin(village.founder, origin):
            service.leave(session, own, village)


def _members_of_ours(session: Session, own: Standing) -> list[tuple[Village, str]]:
    query = (
        select(Village, VillageMember.actor_uri)
        .join(VillageMember, VillageMember.village_uri == Village.uri)
        .where(Village.founder == own.actor, VillageMember.actor_uri != own.actor)
        .where(VillageMember.state.in_((MEMBER, INVITED)))
    )
    return [(village, actor) for village, actor in session.execute(query).all()]
