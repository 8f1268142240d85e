"""Reads about the nodes that we exchange with, or that one of us asked: what a screen and the API show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.actors.keys import OFFERED
from federation.actors.profile import fact_of
from federation.facts import ActorKnown
from federation.models.actors import ActorKey, RemoteActor
from federation.models.inbox import InboxMessage
from federation.models.origins import OriginState
from federation.models.outbox import WAITING as OWED
from federation.models.outbox import Delivery
from federation.models.peers import ACTIVE, PAUSED, Peer
from federation.models.villages import OURS, REFUSED, STOPPED, THEIRS, WAITING, PeeringOffer
from federation.peering.service import NotAPeer
from federation.urls import origin
from kit import clock

OFFERED_BY_US, OFFERED_BY_THEM = "offered", "invited"
ORDER: Final = (OFFERED_BY_THEM, ACTIVE, PAUSED, OFFERED_BY_US, REFUSED, STOPPED)
NOTHING: Final[Mapping[str, Any]] = {"agenda": {"mode": "none"}}


@dataclass(frozen=True)
class Traffic:
    """How the exchange goes: what came and left last, what waits, what fails."""

    last_in: datetime | None = None
    last_out: datetime | None = None
    queue: int = 0
    failures: int = 0
    last_error: str = ""
    retry_at: datetime | None = None
    """While in the future, nothing is sent: the circuit is open."""

    @property
    def last(self) -> datetime | None:
        """When anything last went either way."""
        return max(filter(None, (self.last_in, self.last_out)), default=None)

    @property
    def is_cut(self) -> bool:
        return self.retry_at is not None and self.retry_at > clock.now()


@dataclass(frozen=True)
class Neighbour:
    """One other node. `state`: active, paused, offered (by us), invited (by them), refused, stopped."""

    actor: str
    state: str
    profile: ActorKnown
    gives: Mapping[str, Any]
    takes: Mapping[str, Any]
    since: datetime
    traffic: Traffic
    is_paused_here: bool = False
    is_paused_there: bool = False
    was_ours: bool = True
    """Of an offer, a refusal or an end: whether it was ours."""
    has_new_keys: bool = False

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_URL, self.actor)

    @property
    def name(self) -> str:
        return self.profile.name or origin(self.actor).partition("://")[2]

    @property
    def url(self) -> str:
        return self.profile.url or self.actor

    @property
    def host(self) -> str:
        return origin(self.actor).partition("://")[2]


def neighbours(session: Session) -> list[Neighbour]:
    """Every peer and every offer, those that wait for us first, then by name."""
    rows = _states(session)
    profiles = profiles_of(session, rows)
    traffic = _traffic(session, list(rows))
    renewed = _with_new_keys(session, list(rows))
    found = [
        Neighbour(
            actor=actor, profile=profiles[actor], traffic=traffic[actor], has_new_keys=actor in renewed, **row
        )
        for actor, row in rows.items()
    ]
    return sorted(found, key=place_in_list)


def place_in_list(one: Neighbour) -> tuple[int, str, str]:
    """Those that wait for us first, then by name."""
    return ORDER.index(one.state), one.name.casefold(), one.actor


def neighbour(session: Session, neighbour_id: UUID) -> Neighbour:
    """The one of that id. Raises NotAPeer."""
    found = next((one for one in neighbours(session) if one.id == neighbour_id), None)
    if found is None:
        raise NotAPeer
    return found


def count_calls(session: Session) -> int:
    """Offers and new keys that wait for a human."""
    offers = select(func.count()).select_from(PeeringOffer)
    waiting = session.scalar(offers.where(PeeringOffer.direction == THEIRS, PeeringOffer.state == WAITING))
    keys = select(func.count(func.distinct(ActorKey.actor_uri))).where(ActorKey.state == OFFERED)
    return (waiting or 0) + (session.scalar(keys) or 0)


def profiles_of(session: Session, actors: Sequence[str] | Mapping[str, Any]) -> dict[str, ActorKnown]:
    """What each actor says of itself; a bare address for those that were never fetched."""
    rows = session.execute(
        select(RemoteActor.uri, RemoteActor.profile).where(RemoteActor.uri.in_(list(actors)))
    )
    known = {uri: fact_of(profile) for uri, profile in rows if profile.get("id")}
    return {actor: known.get(actor) or ActorKnown(uri=actor) for actor in actors}


def _states(session: Session) -> dict[str, dict[str, Any]]:
    found = {offer.actor_uri: _offer_row(offer) for offer in _offers(session)}
    for peer in session.scalars(select(Peer)):
        found[peer.actor_uri] = {
            "state": peer.state,
            "gives": peer.gives,
            "takes": peer.takes or NOTHING,
            "since": peer.since,
            "is_paused_here": peer.is_paused_here,
            "is_paused_there": peer.is_paused_there,
        }
    return found


def _offers(session: Session) -> list[PeeringOffer]:
    """The one that says most comes last: theirs that waits."""
    return sorted(
        session.scalars(select(PeeringOffer)),
        key=lambda offer: (offer.state == WAITING, offer.direction == THEIRS),
    )


def _offer_row(offer: PeeringOffer) -> dict[str, Any]:
    is_ours = offer.direction == OURS
    waiting = OFFERED_BY_US if is_ours else OFFERED_BY_THEM
    return {
        "state": waiting if offer.state == WAITING else offer.state,
        "gives": offer.gives if is_ours else NOTHING,
        "takes": NOTHING if is_ours else offer.gives,
        "since": offer.at,
        "was_ours": is_ours,
    }


def _traffic(session: Session, actors: list[str]) -> dict[str, Traffic]:
    heard = _heard(session, actors)
    queue, errors = _owed(session, actors)
    states = {
        row.origin: row
        for row in session.scalars(
            select(OriginState).where(OriginState.origin.in_([origin(one) for one in actors]))
        )
    }
    found = {}
    for actor in actors:
        state = states.get(origin(actor))
        found[actor] = Traffic(
            last_in=heard.get(actor),
            last_out=state.last_sent_at if state else None,
            queue=queue.get(actor, 0),
            failures=state.failures if state else 0,
            last_error=errors.get(actor, ""),
            retry_at=state.open_until if state else None,
        )
    return found


def _heard(session: Session, actors: list[str]) -> dict[str, datetime]:
    """When each one last told us something, by sending or by being asked."""
    query = select(InboxMessage.actor, func.max(InboxMessage.received_at)).group_by(InboxMessage.actor)
    said = dict(session.execute(query.where(InboxMessage.actor.in_(actors))).all())
    for peer in session.scalars(select(Peer).where(Peer.pulled_at.is_not(None))):
        if peer.pulled_at is not None:
            said[peer.actor_uri] = max(said.get(peer.actor_uri, peer.pulled_at), peer.pulled_at)
    return said


def _owed(session: Session, actors: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """How many messages wait for each, and what the oldest of them met."""
    waiting = (Delivery.state == OWED, Delivery.actor.in_(actors))
    counts = select(Delivery.actor, func.count()).where(*waiting).group_by(Delivery.actor)
    errors = select(Delivery.actor, Delivery.last_error).where(*waiting, Delivery.last_error != "")
    return (
        dict(session.execute(counts).all()),
        dict(session.execute(errors.order_by(Delivery.seq.desc()).limit(500)).all()),
    )


def _with_new_keys(session: Session, actors: list[str]) -> set[str]:
    query = select(ActorKey.actor_uri).where(ActorKey.state == OFFERED, ActorKey.actor_uri.in_(actors))
    return set(session.scalars(query))
