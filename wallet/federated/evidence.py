"""Evidence: what a peer said, with its signature, found again by the id that it named."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.between.envelope import Evidence
from wallet.models.village import VillageEnvelope, VillageItem

DIGEST = 32
MOMENT = 80
"""Bits of an id below the milliseconds at which it was made."""


def evidence_for(session: Session, peer: str, asked: UUID) -> Evidence | None:
    """The newest item under that id which `peer` said to us."""
    wanted = (
        select(VillageItem, VillageEnvelope)
        .join(VillageEnvelope, VillageEnvelope.id == VillageItem.envelope_id)
        .where(VillageItem.asked == asked, VillageEnvelope.peer == peer)
        .order_by(VillageEnvelope.at.desc())
        .limit(1)
    )
    found = session.execute(wanted).first()
    return evidence_from(found[0], found[1]) if found is not None else None


def evidence_from(item: VillageItem, envelope: VillageEnvelope) -> Evidence:
    """One kept item alone, with the signature of the envelope that it came in."""
    hashes = envelope.hashes
    return Evidence(
        peer=envelope.peer,
        to=envelope.addressee,
        kid=envelope.kid,
        at=envelope.at,
        item=item.body,
        hashes=tuple(hashes[at : at + DIGEST] for at in range(0, len(hashes), DIGEST)),
        root=envelope.root,
        sig=envelope.sig,
    )


def last_heard(session: Session, peer: str) -> int:
    """When `peer` last said something that is kept, in milliseconds of our own clock; 0 when it never did."""
    wanted = select(VillageEnvelope.id).where(VillageEnvelope.peer == peer)
    newest = session.scalar(wanted.order_by(VillageEnvelope.id.desc()).limit(1))
    return newest.int >> MOMENT if newest is not None else 0
