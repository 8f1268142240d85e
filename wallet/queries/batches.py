"""Batches of cards: listed, one with its cards, a list looked at before it is brought in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from msgspec import json
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wallet.card_refusals import BatchUnknown, BatchUnreadable
from wallet.card_words import LIST_WORDS
from wallet.cards.table import IDENTITY, BadTable, Preview, Row, preview_table
from wallet.cards.uid import Notation
from wallet.ledger.shapes import Receipt
from wallet.models.card import ACTIVE, CardBatch, PassCard
from wallet.models.currency import Currency
from wallet.models.holding import Wallet
from wallet.models.ledger import LedgerAccount, LedgerTransaction

CHUNK = 500
COLUMNS = (PassCard.uid, PassCard.number, PassCard.code)
Known = dict[tuple[str, str], PassCard]


@dataclass(frozen=True)
class BatchLine:
    """A batch and how many cards it holds."""

    batch: CardBatch
    cards: int


@dataclass(frozen=True)
class Opened:
    """The opening transaction of a batch: its currency, and the name of the account that it comes from."""

    receipt: Receipt
    currency: Currency
    account: str


def batches(session: Session) -> Sequence[BatchLine]:
    """Every batch, the newest first."""
    counted = (
        select(CardBatch, func.count(PassCard.id))
        .outerjoin(PassCard, PassCard.batch_id == CardBatch.id)
        .group_by(CardBatch.id)
        .order_by(CardBatch.created_at.desc(), CardBatch.id.desc())
    )
    return [BatchLine(row[0], row[1]) for row in session.execute(counted)]


def batch_by_id(session: Session, batch_id: UUID) -> CardBatch:
    """Raises BatchUnknown."""
    batch = session.get(CardBatch, batch_id)
    if batch is None:
        raise BatchUnknown
    return batch


def batch_cards(session: Session, batch_id: UUID) -> Sequence[PassCard]:
    """The cards of a batch, by number."""
    mine = select(PassCard).where(PassCard.batch_id == batch_id).order_by(PassCard.number)
    return session.scalars(mine).all()


def opening_of(session: Session, batch: CardBatch) -> Opened | None:
    """Its opening balances, if it had any."""
    if batch.opening_id is None:
        return None
    body = select(LedgerTransaction.body).where(LedgerTransaction.id == batch.opening_id)
    receipt = json.decode(session.scalars(body).one(), type=Receipt)
    source = session.get_one(LedgerAccount, UUID(hex=receipt.entries[0].debit))
    return Opened(receipt, session.get_one(Currency, source.currency_id), source.owner)


def preview_batch(session: Session, text: str, notation: Notation = "hex", scale: int = 2) -> Preview:
    """Every line of a list, also against the cards known here. Raises BatchUnreadable."""
    try:
        preview = preview_table(text, notation=notation, scale=scale)
    except BadTable as error:
        raise BatchUnreadable(str(LIST_WORDS[error.why]), cause=error.why) from error
    return replace(preview, rows=tuple(compared(session, preview.rows)))


def compared(session: Session, rows: Sequence[Row]) -> list[Row]:
    """The same lines; cards that are known here already are mistakes, unless they may come again."""
    known = _known(session, rows)
    again = _free_again(session, known)
    return [_against(row, known, again) for row in rows]


def same_cards(session: Session, rows: Sequence[Row]) -> dict[int, PassCard]:
    """By line, the cards that come again after their batch was undone."""
    known = _known(session, rows)
    again = _free_again(session, known)
    same = ((row.line, _same(row, _touched(row, known))) for row in rows)
    return {line: card for line, card in same if card is not None and card.id in again}


def _known(session: Session, rows: Sequence[Row]) -> Known:
    found: Known = {}
    for at in range(0, len(rows), CHUNK):
        for column in COLUMNS:
            values = [value for row in rows[at : at + CHUNK] if (value := getattr(row, column.key))]
            cards = session.scalars(select(PassCard).where(column.in_(values)))
            found.update({(column.key, getattr(card, column.key)): card for card in cards})
    return found


def _free_again(session: Session, known: Known) -> set[UUID]:
    """Those of an undone batch that are still in use and nobody's."""
    free = (
        select(PassCard.id)
        .join(CardBatch, CardBatch.id == PassCard.batch_id)
        .join(Wallet, Wallet.id == PassCard.wallet_id)
        .where(CardBatch.undone_at.is_not(None), PassCard.state == ACTIVE, Wallet.person_id.is_(None))
    )
    return set(session.scalars(free)) if known else set()


def _against(row: Row, known: Known, again: set[UUID]) -> Row:
    touched = _touched(row, known)
    if not touched:
        return row
    same = _same(row, touched)
    if same is None:
        return row.wrong("other_card")
    return row if same.id in again else row.wrong("known")


def _touched(row: Row, known: Known) -> list[PassCard]:
    """The cards that something on the line names."""
    found = (known.get((name, getattr(row, name))) for name in IDENTITY)
    return list({card.id: card for card in found if card is not None}.values())


def _same(row: Row, touched: Sequence[PassCard]) -> PassCard | None:
    """The one card that everything on the line names."""
    if len(touched) != 1:
        return None
    (card,) = touched
    said = ((getattr(row, name), getattr(card, name)) for name in IDENTITY)
    return card if all(not value or value == mine for value, mine in said) else None
