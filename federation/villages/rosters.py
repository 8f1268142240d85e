"""Lists of members, as their founders signed them: believed, kept, followed."""

from typing import Any

from sqlalchemy.orm import Session

from federation.models.villages import ASKED, INVITED, MEMBER, REMOVED, Village
from federation.standing import Standing
from federation.villages.queries import members_of
from federation.villages.rows import free_slug, new_village, set_member, slug_of
from federation.villages.telling import meet, part
from federation.villages.terms import Roster
from kit import clock


def know(session: Session, roster: Roster, state: str, request: str = "") -> Village:
    """A village of another node, first heard of or asked about."""
    village = session.get(Village, roster.village)
    if village is None:
        slug = free_slug(session, roster.village.rpartition("/")[2] or slug_of(roster.name))
        village = new_village(session, roster.village, slug, roster, state)
    village.request_id = request or village.request_id
    if village.state != MEMBER:
        village.state, village.name, village.charter = state, roster.name or village.name, roster.charter
    return village


def admitted(session: Session, own: Standing, roster: Roster, signed: dict[str, Any]) -> None:
    """The founder answers yes to our request, with its list."""
    village = session.get(Village, roster.village)
    if village is not None and village.state in (ASKED, MEMBER) and own.actor in roster.members:
        _follow(session, own, village, roster, signed)


def keep_roster(session: Session, own: Standing, roster: Roster, signed: dict[str, Any]) -> None:
    """The founder's newer list of a village that we are in. It never makes a member without our yes."""
    village = session.get(Village, roster.village)
    if village is None or village.founder != roster.founder:
        return
    if village.state == MEMBER:
        _follow(session, own, village, roster, signed)
    elif village.state == INVITED and own.actor not in roster.members:
        village.state, village.changed_at = REMOVED, clock.now()


def _follow(
    session: Session, own: Standing, village: Village, roster: Roster, signed: dict[str, Any]
) -> None:
    """Meet who came, part from who went; an older list changes nothing."""
    if roster.epoch < village.epoch:
        return
    before = set(members_of(session, village))
    village.name, village.charter, village.epoch = roster.name, roster.charter, roster.epoch
    village.roster, village.changed_at = signed, clock.now()
    village.state = MEMBER if own.actor in roster.members else REMOVED
    _write_members(session, village, before, roster)
    gone = before - set(roster.members) if village.state == MEMBER else before
    part(session, own, village, sorted(gone - {own.actor}))
    if village.state == MEMBER:
        meet(session, own, village, [actor for actor in roster.members if actor != own.actor])


def _write_members(session: Session, village: Village, before: set[str], roster: Roster) -> None:
    for actor in before - set(roster.members):
        set_member(session, village, actor, REMOVED)
    for actor in roster.members:
        set_member(session, village, actor, MEMBER)
    session.flush()
