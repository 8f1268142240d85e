"""Which nodes know a card of ours, and what each was told last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wallet.models.village_cards import VillageBinding, VillageListed, VillageNoted, VillageRevision
from wallet.pairing import pairing_of


@dataclass(frozen=True)
class KnownAt:
    """`rev`: what `peer` has noted of the card, None for nothing; `newest`: what there is to note.

    `is_bound`: it knows the holder's wallet there. `at`: when it last noted something of our directory.
    """

    peer: str
    rev: int | None
    newest: int
    at: datetime | None
    is_bound: bool

    @property
    def is_current(self) -> bool:
        return self.rev == self.newest


def known_at(session: Session, card_id: UUID, wallet_id: UUID) -> list[KnownAt]:
    """One for each peer that may note our directory, by address."""
    newest = session.get(VillageRevision, card_id)
    if newest is None:
        return []
    listed = select(VillageListed.peer, func.max(VillageListed.rev)).where(VillageListed.card_id == card_id)
    noted = {row[0]: row[1] for row in session.execute(listed.group_by(VillageListed.peer))}
    at = {row.peer: row.noted_at for row in session.scalars(select(VillageNoted))}
    bound = set(session.scalars(select(VillageBinding.peer).where(VillageBinding.wallet_id == wallet_id)))
    return [
        KnownAt(peer, noted.get(peer), newest.rev, at.get(peer), peer in bound)
        for peer in pairing_of(session).peers(session)
    ]
