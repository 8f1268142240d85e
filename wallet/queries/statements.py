"""Lines of a period: every transfer of the node, or of one wallet, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import json
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from wallet.ledger.shapes import WALLET, Receipt
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction


@dataclass(frozen=True)
class Period:
    """Which lines: `since` included, `until` not; those after the number `after`, `most` of them."""

    since: datetime | None = None
    until: datetime | None = None
    wallet_id: UUID | None = None
    currency_id: UUID | None = None
    after: int = 0
    most: int = 50


@dataclass(frozen=True)
class StatementLine:
    """One step of a transaction: it took from `source` and gave to `target`."""

    entry: LedgerEntry
    receipt: Receipt
    source: LedgerAccount
    target: LedgerAccount


def statement(session: Session, period: Period) -> list[StatementLine]:
    """What moved in the period; what was only set aside did not move.

    Numbers lead, and the period says between which ones: no clock is trusted to have only gone forward.
    """
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    query = (
        select(LedgerEntry, LedgerTransaction.body, source, target)
        .join(LedgerTransaction, LedgerTransaction.seq == LedgerEntry.tx_seq)
        .join(source, source.id == LedgerEntry.debit)
        .join(target, target.id == LedgerEntry.credit)
        .where(LedgerEntry.op == "transfer", LedgerEntry.number > period.after)
    )
    rows = session.execute(_within(query, period).order_by(LedgerEntry.number).limit(period.most))
    return [
        StatementLine(entry, json.decode(body, type=Receipt), debit, credit)
        for entry, body, debit, credit in rows
    ]


def _within(
    query: Select[LedgerEntry, bytes, LedgerAccount, LedgerAccount], period: Period
) -> Select[LedgerEntry, bytes, LedgerAccount, LedgerAccount]:
    if period.since or period.until:
        inside = [*_moments(period)]
        first = select(func.min(LedgerTransaction.first)).where(*inside).correlate(None).scalar_subquery()
        last = select(func.max(LedgerTransaction.last)).where(*inside).correlate(None).scalar_subquery()
        query = query.where(*inside, LedgerEntry.number.between(first, last))
    if period.currency_id:
        query = query.where(LedgerEntry.currency_id == period.currency_id)
    if period.wallet_id:
        owned = select(LedgerAccount.id).where(
            LedgerAccount.owner == str(period.wallet_id), LedgerAccount.kind == WALLET
        )
        query = query.where(or_(LedgerEntry.debit.in_(owned), LedgerEntry.credit.in_(owned)))
    return query


def _moments(period: Period) -> Iterator[ColumnElement[bool]]:
    if period.since:
        yield LedgerTransaction.at >= period.since
    if period.until:
        yield LedgerTransaction.at < period.until
