"""Cards in the order of their numbers, a page after the other, for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models.card import PassCard
from wallet.models.holding import Wallet


@dataclass(frozen=True)
class WantedCards:
    """Which cards: all of these at once; those whose number comes after `after`, `most` of them."""

    state: str = ""
    kind: str = ""
    batch_id: UUID | None = None
    wallet_id: UUID | None = None
    person_id: UUID | None = None
    after: str = ""
    most: int = 50


def cards_after(session: Session, wanted: WantedCards) -> Sequence[tuple[PassCard, UUID | None]]:
    """Each card, and the id of the person whose it is."""
    query = select(PassCard, Wallet.person_id).join(Wallet, Wallet.id == PassCard.wallet_id)
    for column, value in (
        (PassCard.state, wanted.state),
        (PassCard.kind, wanted.kind),
        (PassCard.batch_id, wanted.batch_id),
        (PassCard.wallet_id, wanted.wallet_id),
        (Wallet.person_id, wanted.person_id),
    ):
        query = query.where(column == value) if value else query
    query = query.where(PassCard.number > wanted.after) if wanted.after else query
    rows = session.execute(query.order_by(PassCard.number).limit(wanted.most))
    return [(card, person_id) for card, person_id in rows]
