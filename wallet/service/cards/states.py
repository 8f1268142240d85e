"""Lost, found, blocked, open again, of the team: each counts from the next tap on."""

from uuid import UUID

from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.i18n import lazy
from wallet.models.card import ACTIVE, BLOCKED, LOST, PASS, REPLACED, STAFF, PassCard
from wallet.queries.cards import card_by_id, marks_of
from wallet.refusals import CardBlocked, CardReplaced
from wallet.service.cards.noting import change_state, note


def mark_lost(session: Session, by: Principal, card_id: UUID, reason: str = "") -> PassCard:
    """It no longer pays. A blocked card stays blocked. Raises CardUnknown, CardReplaced."""
    card = _not_replaced(session, card_id)
    if card.state == BLOCKED:
        return card
    return change_state(session, by, card, LOST, verb=lazy("Card declared lost"), reason=reason)


def mark_found(session: Session, by: Principal, card_id: UUID, reason: str = "") -> PassCard:
    """A lost card pays again. Raises CardUnknown, CardReplaced, CardBlocked."""
    card = _not_replaced(session, card_id)
    if card.state == BLOCKED:
        raise CardBlocked
    return change_state(session, by, card, ACTIVE, verb=lazy("Card found again"), reason=reason)


def block_card(session: Session, by: Principal, card_id: UUID, reason: str = "") -> PassCard:
    """It no longer pays until the collective opens it again. Raises CardUnknown, CardReplaced."""
    card = _not_replaced(session, card_id)
    return change_state(session, by, card, BLOCKED, verb=lazy("Card blocked"), reason=reason)


def unblock_card(session: Session, by: Principal, card_id: UUID, reason: str = "") -> PassCard:
    """A blocked card is what it was before: in use, or lost. Raises CardUnknown, CardReplaced."""
    card = _not_replaced(session, card_id)
    if card.state != BLOCKED:
        return card
    before = next(
        (line.mark.state for line in marks_of(session, card.id) if line.mark.state != BLOCKED), ACTIVE
    )
    return change_state(session, by, card, before, verb=lazy("Card opened again"), reason=reason)


def set_staff(session: Session, by: Principal, card_id: UUID, *, is_staff: bool) -> PassCard:
    """Let the card open a till for its person, or no longer. Raises CardUnknown, CardReplaced."""
    card = _not_replaced(session, card_id)
    kind = STAFF if is_staff else PASS
    if card.kind != kind:
        card.kind = kind
        verb = lazy("Card given to the team") if is_staff else lazy("Card taken back from the team")
        note(session, by, card, verb)
    return card


def _not_replaced(session: Session, card_id: UUID) -> PassCard:
    card = card_by_id(session, card_id)
    if card.state == REPLACED:
        raise CardReplaced
    return card
