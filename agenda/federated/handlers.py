"""What other nodes tell us: their events, believed from their owner alone; the newest word wins."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from agenda.federated.fetching import note_announced
from agenda.federated.reading import read_event
from agenda.models.origin import Origin
from agenda.queries.finding import origin_by_uri
from agenda.refusals import NotExpected, NotReadable
from agenda.schemas import OriginValues
from agenda.service.origins import forget_origin, hide_host, know_origin, show_origin
from agenda.service.received import forget_event, receive_event
from config.collective import Collective
from federation.actors.profile import fact_of
from federation.facts import (
    ActorGone,
    ActorKnown,
    OriginBlocked,
    PeeringChanged,
    PeeringClosed,
    PeeringOpened,
)
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.reading import target_of, types_of
from federation.received import Received
from federation.relations import relation_of
from kit.choices import read_choice
from kit.facts import Listener


def on_event(session: Session, received: Received) -> None:
    """`Create` or `Update` of an event. Raises NotExpected (a stranger), NotReadable."""
    _refuse_strangers(received)
    usual = read_choice(session, Collective).timezone
    told = read_event(received.object, received.actor, received.at, usual)
    receive_event(session, _origin_of(session, received.actor), told)


def on_announce(session: Session, received: Received) -> None:
    """An event that its owner announces is the event itself; by address alone, it is fetched later."""
    if "Event" in types_of(received.object):
        on_event(session, received)
        return
    _refuse_strangers(received)
    uri = target_of(received.activity)
    if uri is not None:
        note_announced(session, uri, received.actor)


def on_delete(session: Session, received: Received) -> None:
    """A tombstone for the owner's event; unknown ones are no mistake (`Tombstone`, object or bare id)."""
    uri = target_of(received.activity)
    if uri is None:
        raise NotReadable(cause="nothing is named")
    forget_event(session, received.actor, uri, received.at)


def on_actor_known(session: Session, fact: ActorKnown) -> None:
    """Follow the name and look of a node whose events we show."""
    if origin_by_uri(session, fact.uri) is not None:
        know_origin(session, _values(fact))


def on_peering_opened(session: Session, fact: PeeringOpened) -> None:
    """Show the new villager beside the agenda, even before its first event."""
    _origin_of(session, fact.uri)
    show_origin(session, fact.uri, shown=True)


def on_peering_changed(session: Session, fact: PeeringChanged) -> None:
    """Show what it shares; hide everything once it shares nothing of its agenda with us."""
    peer = session.get(Peer, fact.uri)
    if peer is not None:
        mode = (peer.takes.get("agenda") or {}).get("mode", "all")
        show_origin(session, fact.uri, shown=mode != "none")


def on_peering_closed(session: Session, fact: PeeringClosed) -> None:
    """Hide its events, unless we follow it as anyone may."""
    if relation_of(session, fact.uri) == "stranger":
        show_origin(session, fact.uri, shown=False)


def on_blocked(session: Session, fact: OriginBlocked) -> None:
    hide_host(session, fact.origin)


def on_actor_gone(session: Session, fact: ActorGone) -> None:
    forget_origin(session, fact.uri)


def _refuse_strangers(received: Received) -> None:
    if received.relation == "stranger":
        raise NotExpected(cause=f"{received.actor} is neither a villager nor followed")


def _origin_of(session: Session, uri: str) -> Origin:
    """Our copy of the teller, made from what federation knows of it."""
    origin = origin_by_uri(session, uri)
    if origin is not None:
        return origin
    actor = session.get(RemoteActor, uri)
    profile = actor.profile if actor else {}
    return know_origin(session, _values(fact_of(profile)) if profile.get("id") else OriginValues(uri=uri))


def _values(fact: ActorKnown) -> OriginValues:
    return OriginValues(
        uri=fact.uri,
        name=fact.name,
        url=fact.url,
        accent=fact.accent,
        pennant=fact.pennant,
        city=fact.city,
        latitude=fact.latitude,
        longitude=fact.longitude,
    )


ACTIVITIES = {
    ("Create", "Event"): on_event,
    ("Update", "Event"): on_event,
    ("Announce", "*"): on_announce,
    ("Delete", "*"): on_delete,
}
LISTENERS: Mapping[type, tuple[Listener, ...]] = {
    ActorKnown: (on_actor_known,),
    ActorGone: (on_actor_gone,),
    PeeringOpened: (on_peering_opened,),
    PeeringChanged: (on_peering_changed,),
    PeeringClosed: (on_peering_closed,),
    OriginBlocked: (on_blocked,),
}
