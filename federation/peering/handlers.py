"""What another node says about a peering with us."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from federation.models.peers import Peer
from federation.models.villages import MEMBER, OURS, PeeringOffer, VillageMember
from federation.peering import service, terms
from federation.reading import id_of, object_of
from federation.received import Received
from federation.refusals import NotUnderstood
from federation.standing import standing_of


def on_offer(session: Session, received: Received) -> None:
    """An offer: accepted at once when we offered too, when our file lists them, or between villagers."""
    _refuse_other(received)
    own, other = standing_of(session), received.actor
    offered = service.receive_offer(session, other, received.id, received.object)
    peer, ours = session.get(Peer, other), session.get(PeeringOffer, (other, OURS))
    if peer is not None:
        service.accept(session, own, other, peer.gives)
    elif ours is not None:
        service.accept(session, own, other, ours.gives)
    elif own.declares(other) or are_villagers(session, own.actor, other):
        service.accept(session, own, other, terms.SHARE_EVERYTHING)
    else:
        offered.state = "waiting"


def on_accept_offer(session: Session, received: Received) -> None:
    """Our offer was accepted; only an answer to what we sent to that very actor counts."""
    result = object_of(received.activity, "result") or {}
    if not terms.is_peering_with(result, received.actor, received.own_actor):
        raise NotUnderstood(cause="an Accept without the other side's terms")
    service.offer_accepted(session, received.actor, str(received.object.get("id")), result)


def on_reject_offer(session: Session, received: Received) -> None:
    """Our offer was refused."""
    service.offer_refused(session, received.actor, str(received.object.get("id")))


def on_update(session: Session, received: Received) -> None:
    """The other side shares something else from now on, or pauses."""
    _refuse_other(received)
    service.changed_there(session, received.actor, received.object)


def on_undo_offer(session: Session, received: Received) -> None:
    """The other side ends the peering, or takes back its offer."""
    said = received.object.get("actor")
    if said is not None and id_of(said) != received.actor:
        raise NotUnderstood(cause="an Undo of somebody else's offer")
    service.ended_there(session, received.actor)


def are_villagers(session: Session, one: str, other: str) -> bool:
    """Whether both are members of one village."""
    first, second = aliased(VillageMember), aliased(VillageMember)
    query = select(first.village_uri).join(second, first.village_uri == second.village_uri)
    query = query.where(first.actor_uri == one, second.actor_uri == other)
    query = query.where(first.state == MEMBER, second.state == MEMBER)
    return session.scalar(query.limit(1)) is not None


def _refuse_other(received: Received) -> None:
    if not terms.is_peering_with(received.object, received.actor, received.own_actor):
        raise NotUnderstood(cause="a Relationship that is no peering between the two of us")
