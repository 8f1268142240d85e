"""Our own directory: every change of a card gets the next revision, and so does its wallet's handle.

What changed is found by comparison, so nothing is missed, whoever changed it and however.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from kit.db.insert import insert
from wallet.between.card_keys import handle_for
from wallet.facts import CardLinked, CardMarked
from wallet.models.card import ACTIVE, BLOCKED, LOST, PASS, PassCard
from wallet.models.village_cards import CARDS, VillageCounter, VillageHandle, VillageRevision
from wallet.pairing import pairing_of

MOST: Final = 500
"""Cards in one transaction."""


def stale_cards(only: Sequence[UUID] | None = None) -> Select[PassCard, VillageRevision]:
    """The cards of which our directory says something else, or nothing."""
    known = VillageRevision
    found = (
        select(PassCard, known)
        .outerjoin(known, known.card_id == PassCard.id)
        .where(PassCard.kind == PASS)
        .where(or_(known.rev.is_(None), known.state != PassCard.state, known.wallet_id != PassCard.wallet_id))
    )
    return found if only is None else found.where(PassCard.id.in_(only))


def revise(session: Session, only: Sequence[UUID] | None = None) -> int:
    """Bring the directory up to date, some cards at a time; how many were not."""
    session.flush()
    if session.execute(stale_cards(only).limit(1)).first() is None:
        return 0
    _next(session)  # on PostgreSQL whoever revises waits here for the one before
    rows = session.execute(stale_cards(only).order_by(PassCard.id).limit(MOST)).all()
    wallets: dict[UUID, None] = {}
    for card, known in rows:
        wallets |= dict.fromkeys((card.wallet_id, *((known.wallet_id,) if known else ())))
        _write(session, card, known, _next(session))
    for wallet_id in wallets:
        revise_wallet(session, wallet_id)
    session.flush()
    return len(rows)


def revise_wallet(session: Session, wallet_id: UUID) -> None:
    """Give the wallet's handle here its state and the next revision; make it when it is the first time."""
    pairing = pairing_of(session)
    mine = select(VillageHandle).where(
        VillageHandle.wallet_id == wallet_id, VillageHandle.home == pairing.own
    )
    handle, rev, status = session.scalars(mine).first(), _next(session), _status(session, wallet_id)
    if handle is None:
        name = handle_for(pairing.own_secret, wallet_id)
        handle = VillageHandle(handle=name, wallet_id=wallet_id, home=pairing.own, status=ACTIVE)
        session.add(handle)
    handle.rev, handle.status = rev, status or handle.status


def on_card_marked(session: Session, fact: CardMarked) -> None:
    """A card is lost, found, blocked or replaced: the directory says so in the same transaction."""
    _revise_with(session, fact.card_id)


def on_card_linked(session: Session, fact: CardLinked) -> None:
    """A card opens a person's wallet: so it does elsewhere."""
    _revise_with(session, fact.card_id)


def _revise_with(session: Session, card_id: UUID) -> None:
    """The card, and those of the same wallet."""
    session.flush()
    wallet = select(PassCard.wallet_id).where(PassCard.id == card_id).scalar_subquery()
    revise(session, session.scalars(select(PassCard.id).where(PassCard.wallet_id == wallet)).all())


def _write(session: Session, card: PassCard, known: VillageRevision | None, rev: int) -> None:
    if known is None:
        known = VillageRevision(card_id=card.id)
    known.rev, known.state, known.wallet_id = rev, card.state, card.wallet_id
    session.add(known)


def _status(session: Session, wallet_id: UUID) -> str:
    """In use while one of its cards is; else lost or blocked; "" without a card."""
    states = session.scalars(
        select(PassCard.state).where(PassCard.wallet_id == wallet_id, PassCard.kind == PASS)
    )
    return _worst(set(states))


def _worst(states: Iterable[Any]) -> str:
    found = set(states)
    if not found:
        return ""
    return next((one for one in (ACTIVE, LOST) if one in found), BLOCKED)


def _next(session: Session) -> int:
    """The next revision. On PostgreSQL the row is ours until the commit: revisions appear in their order."""
    first = insert(session, VillageCounter).values(name=CARDS, value=0).on_conflict_do_nothing()
    if session.get(VillageCounter, CARDS) is None:
        session.execute(first)
    raised = update(VillageCounter).where(VillageCounter.name == CARDS)
    number = session.scalar(raised.values(value=VillageCounter.value + 1).returning(VillageCounter.value))
    if number is None:
        raise LookupError("the counter of revisions is gone")
    return int(number)
