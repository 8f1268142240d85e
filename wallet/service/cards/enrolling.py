"""One more card: by its chip, its printed number, its QR code, or nothing at all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.errors import Refusal
from kit.i18n import Lazy, _, lazy
from kit.ids import new_id
from wallet.card_refusals import BadCard, CardKnown
from wallet.card_words import MISTAKE_WORDS, UID_WORDS
from wallet.cards.address import code_of
from wallet.cards.number import BadCode, BadNumber, new_code, new_number, normal_number
from wallet.cards.uid import BadUid, Notation, normal_uid
from wallet.models.card import ACTIVE, NTAG424, PASS, QR_ONLY, STATIC, PassCard
from wallet.service.cards.noting import mark, note
from wallet.service.wallets import new_wallet

NTAG_DIGITS = 14


def enrol_card(
    session: Session,
    by: Principal,
    *,
    uid: str | None = None,
    number: str | None = None,
    code: str | None = None,
    kind: str = PASS,
    chip: str = "",
    notation: Notation = "hex",
) -> PassCard:
    """A new card with an empty wallet of its own; it works from the first tap.

    `code` may be a whole address. Raises BadCard (with fields), CardKnown.
    """
    said = _said(uid or "", number or "", code or "", notation)
    _refuse_known(session, said)
    chosen = chip or (STATIC if said["uid"] else QR_ONLY)
    if chosen == NTAG424 and len(said["uid"]) != NTAG_DIGITS:
        raise BadCard(fields={"uid": _("This chip's number has 7 bytes: 14 digits.")})
    card = card_row(
        new_wallet(session).id,
        uid=said["uid"],
        number=said["number"],
        code=said["code"],
        kind=kind,
        chip=chosen,
    )
    add_new(session, [card], CardKnown)
    mark(session, by, card)
    note(session, by, card, lazy("Card added"))
    return card


def add_new(session: Session, cards: Sequence[PassCard], known: type[Refusal]) -> None:
    """Write new cards. Raises `known` when another process wrote one of them since we looked."""
    session.add_all(cards)
    try:
        session.flush()
    except IntegrityError as error:
        raise known(cause=str(error.orig)) from error


def card_row(
    wallet_id: UUID,
    *,
    uid: str = "",
    number: str = "",
    code: str = "",
    kind: str = PASS,
    chip: str = STATIC,
    batch_id: UUID | None = None,
) -> PassCard:
    """A card whose parts are in their one form; number and code are drawn at random where they are empty."""
    return PassCard(
        id=new_id(),
        uid=uid or None,
        number=number or new_number(),
        code=code or new_code(),
        kind=kind,
        chip=chip,
        state=ACTIVE,
        wallet_id=wallet_id,
        batch_id=batch_id,
        created_at=clock.now(),
    )


def _said(uid: str, number: str, code: str, notation: Notation) -> dict[str, str]:
    said, wrong = {"uid": "", "number": "", "code": ""}, dict[str, Lazy]()
    try:
        said["uid"] = normal_uid(uid, notation) if uid.strip() else ""
    except BadUid as error:
        wrong["uid"] = UID_WORDS[error.why]
    try:
        said["number"] = normal_number(number) if number.strip() else ""
    except BadNumber:
        wrong["number"] = MISTAKE_WORDS["number"]
    try:
        said["code"] = code_of(code) if code.strip() else ""
    except BadCode:
        wrong["code"] = MISTAKE_WORDS["code"]
    if wrong:
        raise BadCard(fields={name: str(words) for name, words in wrong.items()})
    return said


def _refuse_known(session: Session, said: dict[str, str]) -> None:
    same: list[ColumnElement[bool]] = [
        column == said[column.key]
        for column in (PassCard.uid, PassCard.number, PassCard.code)
        if said[column.key]
    ]
    card = session.scalars(select(PassCard).where(or_(*same)).limit(1)).first() if same else None
    if card is not None:
        field = next(name for name, value in said.items() if value and value == getattr(card, name))
        raise CardKnown(fields={field: str(CardKnown.default)}, cause=str(card.id))
