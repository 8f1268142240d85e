"""Reads about villages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.villages import MEMBER, Village, VillageMember
from federation.villages.terms import Roster
from kit.errors import NotFound
from kit.i18n import lazy


class NoSuchVillage(NotFound):
    name = "no_such_village"
    default = lazy("I do not know this village.")


def roster_of(session: Session, village: Village) -> Roster:
    """Who is in a village, as this node knows it."""
    members = tuple(members_of(session, village))
    return Roster(village.uri, village.name, village.founder, village.charter, village.epoch, members)


def members_of(session: Session, village: Village) -> Sequence[str]:
    """The members' actors, first come first."""
    query = select(VillageMember.actor_uri).where(
        VillageMember.village_uri == village.uri, VillageMember.state == MEMBER
    )
    return session.scalars(query.order_by(VillageMember.since, VillageMember.actor_uri)).all()


def village_by_id(session: Session, village_id: UUID) -> Village:
    """The village of that id. Raises NoSuchVillage."""
    village = session.scalar(select(Village).where(Village.id == village_id))
    if village is None:
        raise NoSuchVillage
    return village
