"""The end of a grant, and how much of it is in use: what both sides say of it, and what each keeps.

Whoever hears the end of a grant closes its list: the payments that it accepted before and that the issuer has
not answered. The issuer honours these and no others, whatever date they bear (docs/adr/0030).
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from wallet.between.messages import Grant, Message, Noted, Refused, Revoke, Revoked, Used
from wallet.models.village import VillageGrant, VillageLeg, VillagePayment
from wallet.service.village_grants import MOST_KEPT, kept_of, noted, refusal, tombstone
from wallet.service.village_noted import REVOKED, is_known_peer, neighbour_of, note_grant
from wallet.store.shelf import take_turn

MOST_DUE: Final = 4_000
"""Payments in one list: what one envelope holds. More than so many small ones are the acceptor's own risk."""
REFUSED_FOR_GOOD: Final = frozenset({"malformed", "not_yours", "stays_there", "conflict", "grant_unknown"})


def hear_revoke(session: Session, peer: str, said: Revoke) -> Revoked | Refused:
    """Accept nothing more under it, and say what was. An end that comes before its beginning stands."""
    row = session.get(VillageGrant, said.id)
    if row is None:
        if not is_known_peer(session, peer) or kept_of(session, peer) >= MOST_KEPT:
            return refusal(said, "grant_unknown")
        row = tombstone(session, peer, said.id)
        session.add(row)
    elif row.is_ours or row.issuer != peer:
        return refusal(said, "grant_unknown")
    elif not row.revoked:
        note_grant(session, neighbour_of(peer), REVOKED, row)
    _close(session, row)
    due = tuple(UUID(one) for one in row.closed or ())
    return Revoked(id=said.id, made=said.made, used=row.told or 0, due=due)


def hear_used(session: Session, peer: str, said: Used) -> Noted | Refused:
    """Keep how much of a grant of ours `peer` says is accepted and not answered."""
    row = session.get(VillageGrant, said.grant)
    if row is None or not row.is_ours or row.acceptor != peer:
        return refusal(said, "grant_unknown")
    row.told, row.told_at = said.used, clock.now()
    session.flush()
    return noted(said)


def heard_about_grants(session: Session, peer: str, asked: Grant | Revoke | Used, answer: Message) -> None:
    """`peer` answered our grant, its end, or our count. A grant that it refuses is over."""
    row = session.get(VillageGrant, asked.grant if isinstance(asked, Used) else asked.id)
    if row is None:
        return
    if isinstance(asked, Used):
        if row.issuer == peer and not row.is_ours:
            row.told, row.told_at = asked.used, clock.now()
    elif row.is_ours and row.acceptor == peer:
        _heard_of_ours(session, peer, row, asked, answer)
    session.flush()


def _heard_of_ours(
    session: Session, peer: str, row: VillageGrant, asked: Grant | Revoke, answer: Message
) -> None:
    if isinstance(asked, Grant) and isinstance(answer, Noted) and not row.revoked:
        row.noted = True
    elif isinstance(asked, Revoke) and isinstance(answer, Revoked) and row.revoked:
        row.noted = True
        row.told, row.told_at = answer.used, clock.now()
        if row.closed is None:
            row.closed = [str(one) for one in answer.due]
    elif isinstance(answer, Refused) and answer.why in REFUSED_FOR_GOOD:
        row.revoked = row.noted = True
        row.closed = row.closed or []
        note_grant(session, neighbour_of(peer), REVOKED, row, why=answer.why)


def _close(session: Session, row: VillageGrant) -> None:
    """Write the list down once; every payment that is decided later sees that the grant is over."""
    if row.closed is not None:
        return
    take_turn(session.connection())
    row.revoked = True
    session.flush()
    session.refresh(row, ["used"])
    waiting = (
        select(VillageLeg.id)
        .join(VillagePayment, VillagePayment.id == VillageLeg.payment_id)
        .where(~VillagePayment.is_final, VillageLeg.grant_id == row.id, VillageLeg.state == "offline_due")
        .order_by(VillagePayment.made, VillageLeg.id)
        .limit(MOST_DUE)
    )
    row.closed = [str(one) for one in session.scalars(waiting)]
    row.told = row.used
    session.flush()
