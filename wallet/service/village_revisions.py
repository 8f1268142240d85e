"""Our own directory: every change of a card gets the next revision, and so does its wallet's handle.

What changed is found by comparison, so nothing is missed, whoever changed it and however.
"""

from collections.abc import Sequence, Set
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from kit.db.insert import insert
from wallet.between.card_keys import handle_for
from wallet.facts import CardLinked, CardMarked
from wallet.models.card import ACTIVE, BLOCKED, LOST, PASS, PassCard
from wallet.models.village_cards import CARDS, VillageCounter, VillageHandle, VillageRevision
from wallet.pairing import pairing_of

MOST: Final = 200
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
    _take(session, 0)  # on PostgreSQL whoever revises waits here for the one before
    rows = session.execute(stale_cards(only).order_by(PassCard.id).limit(MOST)).all()
    wallets: dict[UUID, None] = {}
    for (card, known), rev in zip(rows, _take(session, len(rows)), strict=True):
        wallets |= dict.fromkeys((card.wallet_id, *((known.wallet_id,) if known else ())))
        _write(session, card, known, rev)
    _revise_wallets(session, list(wallets))
    session.flush()
    return len(rows)


def _revise_wallets(session: Session, wallet_ids: Sequence[UUID]) -> None:
    """Give each wallet's handle here its state and the next revision; make it when it is the first time."""
    pairing = pairing_of(session)
    mine = select(VillageHandle).where(VillageHandle.home == pairing.own)
    found = session.scalars(mine.where(VillageHandle.wallet_id.in_(wallet_ids)))
    handles, states = {one.wallet_id: one for one in found}, _states(session, wallet_ids)
    for wallet_id, rev in zip(wallet_ids, _take(session, len(wallet_ids)), strict=True):
        handle = handles.get(wallet_id)
        if handle is None:
            name = handle_for(pairing.own_secret, wallet_id)
            handle = VillageHandle(handle=name, wallet_id=wallet_id, home=pairing.own, status=ACTIVE)
        handle.rev, handle.status = rev, _status(states.get(wallet_id, set())) or handle.status
        session.add(handle)


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


def _states(session: Session, wallet_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """The states of the cards of each wallet."""
    cards = select(PassCard.wallet_id, PassCard.state).where(PassCard.kind == PASS)
    found: dict[UUID, set[str]] = {}
    for wallet_id, state in session.execute(cards.where(PassCard.wallet_id.in_(wallet_ids))):
        found.setdefault(wallet_id, set()).add(state)
    return found


def _status(states: Set[str]) -> str:
    """In use while one of its cards is; else lost or blocked; "" without a card."""
    if not states:
        return ""
    return next((one for one in (ACTIVE, LOST) if one in states), BLOCKED)


def _take(session: Session, many: int) -> range:
    """The next revisions. On PostgreSQL the row is ours until the commit: they appear in their order."""
    if session.get(VillageCounter, CARDS) is None:
        session.execute(insert(session, VillageCounter).values(name=CARDS, value=0).on_conflict_do_nothing())
    raised = update(VillageCounter).where(VillageCounter.name == CARDS)
    last = session.scalar(raised.values(value=VillageCounter.value + many).returning(VillageCounter.value))
    if last is None:
        raise LookupError("the counter of revisions is gone")
    return range(last - many + 1, last + 1)
