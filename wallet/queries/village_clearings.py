"""Clearings: set-offs and settlements, those that wait for a person or for the neighbour first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageClearing, VillageEnvelope, VillageItem

PER_PAGE: Final = 20
OPEN: Final = ("proposed", "waiting")


@dataclass(frozen=True)
class Debt:
    """One debt that falls: `we_owe` of it or they. `currency` None: it was never agreed on here."""

    we_owe: bool
    asset: str
    amount: int
    currency: Currency | None


@dataclass(frozen=True)
class Cleared:
    """A clearing with its debts in their currencies."""

    row: VillageClearing
    debts: Sequence[Debt]

    @property
    def is_ours_to_answer(self) -> bool:
        """A person here says whether the money came."""
        return self.row.state == "waiting" and not self.row.is_ours

    @property
    def given(self) -> Debt | None:
        """What falls of our own debt."""
        return next((debt for debt in self.debts if debt.we_owe), None)

    @property
    def taken(self) -> Debt | None:
        """What falls of theirs."""
        return next((debt for debt in self.debts if not debt.we_owe), None)


def open_clearings(session: Session, me: str) -> list[Cleared]:
    """Those that somebody has still to answer: few, and read by a partial index."""
    wanted = select(VillageClearing).where(VillageClearing.state.in_(OPEN)).order_by(VillageClearing.made)
    return cleared(session, me, session.scalars(wanted).all())


def clearings_with(
    session: Session, me: str, peer: str, before: int | None = None, most: int = PER_PAGE
) -> list[Cleared]:
    """Those with one neighbour made before `before` (milliseconds), newest first.

    Without what was called off before it came: nothing is known of it.
    """
    wanted = select(VillageClearing).where(VillageClearing.peer == peer, VillageClearing.edges != [])
    if before is not None:
        wanted = wanted.where(VillageClearing.made < before)
    rows = session.scalars(wanted.order_by(VillageClearing.made.desc()).limit(most)).all()
    return cleared(session, me, rows)


def clearing_by_id(session: Session, me: str, clearing_id: UUID) -> Cleared | None:
    """One of them."""
    row = session.get(VillageClearing, clearing_id)
    return cleared(session, me, [row])[0] if row is not None and row.edges else None


def cleared(session: Session, me: str, rows: Sequence[VillageClearing]) -> list[Cleared]:
    """These rows with their currencies, named in one question."""
    peers = {row.peer for row in rows}
    wanted = (
        select(VillageAgreement.peer, VillageAgreement.asset, Currency)
        .join(Currency, Currency.id == VillageAgreement.currency_id)
        .where(VillageAgreement.peer.in_(peers))
    )
    known = {(peer, asset): currency for peer, asset, currency in session.execute(wanted)} if rows else {}
    return [
        Cleared(row, [_debt(me, edge, known.get((row.peer, edge["asset"]))) for edge in row.edges])
        for row in rows
    ]


def _debt(me: str, edge: Mapping[str, Any], currency: Currency | None) -> Debt:
    return Debt(edge["debtor"] == me, edge["asset"], edge["amount"], currency)


def signature_of(session: Session, clearing: VillageClearing) -> tuple[VillageItem, VillageEnvelope] | None:
    """What the neighbour signed about it: its answer to ours, or its own proposal."""
    kind = "setoff.signed" if clearing.is_ours else "setoff.propose"
    wanted = (
        select(VillageItem, VillageEnvelope)
        .join(VillageEnvelope, VillageEnvelope.id == VillageItem.envelope_id)
        .where(
            VillageItem.asked == clearing.id, VillageItem.kind == kind, VillageEnvelope.peer == clearing.peer
        )
    )
    found = session.execute(wanted.limit(1)).first()
    return (found[0], found[1]) if found else None
