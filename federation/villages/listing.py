"""Reads about villages: what a screen and the API show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.facts import ActorKnown
from federation.models.villages import ASKED, INVITED, MEMBER, Village, VillageMember
from federation.peering.listing import profiles_of
from federation.standing import standing_of
from federation.urls import origin

SHOWN = (INVITED, MEMBER, ASKED)


@dataclass(frozen=True)
class Member:
    """One node of a village, or on its way in."""

    actor: str
    state: str
    since: datetime
    profile: ActorKnown
    is_founder: bool = False
    is_here: bool = False

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_URL, self.actor)

    @property
    def name(self) -> str:
        return self.profile.name or self.host

    @property
    def url(self) -> str:
        return self.profile.url or f"{origin(self.actor)}/"

    @property
    def host(self) -> str:
        return origin(self.actor).partition("://")[2]


@dataclass(frozen=True)
class VillageView:
    """A village with everyone in it; `is_founder`: whether this node keeps its list."""

    village: Village
    people: Sequence[Member]
    founder: Member
    is_founder: bool

    @property
    def members(self) -> list[Member]:
        return self._in(MEMBER)

    @property
    def requests(self) -> list[Member]:
        """Nodes that ask to come in; a human of the founder answers."""
        return self._in(ASKED) if self.is_founder else []

    @property
    def invited(self) -> list[Member]:
        return self._in(INVITED) if self.is_founder else []

    def member(self, member_id: UUID) -> Member | None:
        return next((one for one in self.people if one.id == member_id), None)

    def _in(self, state: str) -> list[Member]:
        return [member for member in self.people if member.state == state]


def villages(session: Session, states: Sequence[str] = ()) -> list[VillageView]:
    """The villages that this node knows, invitations first, then by name; only those in `states` if given."""
    query = select(Village)
    if states:
        query = query.where(Village.state.in_(states))
    return sorted((view(session, village) for village in session.scalars(query)), key=place_in_list)


def place_in_list(one: VillageView) -> tuple[bool, str, str]:
    """Invitations first, then by name."""
    return one.village.state != INVITED, one.village.name.casefold(), one.village.uri


def place_in_village(one: Member) -> tuple[bool, datetime, str]:
    """The founder first, then in order of coming."""
    return not one.is_founder, one.since, one.actor


def view(session: Session, village: Village) -> VillageView:
    """One village, its founder first, then in order of coming."""
    own = standing_of(session).actor
    rows = session.scalars(select(VillageMember).where(VillageMember.village_uri == village.uri)).all()
    profiles = profiles_of(session, [*(row.actor_uri for row in rows), village.founder])
    people = [_member(row, village, profiles[row.actor_uri], own) for row in rows]
    people.sort(key=place_in_village)
    founder = Member(village.founder, MEMBER, village.since, profiles[village.founder], True)
    return VillageView(village, people, founder, village.founder == own)


def count_calls(session: Session) -> int:
    """Invitations and requests that wait for a human."""
    invited = session.scalar(select(func.count()).select_from(Village).where(Village.state == INVITED))
    asked = (
        select(func.count())
        .select_from(VillageMember)
        .join(Village, Village.uri == VillageMember.village_uri)
        .where(VillageMember.state == ASKED, Village.founder == standing_of(session).actor)
    )
    return (invited or 0) + (session.scalar(asked) or 0)


def _member(row: VillageMember, village: Village, profile: ActorKnown, own: str) -> Member:
    return Member(
        actor=row.actor_uri,
        state=row.state,
        since=row.since,
        profile=profile,
        is_founder=row.actor_uri == village.founder,
        is_here=row.actor_uri == own,
    )
