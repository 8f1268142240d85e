"""The verbs of a peering, each inside one transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation import bells
from federation.blocks import Blocked, is_blocked
from federation.facts import PeeringChanged, PeeringClosed, PeeringOpened
from federation.models.actors import RemoteActor
from federation.models.peers import ACTIVE, PAUSED, Peer
from federation.models.villages import OURS, REFUSED, THEIRS, PeeringOffer
from federation.outbox.sending import send
from federation.peering import terms
from federation.refusals import NotUnderstood
from federation.standing import Standing
from federation.urls import origin
from kit import clock
from kit.errors import Conflict, NotFound
from kit.facts import emit
from kit.i18n import lazy
from kit.ids import new_id

SCOPE = "peering"


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
    if theirs is not None and theirs.state != REFUSED:
        return accept(session, own, other, gives)
    waiting = session.get(PeeringOffer, (other, OURS))
    if waiting is not None and waiting.state != REFUSED:
        return waiting
    row = session.merge(_offer_row(own, other, gives, village))
    _tell(session, own, other, "Offer", _body(own, other, gives, village), id=row.offer_id)
    return row


def receive_offer(session: Session, other: str, offer_id: str, body: Mapping[str, Any]) -> PeeringOffer:
    """Note what another node offers; a human or a rule answers."""
    return session.merge(
        PeeringOffer(
            actor_uri=other,
            direction=THEIRS,
            offer_id=offer_id,
            gives=terms.shared_of(body.get("vil:gives")),
            pair_key=terms.short_text(body.get("vil:pairKey")),
            village_uri=terms.short_text(body.get("vil:village"), 500),
            state="waiting",
            at=clock.now(),
        )
    )


def accept(session: Session, own: Standing, other: str, gives: Mapping[str, Any]) -> Peer:
    """Say yes to what `other` offered. Raises NothingOffered, Blocked."""
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if theirs is None:
        raise NothingOffered
    _refuse_impossible(session, own, other)
    peer = _open(session, theirs, gives)
    accepted = {"type": "Offer", "id": theirs.offer_id, "actor": other}
    result = _body(own, other, gives, theirs.village_uri)
    _tell(session, own, other, "Accept", accepted, result=result)
    return peer


def refuse(session: Session, own: Standing, other: str) -> None:
    """Say no. Raises NothingOffered."""
    theirs = session.get(PeeringOffer, (other, THEIRS))
    if theirs is None:
        raise NothingOffered
    theirs.state = REFUSED
    _tell(session, own, other, "Reject", {"type": "Offer", "id": theirs.offer_id, "actor": other})


def withdraw(session: Session, own: Standing, other: str) -> None:
    """Take back an offer that waits. Raises NothingOffered."""
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is None:
        raise NothingOffered
    session.delete(ours)
    _tell(session, own, other, "Undo", {"type": "Offer", "id": ours.offer_id, "actor": own.actor})


def offer_accepted(session: Session, other: str, offer_id: str, result: Mapping[str, Any]) -> Peer:
    """Our offer was accepted. Raises NothingOffered unless it names what we sent to that very actor."""
    ours = session.get(PeeringOffer, (other, OURS))
    if ours is None and (peer := session.get(Peer, other)) is not None:
        return peer  # offers crossed on the way: each side accepted the other's
    if ours is None or ours.offer_id != offer_id:
        raise NothingOffered(cause=f"{other} accepts {offer_id!r}")
    said = PeeringOffer(
        actor_uri=other,
        offer_id=ours.offer_id,
        gives=terms.shared_of(result.get("vil:gives")),
        pair_key=terms.short_text(result.get("vil:pairKey")),
        village_uri=ours.village_uri,
    )
    return _open(session, said, ours.gives)


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
    _tell_change(session, own, peer)
    emit(session, PeeringChanged(other))
    return peer


def pause(session: Session, own: Standing, other: str, *, on: bool) -> Peer:
    """Stop or go on exchanging at once; what is in flight finishes. Raises NotAPeer."""
    peer = peer_of(session, other)
    peer.is_paused_here = on
    _settle_state(peer)
    _tell_change(session, own, peer)
    emit(session, PeeringChanged(other))
    if not on:
        bells.ring_after_commit(session, bells.CATCH_UP)
    return peer


def changed_there(session: Session, other: str, body: Mapping[str, Any]) -> None:
    """The other side shares something else, or pauses. Raises NotAPeer."""
    peer = peer_of(session, other)
    peer.takes = terms.shared_of(body.get("vil:gives"))
    peer.is_paused_there = body.get("vil:paused") is True
    _settle_state(peer)
    emit(session, PeeringChanged(other))


def end(session: Session, own: Standing, other: str) -> None:
    """Exchange no more with `other`, and say so. Raises NotAPeer."""
    peer = peer_of(session, other)
    _tell(session, own, other, "Undo", {"type": "Offer", "id": peer.offer_id, "actor": own.actor})
    _close(session, peer)


def ended_there(session: Session, other: str) -> None:
    """The other side ended it, or took its offer back."""
    if (theirs := session.get(PeeringOffer, (other, THEIRS))) is not None:
        session.delete(theirs)
    if (peer := session.get(Peer, other)) is not None:
        _close(session, peer)


def peer_of(session: Session, other: str) -> Peer:
    """The peer at `other`. Raises NotAPeer."""
    peer = session.get(Peer, other)
    if peer is None:
        raise NotAPeer
    return peer


def _refuse_impossible(session: Session, own: Standing, other: str) -> None:
    if other == own.actor:
        raise CannotPeerWithMyself
    if is_blocked(session, other):
        raise Blocked
    if session.get(RemoteActor, other) is None:
        raise NotUnderstood(cause=f"{other!r} is not known")


def _open(session: Session, said: PeeringOffer, gives: Mapping[str, Any]) -> Peer:
    other, now = said.actor_uri, clock.now()
    peer = session.get(Peer, other)
    is_new = peer is None
    if peer is None:
        peer = Peer(actor_uri=other, origin=origin(other), since=now, pulled_at=None, pull_etags={})
        session.add(peer)
    peer.gives, peer.takes, peer.pair_key = dict(gives), said.gives, said.pair_key
    peer.offer_id, peer.village_uri = said.offer_id, said.village_uri
    _settle_state(peer)
    for direction in (OURS, THEIRS):
        if (row := session.get(PeeringOffer, (other, direction))) is not None:
            session.delete(row)
    session.flush()
    emit(session, PeeringOpened(other) if is_new else PeeringChanged(other))
    bells.ring_after_commit(session, bells.CATCH_UP)
    return peer


def _close(session: Session, peer: Peer) -> None:
    session.delete(peer)
    session.flush()
    emit(session, PeeringClosed(peer.actor_uri))


def _settle_state(peer: Peer) -> None:
    peer.state = PAUSED if peer.is_paused_here or peer.is_paused_there else ACTIVE


def _offer_row(own: Standing, other: str, gives: Mapping[str, Any], village: str) -> PeeringOffer:
    return PeeringOffer(
        actor_uri=other,
        direction=OURS,
        offer_id=f"{origin(own.actor)}/offers/{new_id()}",
        gives=dict(gives),
        pair_key="",
        village_uri=village,
        state="waiting",
        at=clock.now(),
    )


def _body(own: Standing, other: str, gives: Mapping[str, Any], village: str) -> dict[str, Any]:
    more: dict[str, Any] = {"vil:pairKey": terms.pair_key(own.secret, other)}
    if village:
        more["vil:village"] = village
    return terms.relationship(own.actor, other, gives, **more)


def _tell_change(session: Session, own: Standing, peer: Peer) -> None:
    paused = {"vil:paused": peer.is_paused_here}
    body = terms.relationship(own.actor, peer.actor_uri, peer.gives, **paused)
    _tell(session, own, peer.actor_uri, "Update", body)


def _tell(session: Session, own: Standing, other: str, kind: str, body: Any, **more: Any) -> None:
    send(
        session,
        terms.activity(kind, own.actor, other, body, **more),
        object_id=f"{own.actor}#peering:{other}",
        scope=SCOPE,
        public=False,
        only=[other],
    )
