"""What is not over yet between nodes: payments, proposals, mirrors with a gap. Never the whole history."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.between.shapes import Clearing, Mirror, Payment
from wallet.between.times import COMPLETER_FIRST
from wallet.models.village import VillageClearing, VillageMirror, VillagePayment
from wallet.models.village_dispute import VillageDispute
from wallet.pairing import pairing_of
from wallet.village_store.drawers import SqlDrawers

MOST: Final = 500


def waiting_payments(session: Session, now_ms: int) -> Sequence[Payment]:
    """The oldest payments that some issuer has not answered for.

    Not those made a moment ago: what they ask is on its way, and was said when it was written. One that is
    dated later than now is shown: the clock went back.
    """
    made = VillagePayment.made
    is_due = (made <= now_ms - COMPLETER_FIRST) | (made > now_ms)
    wanted = select(VillagePayment.id).where(~VillagePayment.is_final, is_due)
    ids = session.scalars(wanted.order_by(made).limit(MOST)).all()
    return list(_drawers(session).payments(ids)) if ids else []


def payment_by_id(session: Session, payment: UUID) -> Payment | None:
    """One payment with its legs."""
    return next(iter(_drawers(session).payments([payment])), None)


def waiting_clearings(session: Session) -> Sequence[Clearing]:
    """Our proposals that were not answered."""
    wanted = select(VillageClearing.id).where(VillageClearing.state == "proposed", VillageClearing.is_ours)
    contested = select(VillageDispute.id).where(VillageDispute.state == "proposed", VillageDispute.is_ours)
    ids = [*session.scalars(wanted.limit(MOST)), *session.scalars(contested.limit(MOST))]
    return list(_drawers(session).clearings(ids)) if ids else []


def clearing_by_id(session: Session, named: UUID) -> Clearing | None:
    """One proposal or dispute as the rules know it."""
    return next(iter(_drawers(session).clearings([named])), None)


def their_mirrors(session: Session) -> Sequence[Mirror]:
    """How far we know what others owe us."""
    me = pairing_of(session).own
    peers = session.scalars(select(VillageMirror.issuer).where(VillageMirror.holder == me).distinct()).all()
    found = _drawers(session).mirrors(list(peers)) if peers else ()
    return [mirror for mirror in found if mirror.holder == me]


def _drawers(session: Session) -> SqlDrawers:
    return SqlDrawers(session.connection(), pairing_of(session).own)
