"""What the operator's file declares becomes true: villages founded or joined, peers met."""

from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.exchange import Exchange, exchange_of
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.models.villages import MEMBER, REMOVED, Village, VillageMember
from federation.peering import service as peering
from federation.peering.terms import SHARE_EVERYTHING
from federation.standing import standing_of
from federation.urls import origin
from federation.villages import service
from federation.villages.terms import Roster
from kit.app import App
from kit.errors import Refusal

log = structlog.get_logger("federation.villages")
MOST_AT_ONCE: Final = 50


async def greet(app: App) -> None:
    """Found or join the declared villages, offer a peering to declared peers and fellow villagers."""
    exchange = exchange_of(app)
    await app.db.awrite(_found_declared)
    for actor in await app.db.aread(_to_meet):
        await _meet(app, exchange, actor)
    await app.db.awrite(_join_declared)


async def _meet(app: App, exchange: Exchange, actor: str) -> None:
    """Fetch a node that we should exchange with, then offer. It may be down: the next round tries again."""
    try:
        await exchange.discovery.actor(actor)
        await app.db.awrite(lambda session: _offer(session, actor))
    except Refusal as refusal:
        log.info("not_met", actor=actor, refusal=refusal.name)


def _offer(session: Session, actor: str) -> None:
    own = standing_of(session)
    shared = VillageMember.village_uri.in_(
        select(VillageMember.village_uri).where(
            VillageMember.actor_uri == own.actor, VillageMember.state == MEMBER
        )
    )
    village = session.scalar(
        select(VillageMember.village_uri).where(VillageMember.actor_uri == actor, shared).limit(1)
    )
    peering.offer(session, own, actor, SHARE_EVERYTHING, village or "")


def _to_meet(session: Session) -> list[str]:
    """Declared peers and fellow villagers that are no peers yet."""
    own = standing_of(session)
    declared = [f"{node}/actor" for node in sorted(own.declared)]
    ours = select(VillageMember.village_uri).where(
        VillageMember.actor_uri == own.actor, VillageMember.state == MEMBER
    )
    fellows = session.scalars(
        select(VillageMember.actor_uri)
        .where(VillageMember.village_uri.in_(ours), VillageMember.state == MEMBER)
        .where(VillageMember.actor_uri != own.actor)
    )
    known = set(session.scalars(select(Peer.actor_uri)))
    return [actor for actor in dict.fromkeys([*declared, *fellows]) if actor not in known][:MOST_AT_ONCE]


def _found_declared(session: Session) -> None:
    own = standing_of(session)
    for declared in own.villages:
        if origin(declared.id) == own.url and session.get(Village, declared.id) is None:
            slug = declared.id.rpartition("/")[2]
            service.found(session, own, declared.name or slug, slug=slug)


def _join_declared(session: Session) -> None:
    """Ask in, once; where the founder removed us, only a human asks again."""
    own = standing_of(session)
    for declared in own.villages:
        founder = f"{origin(declared.id)}/actor"
        if founder == own.actor or session.get(RemoteActor, founder) is None:
            continue
        village = session.get(Village, declared.id)
        if village is None:
            name = declared.name or declared.id.rpartition("/")[2]
            village = service.know(session, Roster(declared.id, name, founder, "", 0, ()), "known")
        if village.state not in (MEMBER, REMOVED, "asked", "left"):
            service.join(session, own, village)
