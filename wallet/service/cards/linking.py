"""Whose a card is: linked to a person, or put in the place of another card. Balances follow, lot by lot."""

from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from kit.auth import Principal
from kit.facts import emit
from kit.i18n import lazy
from wallet.card_refusals import CardTaken
from wallet.facts import CardLinked
from wallet.ledger.requests import Merge
from wallet.ledger.shapes import Memo, content_hash
from wallet.models.card import ACTIVE, REPLACED, PassCard
from wallet.models.holding import Wallet
from wallet.queries.cards import card_by_id, wallet_cards
from wallet.refusals import BY_NAME, CardReplaced, SameWallet
from wallet.service.cards.noting import change_state, mark, note
from wallet.service.posting import post
from wallet.service.wallets import wallet_by_id, wallet_of

_LINKS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9ac1")


def link_card(session: Session, by: Principal, card_id: UUID, person_id: UUID) -> PassCard:
    """The card opens the person's wallet; what it held joins what they hold. Linked already: nothing changes.

    Raises CardUnknown, CardTaken, CardLost, CardBlocked, CardReplaced, WalletHeld.
    """
    card = _in_use(session, card_id)
    source, target = wallet_by_id(session, card.wallet_id), wallet_of(session, person_id)
    if source.id == target.id:
        return card
    _refuse_taken(source)
    _join(session, by, card, source, target)
    note(session, by, card, lazy("Card linked to a person"), person=str(person_id))
    return card


def replace_card(session: Session, by: Principal, old_id: UUID, new_id: UUID) -> PassCard:
    """The new card opens the old one's wallet; the old one never pays again. Returns the new one.

    Raises CardUnknown, CardTaken, CardReplaced (the old one), CardLost, CardBlocked, WalletHeld, SameWallet.
    """
    old, new = card_by_id(session, old_id), _in_use(session, new_id)
    if old.state == REPLACED:
        raise CardReplaced
    if old.id == new.id:
        raise SameWallet
    source, target = wallet_by_id(session, new.wallet_id), wallet_by_id(session, old.wallet_id)
    if source.id != target.id:
        _refuse_taken(source)
        _join(session, by, new, source, target)
    change_state(session, by, old, REPLACED, verb=lazy("Card replaced"), reason=new.number)
    return new


def _join(session: Session, by: Principal, card: PassCard, source: Wallet, target: Wallet) -> None:
    """Move the balances, once for all, then every card of the old wallet."""
    post(
        session,
        Merge(
            id=uuid5(_LINKS, f"{card.id}/{target.id}"),
            content=content_hash("merge", source.id, target.id),
            kind="merge",
            memo=Memo(by=str(by.person_id or ""), card=str(card.id)),
            source=source.id,
            target=target.id,
        ),
    )
    session.refresh(card)  # the ledger's turn is ours from here on: another link may have come first
    if card.wallet_id not in {source.id, target.id}:
        raise CardTaken
    for one in wallet_cards(session, source.id):
        one.wallet_id = target.id
        mark(session, by, one)
        session.flush()
        if target.person_id:
            emit(session, CardLinked(one.id, target.person_id))


def _in_use(session: Session, card_id: UUID) -> PassCard:
    card = card_by_id(session, card_id)
    if card.state != ACTIVE:
        raise BY_NAME[f"card_{card.state}"]
    return card


def _refuse_taken(wallet: Wallet) -> None:
    if wallet.person_id is not None:
        raise CardTaken
