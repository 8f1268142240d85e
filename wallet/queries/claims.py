"""A card that a person wants to join to their wallet: found by what they typed, and what it would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.i18n import _
from wallet.card_refusals import CardTaken
from wallet.cards.address import is_address
from wallet.cards.number import BadNumber, is_mistyped, normal_number
from wallet.cards.reading import Tap
from wallet.cards.sun import CardKeys
from wallet.claim_refusals import CardGuessable, CardMine, CardOfTeam, NoCardSaid
from wallet.models.card import ACTIVE, STAFF, PassCard
from wallet.models.currency import Currency
from wallet.queries.balances import Balance, balances
from wallet.queries.cards import Found, find_card, owner_of
from wallet.queries.personal import is_easy_to_guess, wallet_id_of
from wallet.refusals import BY_NAME, CardUnknown, WalletHeld


@dataclass(frozen=True)
class Joining:
    """What one currency brings: what the card holds, and what the person holds of it afterwards."""

    currency: Currency
    amount: int
    after: int


@dataclass(frozen=True)
class Claim:
    """A card that may be linked, and what its wallet brings."""

    card: PassCard
    brings: Sequence[Joining]


def card_said(session: Session, text: str, keys: CardKeys) -> PassCard:
    """The card whose printed number, code or address this is; the chip's own number is no proof.

    Raises NoCardSaid, CardUnknown, CardAmbiguous, CardAltered, CardWrong, CardMessageMalformed.
    """
    return _found(session, text.strip(), keys).card


def claim(session: Session, person_id: UUID, text: str, keys: CardKeys) -> Claim:
    """The card that `text` says, when this person may take it.

    Raises as `card_said`, and CardMine, CardTaken, CardOfTeam, CardLost, CardBlocked, CardReplaced,
    CardGuessable, WalletHeld.
    """
    found = _found(session, text.strip(), keys)
    card, owner = found.card, owner_of(session, found.card)
    if owner is not None:
        raise CardMine if owner.id == person_id else CardTaken
    if card.kind == STAFF:
        raise CardOfTeam
    if card.state != ACTIVE:
        raise BY_NAME[f"card_{card.state}"]
    if found.counter is None and is_easy_to_guess(session, card, _sign(text, card)):
        raise CardGuessable
    held = balances(session, card.wallet_id)
    if any(one.held for one in held):
        raise WalletHeld
    return Claim(card, _brings(held, _mine(session, person_id)))


def _found(session: Session, text: str, keys: CardKeys) -> Found:
    if not text:
        raise NoCardSaid
    try:
        tap = Tap(code=text) if is_address(text) else Tap(number=text, code=text)
        return find_card(session, tap, keys)
    except CardUnknown as refusal:
        if _is_mistyped(text):
            raise CardUnknown(
                _("One sign of this number is wrong. I read it again on the card.")
            ) from refusal
        raise


def _sign(text: str, card: PassCard) -> str:
    """Which of the card's signs the person knew: its code, unless they typed its number."""
    try:
        return card.number if normal_number(text) == card.number else card.code
    except BadNumber:
        return card.code


def _is_mistyped(text: str) -> bool:
    try:
        return is_mistyped(normal_number(text))
    except BadNumber:
        return False


def _mine(session: Session, person_id: UUID) -> Sequence[Balance]:
    wallet_id = wallet_id_of(session, person_id)
    return balances(session, wallet_id) if wallet_id else ()


def _brings(theirs: Sequence[Balance], mine: Sequence[Balance]) -> list[Joining]:
    currencies = {one.currency.id: one.currency for one in theirs}
    return [
        Joining(one, _sum(theirs, one), _sum(theirs, one) + _sum(mine, one)) for one in currencies.values()
    ]


def _sum(held: Sequence[Balance], currency: Currency) -> int:
    return sum(one.amount for one in held if one.currency.id == currency.id)
