"""What a person may know of their own money and cards, and what a stranger may learn from a card."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wallet.ledger.shapes import WALLET
from wallet.models.card import CardMark, PassCard
from wallet.models.currency import Currency
from wallet.models.holding import Wallet
from wallet.models.ledger import LedgerAccount, LedgerTransaction

SETTLED = ("captured", "released")
TAIL = 3
"""Signs at the end of a number or code that a patient guesser would try."""


def wallet_id_of(session: Session, person_id: UUID) -> UUID | None:
    """The person's wallet, None while they never needed one."""
    return session.scalars(select(Wallet.id).where(Wallet.person_id == person_id)).one_or_none()


def currencies_of(session: Session, wallet_id: UUID) -> Sequence[Currency]:
    """Every currency that ever moved in the wallet, by name."""
    moved = select(LedgerAccount.currency_id).where(
        LedgerAccount.owner == str(wallet_id), LedgerAccount.kind == WALLET, LedgerAccount.touched > 0
    )
    return session.scalars(select(Currency).where(Currency.id.in_(moved)).order_by(Currency.name)).all()


def settled_among(session: Session, transactions: Iterable[UUID]) -> set[UUID]:
    """Those of these amounts set aside that were taken or freed since."""
    ended = select(LedgerTransaction.refers).where(
        LedgerTransaction.refers.in_(set(transactions)), LedgerTransaction.verdict.in_(SETTLED)
    )
    return {one for one in session.scalars(ended) if one is not None}


def states_since(session: Session, cards: Iterable[PassCard]) -> dict[UUID, datetime]:
    """When each card came into the state that it has."""
    states = {card.id: card.state for card in cards}
    found: dict[UUID, datetime] = {}
    marks = select(CardMark).where(CardMark.card_id.in_(states)).order_by(CardMark.id.desc())
    running = dict.fromkeys(states, True)
    for mark in session.scalars(marks):
        running[mark.card_id] = running[mark.card_id] and mark.state == states[mark.card_id]
        if running[mark.card_id]:
            found[mark.card_id] = mark.at
    return found


def is_easy_to_guess(session: Session, card: PassCard, said: str) -> bool:
    """Whether `said` is a number or code of a series: another card's begins alike, only its end differs.

    Cards that this house prints have random numbers; those of older systems may count 1001, 1002, 1003. Who
    knows one of these knows them all, so that it proves nothing by itself.
    """
    column = PassCard.code if said == card.code else PassCard.number
    mine = card.code if said == card.code else card.number
    others = select(PassCard.id).where(
        PassCard.id != card.id,
        func.length(column) == len(mine),
        column.startswith(mine[: max(0, len(mine) - TAIL)], autoescape=True),
    )
    return session.scalar(others.limit(1)) is not None
