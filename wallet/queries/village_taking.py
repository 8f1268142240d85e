"""With whom money goes between nodes, and what of a wallet may be spent at another node."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement
from wallet.queries.balances import balances

_ISSUERS: Final = (
    select(VillageAgreement.issuer)
    .where(VillageAgreement.issuer == VillageAgreement.peer)
    .distinct()
    .order_by(VillageAgreement.issuer)
)
"""Put together once: that costs more than asking it, at every tap."""


def issuers(session: Session) -> Sequence[str]:
    """The other nodes that let us take their currencies: our members may hold something there."""
    session.flush()  # asked past the session, which knows what is not written yet
    return session.connection().execute(_ISSUERS).scalars().all()


def taken_by(session: Session, peer: str) -> frozenset[UUID]:
    """The currencies of ours that `peer` takes now."""
    ours = select(VillageAgreement.currency_id).where(VillageAgreement.acceptor == peer)
    is_paused = VillageAgreement.is_paused_here | VillageAgreement.is_paused_there
    return frozenset(session.scalars(ours.where(VillageAgreement.takes, ~is_paused)))


def wire_name(currency: Currency) -> str:
    """How nodes name a currency: `cafe.example/rondelles`. One of another node has that code already."""
    if "/" in currency.code:
        return currency.code
    return f"{currency.issuer.partition('://')[2].rstrip('/')}/{currency.code}"


def spendable_at(session: Session, wallet_id: UUID, peer: str) -> dict[str, int]:
    """What a wallet can pay at `peer` with our currencies, by asset, in minor units."""
    taken, found = taken_by(session, peer), dict[str, int]()
    for one in balances(session, wallet_id):
        if one.currency.id in taken and not one.has_expired:
            name = wire_name(one.currency)
            found[name] = found.get(name, 0) + one.free
    return found


def held_of(session: Session, wallet_id: UUID) -> dict[str, int]:
    """All that a wallet holds of our currencies, by asset; what is set aside included."""
    found: dict[str, int] = {}
    for one in balances(session, wallet_id):
        if not one.has_expired:
            name = wire_name(one.currency)
            found[name] = found.get(name, 0) + one.amount
    return found
