"""The verbs of a peering, each inside one transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation.blocks import Blocked, is_blocked
from federation.catch_up.service import pull_soon
from federation.facts import PeeringChanged
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.models.villages import OURS, REFUSED, STOPPED, THEIRS, WAITING, PeeringOffer
from federation.peering import terms
from federation.peering.rows import (
    close_peer,
    new_offer,
    new_offer_id,
    note_stopped,
    open_peer,
    settle_state,
)
from federation.peering.telling import our_terms, tell, tell_change, tell_offer
from federation.refusals import NotUnderstood
from federation.standing import Standing
from kit.errors import Conflict, NotFound
from kit.facts import emit
from kit.i18n import lazy


class NotAPeer(NotFound):
    name = "not_a_peer"
    default = lazy("I do not exchange with this node.")


class NothingOffered(NotFound):
    name = "nothing_offered"
    default = lazy("This node offered nothing. The offer was withdrawn, or answered already.")


class CannotPeerWithMyself(Conflict):
    name = "cannot_peer_with_myself"
    default = lazy("This is my own node.")


def offer(
    session: Session, own: Standing, other: str, gives: Mapping[str, Any], village: str = ""
) -> PeeringOffer | Peer:
    """Offer a peering to a known actor; where it offered one already, this accepts it.

    Asking again while an offer waits sends nothing. Raises CannotPeerWithMyself, Blocked, NotUnderstood.
    """
    _refuse_impossible(session, own, other)
    if (peer := session.get(Peer, other)) is not None:
        return peer
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if theirs is not None and theirs.state == WAITING:
        return accept(session, own, other, gives)
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is not None and ours.state == WAITING:
        return ours
    return _offer_anew(session, own, other, gives, village)


def receive_offer(session: Session, other: str, offer_id: str, body: Mapping[str, Any]) -> PeeringOffer:
    """Note what another node offers; a human or a rule answers."""
    row = new_offer(other, THEIRS, offer_id, terms.shared_of(body.get("vil:gives")))
    row.pair_key = terms.short_text(body.get("vil:pairKey"))
    row.village_uri = terms.short_text(body.get("vil:village"), 500)
    return session.merge(row)


def accept(session: Session, own: Standing, other: str, gives: Mapping[str, Any]) -> Peer:
    """Say yes to what `other` offered. Raises NothingOffered, Blocked."""
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if theirs is None or theirs.state == STOPPED:
        raise NothingOffered
    _refuse_impossible(session, own, other)
    accepted = {"type": "Offer", "id": theirs.offer_id, "actor": other}
    peer = open_peer(session, theirs, gives)
    result = our_terms(own, other, gives, peer.village_uri, paused=peer.is_paused_here)
    tell(session, own, other, "Accept", accepted, result=result)
    return peer


def refuse(session: Session, own: Standing, other: str) -> None:
    """Say no. Raises NothingOffered."""
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if theirs is None or theirs.state != WAITING:
        raise NothingOffered
    theirs.state = REFUSED
    tell_offer(session, own, other, "Reject", theirs.offer_id)


def withdraw(session: Session, own: Standing, other: str) -> None:
    """Take back an offer that waits. Raises NothingOffered."""
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is None or ours.state == STOPPED:
        raise NothingOffered
    tell_offer(session, own, other, "Undo", ours.offer_id)
    note_stopped(session, other, OURS)


def offer_accepted(session: Session, other: str, offer_id: str, result: Mapping[str, Any]) -> Peer:
    """Our offer was accepted. Raises NothingOffered unless it names what we sent to that very actor."""
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is None and (peer := session.get(Peer, other)) is not None:
        return peer  # offers crossed on the way: each side accepted the other's
    if ours is None or ours.state == STOPPED or ours.offer_id != offer_id:
        raise NothingOffered(cause=f"{other} accepts {offer_id!r}")
    said = new_offer(other, OURS, ours.offer_id, terms.shared_of(result.get("vil:gives")))
    said.pair_key, said.village_uri = terms.short_text(result.get("vil:pairKey")), ours.village_uri
    return open_peer(session, said, ours.gives, paused=result.get("vil:paused") is True)


def offer_refused(session: Session, other: str, offer_id: str) -> None:
    """Our offer was refused. Raises NothingOffered unless it names what we sent to that very actor."""
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is None or ours.offer_id != offer_id:
        raise NothingOffered(cause=f"{other} refuses {offer_id!r}")
    ours.state = REFUSED


def change(session: Session, own: Standing, other: str, gives: Mapping[str, Any]) -> Peer:
    """Share more or less with a peer, from now on. Raises NotAPeer."""
    peer = peer_of(session, other)
    peer.gives = dict(gives)
    tell_change(session, own, peer)
    emit(session, PeeringChanged(other))
    return peer


def pause(session: Session, own: Standing, other: str, *, on: bool) -> Peer:
    """Stop or go on exchanging at once; what is in flight finishes. Raises NotAPeer."""
    peer = peer_of(session, other)
    peer.is_paused_here = on
    _follow_change(session, peer)
    tell_change(session, own, peer)
    return peer


def changed_there(session: Session, other: str, body: Mapping[str, Any]) -> None:
    """The other side shares something else, or pauses. Raises NotAPeer."""
    peer, takes = peer_of(session, other), terms.shared_of(body.get("vil:gives"))
    if takes != peer.takes:
        peer.takes, peer.pull_etags = takes, {}  # what was left out of earlier pulls is looked at again
    peer.is_paused_there = body.get("vil:paused") is True
    _follow_change(session, peer)


def end(session: Session, own: Standing, other: str, *, for_good: bool = False) -> None:
    """Exchange no more with `other`, and say so; `for_good`: until a human begins again. Raises NotAPeer."""
    peer = peer_of(session, other)
    tell_offer(session, own, other, "Undo", peer.offer_id)
    close_peer(session, peer)
    if for_good:
        note_stopped(session, other, OURS)


def ended_there(session: Session, other: str) -> None:
    """The other side ended it, or took its offer back: nothing is offered again by itself."""
    peer = session.get(Peer, other)
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if peer is not None:
        close_peer(session, peer)
        note_stopped(session, other, THEIRS)
    elif theirs is not None and theirs.state == WAITING:
        session.delete(theirs)


def peer_of(session: Session, other: str) -> Peer:
    """The peer at `other`. Raises NotAPeer."""
    peer = session.get(Peer, other)
    if peer is None:
        raise NotAPeer
    return peer


def _offer_anew(
    session: Session, own: Standing, other: str, gives: Mapping[str, Any], village: str
) -> PeeringOffer:
    row = new_offer(other, OURS, new_offer_id(own.actor), gives)
    row.village_uri = village
    row = session.merge(row)
    tell(session, own, other, "Offer", our_terms(own, other, gives, village), id=row.offer_id)
    return row


def _refuse_impossible(session: Session, own: Standing, other: str) -> None:
    if other == own.actor:
        raise CannotPeerWithMyself
    if is_blocked(session, other):
        raise Blocked
    if session.get(RemoteActor, other) is None:
        raise NotUnderstood(cause=f"{other!r} is not known")


def _follow_change(session: Session, peer: Peer) -> None:
    """What one side changed counts at once; what was missed meanwhile is pulled."""
    settle_state(peer)
    session.flush()
    emit(session, PeeringChanged(peer.actor_uri))
    pull_soon(session, peer.actor_uri)
