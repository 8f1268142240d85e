"""Wallets: made the first time that somebody needs one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from kit.ids import new_id
from wallet.models.holding import Wallet
from wallet.refusals import WalletUnknown


def new_wallet(session: Session, person_id: UUID | None = None) -> Wallet:
    """An empty wallet, of a person or of a card that nobody has claimed."""
    wallet = Wallet(id=new_id(), person_id=person_id, created_at=clock.now())
    session.add(wallet)
    session.flush()
    return wallet


def wallet_of(session: Session, person_id: UUID) -> Wallet:
    """The person's wallet, made when it is the first time."""
    known = session.scalars(select(Wallet).where(Wallet.person_id == person_id)).one_or_none()
    return known or new_wallet(session, person_id)


def wallet_by_id(session: Session, wallet_id: UUID) -> Wallet:
    """Raises WalletUnknown."""
    wallet = session.get(Wallet, wallet_id)
    if wallet is None:
        raise WalletUnknown
    return wallet
