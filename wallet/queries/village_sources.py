"""With what a card may pay at this node: what its wallet here holds, and what other nodes owe its holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.db import Question, shared
from wallet.between.planning import Source
from wallet.ledger.shapes import WALLET
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount
from wallet.models.village import VillageAgreement
from wallet.pairing import pairing_of
from wallet.queries.village_directory import Whose

LOCAL, NETWORK = 1, 2
EURO_NATURES: Final = frozenset({"gift", "money"})
CENTS: Final = 2


_SOURCES: Final = Question(
    select(
        VillageAgreement.issuer,
        VillageAgreement.asset,
        VillageAgreement.currency_id,
        VillageAgreement.epoch,
        Currency.reach,
    )
    .join(Currency, Currency.id == VillageAgreement.currency_id)
    .where(VillageAgreement.issuer == VillageAgreement.peer, VillageAgreement.takes)
    .where(~VillageAgreement.is_paused_here, ~VillageAgreement.is_paused_there)
    .where(Currency.nature == "money", Currency.at_par, Currency.scale == CENTS)
    .where(Currency.reach != "issuer_only")
    .order_by(VillageAgreement.asset)
)
_FREE: Final = Question(
    select(func.sum(LedgerAccount.credits - LedgerAccount.debits - LedgerAccount.held))
    .join(Currency, Currency.id == LedgerAccount.currency_id)
    .where(LedgerAccount.owner == bindparam("owner"), LedgerAccount.kind == WALLET)
    .where(LedgerAccount.credits > LedgerAccount.debits)
    .where(LedgerAccount.expires_at.is_(None) | (LedgerAccount.expires_at > bindparam("now")))
    .where(Currency.nature.in_(sorted(EURO_NATURES)), Currency.at_par, Currency.scale == CENTS)
    .where(Currency.issuer == bindparam("own"))
)
"""Put together once: that costs more than asking it, at every tap."""


@dataclass(frozen=True)
class Here:
    """What our own ledger can pay of a price in euro, in cents."""

    amount: int


@dataclass(frozen=True)
class Purse:
    """A card, and with what it may pay here."""

    card: Whose
    here: Here
    sources: Sequence[Source]


def here_of(session: Session, found: Whose) -> Here:
    """What the wallet that a card opens here can pay."""
    return Here(free_here(session, found.wallet_here) if found.wallet_here is not None else 0)


def free_here(session: Session, wallet: UUID) -> int:
    """What a wallet can pay here with our own currencies, in cents; the rest is set aside, or over."""
    return int(_FREE.value(session, owner=str(wallet), own=pairing_of(session).own, now=clock.now()) or 0)


def sources_of(session: Session, found: Whose) -> Sequence[Source]:
    """Where its holder may have money that we take, balances not known yet (0)."""
    own = pairing_of(session).own
    return [
        Source(
            issuer=issuer,
            asset=asset,
            currency=currency,
            handle=found.handles[issuer],
            card=found.keys.get(issuer, ""),
            epoch=epoch,
            balance=0,
            rank=NETWORK if reach == "network" else LOCAL,
        )
        for issuer, asset, currency, epoch, reach in shared(session, _SOURCES, _SOURCES.rows)
        if issuer in found.handles and issuer != own
    ]
