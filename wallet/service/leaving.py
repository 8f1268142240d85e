"""A wallet that its person leaves: it becomes nobody's, and their cards open empty wallets of their own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from kit.auth import ANONYMOUS, Principal
from kit.errors import Conflict
from wallet.claim_refusals import MoneyLeft, NoWallet
from wallet.models.card import BLOCKED, REPLACED, STAFF
from wallet.models.holding import Wallet
from wallet.queries.balances import Balance, balances
from wallet.queries.cards import wallet_cards
from wallet.queries.personal import wallet_id_of
from wallet.refusals import WalletHeld
from wallet.service.cards.noting import mark
from wallet.service.cards.states import block_card, set_staff
from wallet.service.village_holdings import forget_elsewhere
from wallet.service.wallets import new_wallet


def keeps(held: Sequence[Balance]) -> list[Balance]:
    """What nobody may lose by leaving: money, and whatever is set aside for someone."""
    return [one for one in held if one.held or one.currency.nature == "money"]


def gives_up(held: Sequence[Balance]) -> list[Balance]:
    """What a person may give up: vouchers, time, points."""
    return [one for one in held if one not in keeps(held)]


def leave_wallet(session: Session, by: Principal, person_id: UUID) -> None:
    """Leave what may be given up. Raises NoWallet, MoneyLeft, WalletHeld."""
    wallet_id = wallet_id_of(session, person_id)
    if wallet_id is None:
        raise NoWallet
    if refusal := _refusal(balances(session, wallet_id)):
        raise refusal
    _unlink(session, by, session.get_one(Wallet, wallet_id))


def forget_wallet(session: Session, person_id: UUID) -> None:
    """Nothing here says any more whose wallet it was. Without a wallet, nothing happens."""
    wallet_id = wallet_id_of(session, person_id)
    if wallet_id is not None:
        _unlink(session, ANONYMOUS, session.get_one(Wallet, wallet_id))


def _refusal(held: Sequence[Balance]) -> Conflict | None:
    if any(one.held for one in held):
        return WalletHeld()
    return MoneyLeft() if keeps(held) else None


def _unlink(session: Session, by: Principal, wallet: Wallet) -> None:
    """Each card goes its own way: who takes one up later gets neither the others nor this history.

    A card of the team opens no till any more; a replaced one never opens anything again.
    """
    wallet.person_id = None
    session.flush()
    forget_elsewhere(session, wallet.id)
    for card in wallet_cards(session, wallet.id):
        if card.kind == STAFF and card.state != REPLACED:
            set_staff(session, by, card.id, is_staff=False)
            if card.state != BLOCKED:
                block_card(session, by, card.id)
        card.wallet_id = new_wallet(session).id
        mark(session, by, card)
    session.flush()
