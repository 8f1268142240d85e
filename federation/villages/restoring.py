"""A founder that lost its list reads it again from what it signed, and its members ask in again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import proofs
from federation.facts import PeeringRenewed
from federation.models.villages import MEMBER, Village
from federation.multikey import decode_key
from federation.peer_keys import FindKey, PeerKey
from federation.reading import object_of
from federation.refusals import SignatureRefused
from federation.standing import Standing, standing_of
from federation.villages import service, terms
from federation.villages.rows import set_member
from kit import clock


def restore_from(session: Session, own: Standing, village: Village, signed: Any) -> None:
    """Take back the list in `signed`, an activity that a member kept, if we signed it and it is newer."""
    roster = _our_list(own, signed) if isinstance(signed, Mapping) else None
    if roster is None or roster.village != village.uri or roster.epoch <= village.epoch:
        return
    village.epoch, village.name, village.charter = roster.epoch, roster.name, roster.charter
    village.changed_at = clock.now()
    for actor in roster.members:
        set_member(session, village, actor, MEMBER)
    session.flush()


def on_renewed(session: Session, fact: PeeringRenewed) -> None:
    """A founder lost what it knew: ask in again, and show its list. Nothing changes for other villagers."""
    own = standing_of(session)
    query = select(Village).where(Village.founder == fact.uri, Village.state == MEMBER)
    for village in session.scalars(query):
        service.join(session, own, village)


def _our_list(own: Standing, signed: Mapping[str, Any]) -> terms.Roster | None:
    parts = (signed, *(object_of(signed, name) or {} for name in ("result", "target", "object")))
    document = next((part for part in parts if "vil:epoch" in part), None)
    roster = terms.read_roster(document) if document else None
    is_ours = roster is not None and roster.founder == own.actor
    return roster if is_ours and any(_verifies(own, key, signed) for key in own.proof_keys) else None


def _verifies(own: Standing, key: str, signed: Mapping[str, Any]) -> bool:
    try:
        return proofs.verify(dict(signed), _finder(own, key), now=clock.now()).actor == own.actor
    except SignatureRefused:
        return False


def _finder(own: Standing, key: str) -> FindKey:
    return lambda key_id: PeerKey(key_id, own.actor, decode_key(key))
