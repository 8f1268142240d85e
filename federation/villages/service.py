"""The verbs of a village, each inside one transaction. Its founder keeps the list and tells each change."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.villages import ASKED, INVITED, LEFT, MEMBER, REFUSED, REMOVED, Village, VillageMember
from federation.standing import Standing
from federation.villages import terms
from federation.villages.queries import roster_of
from federation.villages.rows import new_village, set_member, slug_of
from federation.villages.telling import announce, meet, others, part, tell
from federation.villages.terms import Roster
from kit import clock
from kit.errors import Conflict, Invalid, NotFound
from kit.i18n import _, lazy
from kit.ids import new_id


class NotTheFounder(Conflict):
    name = "not_the_founder"
    default = lazy("Only the node that founded the village keeps its list.")


class FounderStays(Conflict):
    name = "founder_stays"
    default = lazy("I founded this village: I keep its list, I cannot leave it.")


class NothingAsked(NotFound):
    name = "nothing_asked"
    default = lazy("Nobody asked for this, or it was answered already.")


def found(session: Session, own: Standing, name: str, charter: str = "", slug: str = "") -> Village:
    """Start a village with this node alone in it. Raises Invalid (no name, or one that we have already)."""
    slug = slug or slug_of(name)
    if not slug:
        raise Invalid(fields={"name": _("I give the village a name.")})
    uri = f"{own.url}/villages/{slug}"
    if session.get(Village, uri) is not None:
        raise Invalid(fields={"name": _("I founded a village of this name already.")})
    roster = Roster(uri, name, own.actor, charter, 1, (own.actor,))
    village = new_village(session, uri, slug, roster, MEMBER)
    set_member(session, village, own.actor, MEMBER)
    return village


def invite(session: Session, own: Standing, village: Village, other: str) -> None:
    """Ask a known node to join. Raises NotTheFounder; nothing is sent to a member."""
    _refuse_unless_founder(own, village)
    member = session.get(VillageMember, (village.uri, other))
    if member is not None and member.state == MEMBER:
        return
    if member is not None and member.state == ASKED:
        admit(session, own, village, other)
        return
    request = f"{own.url}/invitations/{new_id()}"
    set_member(session, village, other, INVITED, request)
    body = terms.group(village.uri, village.name, own.actor, village.charter)
    tell(session, own, village, "Invite", to=[other], body=body, id=request, target=other)


def join(session: Session, own: Standing, village: Village) -> None:
    """Ask the founder to let us in, or say yes to its invitation. It may be repeated.

    We show the list that the founder signed last, if we have one: a founder that lost it finds it again.
    """
    request = f"{own.url}/joins/{new_id()}"
    if village.state != MEMBER:
        village.state = ASKED
    village.request_id, village.changed_at = request, clock.now()
    body = terms.group(village.uri, village.name, village.founder)
    shown = {"vil:roster": village.roster} if village.roster else {}
    tell(session, own, village, "Join", to=[village.founder], body=body, id=request, **shown)


def decline(session: Session, own: Standing, village: Village) -> None:
    """Say no to an invitation. Raises NothingAsked."""
    if village.state != INVITED:
        raise NothingAsked
    body = {"type": "Invite", "id": village.request_id, "actor": village.founder}
    village.state, village.changed_at = REFUSED, clock.now()
    tell(session, own, village, "Reject", to=[village.founder], body=body)


def admit(session: Session, own: Standing, village: Village, other: str) -> None:
    """The founder lets a node in and tells all. Raises NotTheFounder, NothingAsked."""
    _refuse_unless_founder(own, village)
    member = session.get(VillageMember, (village.uri, other))
    if member is None or member.state not in (ASKED, MEMBER):
        raise NothingAsked
    accepted = {"type": "Join", "id": member.request_id, "actor": other, "object": village.uri}
    is_new = member.state != MEMBER
    member.state, member.since = MEMBER, clock.now()
    session.flush()
    if is_new:
        _next_epoch(session, village)
    roster = terms.roster_document(roster_of(session, village))
    tell(session, own, village, "Accept", to=[other], body=accepted, result=roster)
    if is_new:
        announce(session, own, village, "Add", other)
    meet(session, own, village, [other])


def turn_down(session: Session, own: Standing, village: Village, other: str) -> None:
    """The founder says no to a request. Raises NotTheFounder, NothingAsked."""
    _refuse_unless_founder(own, village)
    member = session.get(VillageMember, (village.uri, other))
    if member is None or member.state != ASKED:
        raise NothingAsked
    member.state = REFUSED
    body = {"type": "Join", "id": member.request_id, "actor": other, "object": village.uri}
    tell(session, own, village, "Reject", to=[other], body=body)


def remove(session: Session, own: Standing, village: Village, other: str) -> None:
    """The founder removes a member, and tells everyone, the removed one too; or takes an invitation back.

    Raises NotTheFounder, FounderStays, NothingAsked.
    """
    _refuse_unless_founder(own, village)
    if other == own.actor:
        raise FounderStays
    member = session.get(VillageMember, (village.uri, other))
    if member is None or member.state not in (MEMBER, INVITED):
        raise NothingAsked
    if member.state == INVITED:
        member.state = REMOVED
        announce(session, own, village, "Remove", other, to=[other])
        return
    told = [*others(session, own, village), other]
    member.state = REMOVED
    session.flush()
    _next_epoch(session, village)
    announce(session, own, village, "Remove", other, to=told)
    part(session, own, village, [other])


def leave(session: Session, own: Standing, village: Village) -> None:
    """Go, and end the peerings that this village brought. Always honoured. Raises FounderStays."""
    if village.founder == own.actor:
        raise FounderStays
    left_behind = others(session, own, village) if village.state == MEMBER else []
    village.state, village.changed_at = LEFT, clock.now()
    set_member(session, village, own.actor, LEFT)
    session.flush()
    tell(session, own, village, "Leave", to=[village.founder], body=village.uri)
    part(session, own, village, left_behind)


def change_charter(session: Session, own: Standing, village: Village, name: str, charter: str) -> None:
    """Rename or rewrite; every member gets the new list, with the new charter.

    Raises NotTheFounder, Invalid.
    """
    _refuse_unless_founder(own, village)
    if not name:
        raise Invalid(fields={"name": _("I give the village a name.")})
    village.name, village.charter = name, charter
    _next_epoch(session, village)
    announce(session, own, village, "Update", "")


def asked_to_join(session: Session, own: Standing, village: Village, other: str, request: str) -> None:
    """A node asks to come in: at once if invited, a member, or in our file for it; else a human decides."""
    member = session.get(VillageMember, (village.uri, other))
    state = member.state if member else ""
    is_expected = state in (INVITED, MEMBER) or own.expects(village.uri, other)
    set_member(session, village, other, MEMBER if state == MEMBER else ASKED, request)
    if is_expected:
        admit(session, own, village, other)


def gone(session: Session, own: Standing, village: Village, other: str) -> None:
    """A member left us: the next list goes to those who stay. Who only asked to come in asks no more."""
    member = session.get(VillageMember, (village.uri, other))
    if member is None or member.state not in (MEMBER, ASKED):
        return
    was_member, member.state = member.state == MEMBER, LEFT
    session.flush()
    if not was_member:
        return
    _next_epoch(session, village)
    announce(session, own, village, "Remove", other)
    part(session, own, village, [other])


def _refuse_unless_founder(own: Standing, village: Village) -> None:
    if village.founder != own.actor:
        raise NotTheFounder


def _next_epoch(session: Session, village: Village) -> None:
    village.epoch += 1
    village.changed_at = clock.now()
    session.flush()


def was_turned_down(village: Village) -> None:
    """The founder said no to our request; we may ask again."""
    if village.state != MEMBER:
        village.state, village.changed_at = REFUSED, clock.now()


def invitation_declined(session: Session, other: str, request: str) -> None:
    """A node said no to our invitation. Raises NothingAsked when we did not invite it so."""
    query = select(VillageMember).where(VillageMember.actor_uri == other, VillageMember.request_id == request)
    member = session.scalar(query.where(VillageMember.state == INVITED))
    if member is None:
        raise NothingAsked
    member.state = REFUSED
