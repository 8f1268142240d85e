"""What a wallet of ours holds at other nodes, as they said it last, with the time when it was true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit import clock
from wallet.models.currency import Currency
from wallet.models.village_cards import VillageBinding, VillageHolding, VillageMovement

PATIENCE: Final = timedelta(seconds=5)
"""Without an answer so long after our question, the node cannot be reached."""
LAST: Final = 30
ASKING, FRESH, REFUSED, SILENT = "asking", "fresh", "refused", "silent"


@dataclass(frozen=True)
class Sum:
    """An amount of one currency of another node."""

    amount: int
    currency: Currency


@dataclass(frozen=True)
class Move:
    """One movement there; `amount` is signed, `place` the origin or the words of where it was spent."""

    at: datetime
    kind: str
    amount: int
    currency: Currency
    place: str


@dataclass(frozen=True)
class Elsewhere:
    """What is held at `peer`. `at` None: nothing was ever heard of it.

    `state`: FRESH; ASKING while the question is young; SILENT when no answer came; REFUSED. `has_more`: it
    holds currencies that we know nothing of.
    """

    peer: str
    state: str
    at: datetime | None = None
    sums: Sequence[Sum] = ()
    moves: Sequence[Move] = ()
    has_more: bool = False

    @property
    def host(self) -> str:
        """What stands in the node's addresses."""
        return self.peer.partition("://")[2]


def elsewhere(session: Session, wallet_id: UUID, *, last: int = LAST) -> list[Elsewhere]:
    """One for each node that knows a handle of this wallet, by address."""
    known = select(VillageBinding.peer).where(VillageBinding.wallet_id == wallet_id)
    peers = session.scalars(known.order_by(VillageBinding.peer)).all()
    held = select(VillageHolding).where(VillageHolding.wallet_id == wallet_id)
    rows = {row.peer: row for row in session.scalars(held)}
    found = select(Currency).where(Currency.issuer.in_(peers))
    currencies = {one.code: one for one in session.scalars(found)}
    told = [_told(rows[peer], currencies) if peer in rows else Elsewhere(peer, ASKING) for peer in peers]
    if not last:
        return told
    return [replace(one, moves=_moves(session, wallet_id, one.peer, currencies, last=last)) for one in told]


def _told(row: VillageHolding, currencies: Mapping[str, Currency]) -> Elsewhere:
    held = {asset: amount for asset, amount in row.balances.items() if amount}
    sums = [Sum(amount, currencies[asset]) for asset, amount in sorted(held.items()) if asset in currencies]
    return Elsewhere(row.peer, _state(row), row.at, sums, has_more=len(sums) < len(held))


def _state(row: VillageHolding) -> str:
    if row.heard_at is not None and row.heard_at >= row.asked_at:
        return REFUSED if row.trouble else FRESH
    return ASKING if clock.now() < row.asked_at + PATIENCE else SILENT


def _moves(
    session: Session, wallet_id: UUID, peer: str, currencies: Mapping[str, Currency], *, last: int
) -> list[Move]:
    mine = select(VillageMovement).where(VillageMovement.wallet_id == wallet_id, VillageMovement.peer == peer)
    rows = session.scalars(mine.order_by(VillageMovement.number.desc()).limit(last))
    return [
        Move(row.at, row.kind, row.amount, currencies[row.asset], row.place)
        for row in rows
        if row.asset in currencies
    ]
