"""What another node says about a peering with us."""

from typing import Any

from sqlalchemy.orm import Session

from federation.facts import PeeringRenewed
from federation.models.peers import Peer
from federation.models.villages import OURS, WAITING, PeeringOffer
from federation.peering import service, terms
from federation.peering.queries import is_stopped_here, shared_village
from federation.reading import id_of, object_of
from federation.received import Received
from federation.refusals import NotUnderstood
from federation.standing import Standing, standing_of
from kit.facts import emit


def on_offer(session: Session, received: Received) -> None:
    """An offer: accepted at once when we offered too, when our file lists them, or between villagers."""
    _refuse_other(received)
    own, other = standing_of(session), received.actor
    gives = _given_without_asking(session, own, other)
    was_peer = session.get(Peer, other) is not None
    service.receive_offer(session, other, received.id, received.object)
    if gives is not None:
        service.accept(session, own, other, gives)
    if was_peer:
        emit(session, PeeringRenewed(other))


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


def _given_without_asking(session: Session, own: Standing, other: str) -> dict[str, Any] | None:
    """What we share with them where no human has to be asked; None where one decides."""
    if (peer := session.get(Peer, other)) is not None:
        return peer.gives
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is not None and ours.state == WAITING:
        return ours.gives
    if is_stopped_here(session, other):
        return None
    is_expected = own.declares(other) or shared_village(session, own.actor, other)
    return terms.SHARE_EVERYTHING if is_expected else None


def _refuse_other(received: Received) -> None:
    if not terms.is_peering_with(received.object, received.actor, received.own_actor):
        raise NotUnderstood(cause="a Relationship that is no peering between the two of us")
