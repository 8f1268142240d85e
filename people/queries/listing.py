"""Lists of persons, of their sessions and of the tokens of the node."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from people.models.person import GivenRole, Person
from people.models.sign_in import ApiToken, PersonSession
from people.words import folded

PER_PAGE = 25
ANY_ROLE = "any"


@dataclass(frozen=True)
class People:
    """One page of persons; `total` counts those of every page."""

    persons: Sequence[Person]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def find_people(
    session: Session, *, q: str = "", role: str = "", archived: bool = False, page: int = 1
) -> People:
    """Persons whose name or mail holds every word of `q`, by name. A page too far is the last one."""
    wanted = _matching(q, role, archived=archived)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = max(1, min(page, -(-total // PER_PAGE)))
    ordered = wanted.order_by(Person.sort_name, Person.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return People(session.scalars(ordered).all(), total, page)


def count_people(session: Session) -> dict[str, int]:
    """How many persons there are: "all", "team" (with a role), "archived"."""
    everyone, archived = select(func.count()).select_from(Person), Person.archived_at.is_not(None)
    team = ~archived & Person.given_roles.any()
    return {
        "all": session.scalar(everyone.where(~archived)) or 0,
        "team": session.scalar(everyone.where(team)) or 0,
        "archived": session.scalar(everyone.where(archived)) or 0,
    }


def sessions_of(session: Session, person_id: UUID) -> Sequence[PersonSession]:
    """Where a person is signed in, the last seen first."""
    mine = select(PersonSession).where(PersonSession.person_id == person_id)
    return session.scalars(mine.order_by(PersonSession.seen_at.desc(), PersonSession.id)).all()


def all_tokens(session: Session) -> Sequence[ApiToken]:
    """Every token, with its person: those that still work first, then the newest."""
    newest = select(ApiToken).options(joinedload(ApiToken.person))
    return session.scalars(newest.order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())).all()


def tokens_of(session: Session, person_id: UUID) -> Sequence[ApiToken]:
    """The tokens of one person."""
    return session.scalars(
        select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id)
    ).all()


def team(session: Session) -> Sequence[Person]:
    """Those who hold a role and may sign in, by name."""
    holders = select(Person).where(Person.archived_at.is_(None), Person.given_roles.any())
    return session.scalars(holders.order_by(Person.sort_name, Person.id)).all()


def _matching(q: str, role: str, *, archived: bool) -> Select[Person]:
    wanted = select(Person).where(
        Person.archived_at.is_not(None) if archived else Person.archived_at.is_(None)
    )
    for word in folded(q).split()[:8]:
        wanted = wanted.where(Person.search.contains(word, autoescape=True))
    if role == ANY_ROLE:
        return wanted.where(Person.given_roles.any())
    return wanted.where(Person.given_roles.any(GivenRole.role == role)) if role else wanted
