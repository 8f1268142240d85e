"""Rows of peerings: opened, closed, remembered as ended. Each change is told to the rooms above."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation.catch_up.service import pull_soon
from federation.facts import PeeringChanged, PeeringClosed, PeeringOpened
from federation.models.peers import ACTIVE, PAUSED, Peer
from federation.models.villages import OURS, STOPPED, THEIRS, WAITING, PeeringOffer
from federation.urls import origin
from kit import clock
from kit.facts import emit
from kit.ids import new_id


def open_peer(
    session: Session, said: PeeringOffer, gives: Mapping[str, Any], *, paused: bool = False
) -> Peer:
    """Both sides said yes: `said` is what the other one offers, `gives` what we do."""
    other = said.actor_uri
    peer = session.get(Peer, other)
    is_new = peer is None
    if peer is None:
        peer = _new_peer(other)
        session.add(peer)
    peer.gives, peer.takes, peer.pair_key = dict(gives), said.gives, said.pair_key
    peer.offer_id, peer.village_uri, peer.is_paused_there = said.offer_id, said.village_uri, paused
    settle_state(peer)
    forget_offers(session, other)
    session.flush()
    emit(session, PeeringOpened(other) if is_new else PeeringChanged(other))
    pull_soon(session, other)
    return peer


def close_peer(session: Session, peer: Peer) -> None:
    """No peer any more."""
    session.delete(peer)
    session.flush()
    emit(session, PeeringClosed(peer.actor_uri))


def settle_state(peer: Peer) -> None:
    """Paused as soon as one side says so."""
    peer.state = PAUSED if peer.is_paused_here or peer.is_paused_there else ACTIVE


def forget_offers(session: Session, other: str) -> None:
    """What was offered is answered, or means nothing any more."""
    for direction in (OURS, THEIRS):
        if (row := session.get(PeeringOffer, (other, direction))) is not None:
            session.delete(row)
    session.flush()


def note_stopped(session: Session, other: str, direction: str) -> None:
    """Remember that one side ended it: nothing begins again by itself."""
    forget_offers(session, other)
    row = new_offer(other, direction, "", {"agenda": {"mode": "none"}})
    row.state = STOPPED
    session.add(row)


def new_offer(other: str, direction: str, offer_id: str, gives: Mapping[str, Any]) -> PeeringOffer:
    """An offer that waits for its answer."""
    return PeeringOffer(
        actor_uri=other,
        direction=direction,
        offer_id=offer_id,
        gives=dict(gives),
        pair_key="",
        village_uri="",
        state=WAITING,
        at=clock.now(),
    )


def new_offer_id(own: str) -> str:
    """An address of ours that names one offer."""
    return f"{origin(own)}/offers/{new_id()}"


def _new_peer(other: str) -> Peer:
    return Peer(
        actor_uri=other,
        origin=origin(other),
        since=clock.now(),
        pulled_at=None,
        pull_etags={},
        is_paused_here=False,
        is_paused_there=False,
    )
