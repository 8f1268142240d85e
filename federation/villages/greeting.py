"""What the operator's file declares becomes true: villages founded or joined, peers met."""

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from federation.blocks import is_blocked
from federation.models.actors import FetchFailure, RemoteActor
from federation.models.outbox import WAITING, Delivery
from federation.models.peers import Peer
from federation.models.villages import ASKED, INVITED, KNOWN, MEMBER, Village, VillageMember
from federation.peering import service as peering
from federation.peering.queries import may_begin, shared_village
from federation.peering.terms import SHARE_EVERYTHING
from federation.standing import Standing, standing_of
from federation.urls import origin
from federation.villages import rosters, service
from federation.villages.terms import Roster


def found_declared(session: Session) -> None:
    """Villages at our own address that stand in our file."""
    own = standing_of(session)
    for declared in own.villages:
        if origin(declared.id) == own.url and session.get(Village, declared.id) is None:
            slug = declared.id.rpartition("/")[2]
            service.found(session, own, declared.name or slug, slug=slug)


def to_meet(session: Session) -> list[str]:
    """Founders of declared villages, declared peers and fellow villagers that we do not know or offer to."""
    own = standing_of(session)
    wanted = dict.fromkeys(actor for actor in _expected(session, own) if actor != own.actor)
    return [actor for actor in wanted if not is_blocked(session, actor)]


def begin_with(session: Session, actor: str) -> None:
    """Offer a peering to a node that was fetched, and ask its villages in."""
    own = standing_of(session)
    village = shared_village(session, own.actor, actor)
    is_expected = own.declares(actor) or village
    if is_expected and session.get(Peer, actor) is None and may_begin(session, actor):
        peering.offer(session, own, actor, SHARE_EVERYTHING, village)


def join_declared(session: Session) -> None:
    """Ask in, once; where a human said no, or left, only a human asks again."""
    own = standing_of(session)
    for declared in own.villages:
        founder = f"{origin(declared.id)}/actor"
        if founder == own.actor or session.get(RemoteActor, founder) is None:
            continue
        village = session.get(Village, declared.id)
        if village is None:
            name = declared.name or declared.id.rpartition("/")[2]
            village = rosters.know(session, Roster(declared.id, name, founder, "", 0, ()), KNOWN)
        if village.state in (KNOWN, INVITED):
            service.join(session, own, village)


def has_to_join(session: Session) -> bool:
    """Whether `join_declared` would do something: looked at before anything is written."""
    own = standing_of(session)
    for declared in own.villages:
        village = session.get(Village, declared.id)
        is_ours = origin(declared.id) == own.url
        is_new = village is None and (is_ours or _is_known(session, declared.id))
        if is_new or (village is not None and village.state in (KNOWN, INVITED)):
            return True
    return False


def unanswered(session: Session) -> list[str]:
    """Declared villages whose founder got our request and said nothing: it, or its answer, may be lost."""
    declared = [village.id for village in standing_of(session).villages]
    is_on_its_way = (
        select(Delivery.seq).where(Delivery.state == WAITING, Delivery.actor == Village.founder).exists()
    )
    query = select(Village.uri).where(Village.uri.in_(declared), Village.state == ASKED, ~is_on_its_way)
    return list(session.scalars(query))


def ask_again(session: Session, uri: str) -> None:
    """Ask in once more where the founder has not answered meanwhile; it may be repeated."""
    village = session.get(Village, uri)
    if village is not None and village.state == ASKED:
        service.join(session, standing_of(session), village)


def forget_failure(session: Session, actor: str) -> None:
    """A node that we expect is asked again soon: it may just be starting."""
    session.execute(delete(FetchFailure).where(FetchFailure.url == actor))


def _expected(session: Session, own: Standing) -> Iterator[str]:
    founders = (f"{origin(declared.id)}/actor" for declared in own.villages)
    yield from (actor for actor in founders if session.get(RemoteActor, actor) is None)
    known = set(session.scalars(select(Peer.actor_uri)))
    declared = (f"{node}/actor" for node in sorted(own.declared))
    for actor in (*declared, *_fellows(session, own)):
        if actor not in known and may_begin(session, actor):
            yield actor


def _fellows(session: Session, own: Standing) -> list[str]:
    ours = select(VillageMember.village_uri).where(
        VillageMember.actor_uri == own.actor, VillageMember.state == MEMBER
    )
    query = select(VillageMember.actor_uri).where(
        VillageMember.village_uri.in_(ours), VillageMember.state == MEMBER
    )
    return list(session.scalars(query.distinct()))


def _is_known(session: Session, village: str) -> bool:
    return session.get(RemoteActor, f"{origin(village)}/actor") is not None
