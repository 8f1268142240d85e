"""Reads that decide what two nodes are to each other."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from federation.models.villages import MEMBER, OURS, STOPPED, THEIRS, WAITING, PeeringOffer, VillageMember


def shared_village(session: Session, one: str, other: str, but: str = "") -> str:
    """A village that both are members of, `but` this one; "" when there is none."""
    first, second = aliased(VillageMember), aliased(VillageMember)
    query = select(first.village_uri).join(second, first.village_uri == second.village_uri)
    query = query.where(first.actor_uri == one, second.actor_uri == other, first.village_uri != but)
    query = query.where(first.state == MEMBER, second.state == MEMBER)
    return session.scalar(query.order_by(first.since).limit(1)) or ""


def is_stopped_here(session: Session, other: str) -> bool:
    """Whether somebody of this node ended the exchange with `other` for good."""
    ours = session.get(PeeringOffer, (other, OURS))
    return ours is not None and ours.state == STOPPED


def may_begin(session: Session, other: str) -> bool:
    """Whether we may offer by ourselves: nothing waits for an answer, nobody said no or ended it."""
    ours, theirs = session.get(PeeringOffer, (other, OURS)), session.get(PeeringOffer, (other, THEIRS))
    return ours is None and (theirs is None or theirs.state == WAITING)
