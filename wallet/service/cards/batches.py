"""Cards by the hundred, with what they held elsewhere: one opening transaction, one opposite to undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Invalid
from kit.facts import emit
from kit.i18n import _, lazy
from kit.ids import new_id
from people.audit import record
from people.words import clean_name
from wallet.card_refusals import BatchUndone, BatchWrong, TotalDiffers
from wallet.cards.table import Row
from wallet.facts import BatchImported
from wallet.ledger.requests import Opening, Reverse
from wallet.ledger.shapes import Memo, content_hash
from wallet.models.card import NTAG424, QR_ONLY, STATIC, CardBatch, PassCard
from wallet.models.holding import Wallet
from wallet.queries.batches import batch_by_id, compared, same_cards
from wallet.service.cards.enrolling import NTAG_DIGITS, add_new, card_row
from wallet.service.cards.noting import mark
from wallet.service.posting import post

_OPENINGS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9ac2")
LONGEST: Final = 200


@dataclass(frozen=True)
class OpeningBalances:
    """In which currency, from which named account, and the total that a person confirmed (minor units)."""

    currency_id: UUID
    account: str
    total: int


def import_batch(
    session: Session,
    by: Principal,
    name: str,
    rows: Sequence[Row],
    opening: OpeningBalances | None = None,
    *,
    batch_id: UUID | None = None,
    is_ntag424: bool = False,
) -> CardBatch:
    """Bring the cards in, all or none. The same `batch_id` again gives the same batch.

    Raises BatchWrong, TotalDiffers, Invalid (no name), CurrencyUnknown, CurrencyArchived.
    """
    known = session.get(CardBatch, batch_id) if batch_id else None
    if known is not None:
        return known
    _refuse_wrong(session, rows, opening)
    batch = _new_batch(session, by, name, batch_id)
    cards = _bring_in(session, by, batch, rows, is_ntag424=is_ntag424)
    if opening is not None and opening.total:
        batch.opening_id = _open(session, by, batch, opening, list(zip(cards, rows, strict=True)))
    details = {"cards": len(cards), "total": opening.total if opening else 0}
    record(
        session, by, lazy("Cards brought in"), batch.name,
        kind="card_batch", about_id=batch.id, details=details,
    )  # fmt: skip
    session.flush()
    emit(session, BatchImported(batch.id, len(cards)))
    return batch


def undo_opening(session: Session, by: Principal, batch_id: UUID) -> CardBatch:
    """Take the opening balances back by the opposite transaction; the cards stay, and may come again.

    Raises BatchUnknown, BatchUndone, Insufficient (something was spent already).
    """
    batch = batch_by_id(session, batch_id)
    if batch.undone_at is not None:
        raise BatchUndone
    if batch.opening_id is not None:
        request = Reverse(
            id=uuid5(_OPENINGS, f"undo/{batch.id}"),
            content=content_hash("undo", batch.opening_id),
            kind="correction",
            memo=Memo(by=str(by.person_id or ""), reason=batch.name, batch=str(batch.id)),
            refers=batch.opening_id,
        )
        post(session, request)
    batch.undone_at = clock.now()
    record(session, by, lazy("Opening balances taken back"), batch.name, kind="card_batch", about_id=batch.id)
    return batch


def set_back_image(session: Session, by: Principal, batch_id: UUID, picture: str) -> CardBatch:
    """Give the batch its own back, or the house's again with an empty name. Raises BatchUnknown."""
    batch = batch_by_id(session, batch_id)
    batch.back_image = picture
    record(session, by, lazy("Back of the cards changed"), batch.name, kind="card_batch", about_id=batch.id)
    return batch


def _refuse_wrong(session: Session, rows: Sequence[Row], opening: OpeningBalances | None) -> None:
    if not rows or any(row.mistakes for row in compared(session, rows)):
        raise BatchWrong
    if sum(row.balance for row in rows) != (opening.total if opening else 0):
        raise TotalDiffers(fields={"total": str(TotalDiffers.default)})


def _new_batch(session: Session, by: Principal, name: str, batch_id: UUID | None) -> CardBatch:
    called = clean_name(name)
    if not called:
        raise Invalid(fields={"name": _("I fill in this field.")})
    batch = CardBatch(
        id=batch_id or new_id(), name=called, created_at=clock.now(), by_id=by.person_id, back_image=""
    )
    session.add(batch)
    session.flush()
    return batch


def _bring_in(
    session: Session, by: Principal, batch: CardBatch, rows: Sequence[Row], *, is_ntag424: bool
) -> list[PassCard]:
    """The cards in the order of the lines; those of an undone batch come into this one."""
    same = same_cards(session, rows)
    for card in same.values():
        card.batch_id = batch.id
    new = [row for row in rows if row.line not in same]
    wallets = [Wallet(id=new_id(), person_id=None, created_at=clock.now()) for _row in new]
    session.add_all(wallets)
    session.flush()
    added = {
        row.line: card_row(wallet.id, chip=_chip(row, is_ntag424=is_ntag424), batch_id=batch.id,
                           uid=row.uid, number=row.number, code=row.code)
        for row, wallet in zip(new, wallets, strict=True)
    }  # fmt: skip
    add_new(session, list(added.values()), BatchWrong)
    for card in added.values():
        mark(session, by, card)
    return [same.get(row.line) or added[row.line] for row in rows]


def _chip(row: Row, *, is_ntag424: bool) -> str:
    if not row.uid:
        return QR_ONLY
    return NTAG424 if is_ntag424 and len(row.uid) == NTAG_DIGITS else STATIC


def _open(
    session: Session,
    by: Principal,
    batch: CardBatch,
    opening: OpeningBalances,
    cards: Sequence[tuple[PassCard, Row]],
) -> UUID:
    """One transaction for the whole batch, from the account that bears the name."""
    balances = tuple((card.wallet_id, row.balance) for card, row in cards if row.balance)
    account = " ".join(opening.account.split())[:LONGEST] or batch.name
    request = Opening(
        id=uuid5(_OPENINGS, str(batch.id)),
        content=content_hash("opening", opening.currency_id, account, balances),
        kind="opening",
        memo=Memo(by=str(by.person_id or ""), reason=batch.name, batch=str(batch.id)),
        asset=opening.currency_id,
        name=account,
        balances=balances,
    )
    return post(session, request).id
