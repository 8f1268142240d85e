"""With what a card may pay at this node: what its wallet here holds, and what other nodes owe its holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from wallet.between.planning import Source
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement
from wallet.pairing import pairing_of
from wallet.queries.balances import balances
from wallet.queries.village_directory import Whose

LOCAL, NETWORK = 1, 2
EURO_NATURES: Final = frozenset({"gift", "money"})
CENTS: Final = 2


_SOURCES: Final = (
    select(
        VillageAgreement.issuer,
        VillageAgreement.asset,
        VillageAgreement.currency_id,
        VillageAgreement.epoch,
        Currency.reach,
    )
    .join(Currency, Currency.id == VillageAgreement.currency_id)
    .where(VillageAgreement.peer.in_(bindparam("peers", expanding=True)))
    .where(VillageAgreement.issuer == VillageAgreement.peer, VillageAgreement.takes)
    .where(~VillageAgreement.is_paused_here, ~VillageAgreement.is_paused_there)
    .where(Currency.nature == "money", Currency.at_par, Currency.scale == CENTS)
    .where(Currency.reach != "issuer_only")
    .order_by(VillageAgreement.asset)
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
    if found.wallet_here is None:
        return Here(0)
    usable = (
        one.free
        for one in balances(session, found.wallet_here)
        if not one.has_expired and _pays_euro(one.currency) and one.currency.issuer == pairing_of(session).own
    )
    return Here(sum(usable))


def sources_of(session: Session, found: Whose) -> Sequence[Source]:
    """Where its holder may have money that we take, balances not known yet (0)."""
    peers = [peer for peer in found.handles if peer != pairing_of(session).own]
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
        for issuer, asset, currency, epoch, reach in session.execute(_SOURCES, {"peers": peers})
    ]


def _pays_euro(currency: Currency) -> bool:
    return currency.nature in EURO_NATURES and currency.at_par and currency.scale == CENTS
