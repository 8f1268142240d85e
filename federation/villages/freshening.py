"""Lists of members looked at again where they are kept: a node that was away for long missed the telling."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import proofs
from federation.actors.keys import trusted_keys
from federation.models.villages import MEMBER, Village
from federation.peer_keys import among
from federation.refusals import OtherActor
from federation.standing import standing_of
from federation.villages.rosters import keep_roster
from federation.villages.terms import read_roster
from kit import clock


def lists_of_others(session: Session) -> list[str]:
    """Addresses of the lists of the villages that we are in and did not found."""
    own = standing_of(session)
    query = select(Village.uri).where(Village.state == MEMBER, Village.founder != own.actor)
    return [f"{uri}/members" for uri in session.scalars(query.order_by(Village.uri))]


def keep_shown(session: Session, document: dict[str, Any]) -> None:
    """Keep a list that its founder shows, signed; an older one changes nothing.

    Raises OtherActor or another SignatureRefused when it is not the founder's own word.
    """
    roster = read_roster(document)
    if roster is None:
        raise OtherActor(cause="no list of members")
    keys = trusted_keys(session, roster.founder)
    if proofs.verify(document, among(keys), now=clock.now()).actor != roster.founder:
        raise OtherActor(cause="a list that is not signed by its founder")
    keep_roster(session, standing_of(session), roster, document)
