"""A wallet's movements as its home is told: numbered one by one, so that nothing is said of other wallets."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import json
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wallet.between.desk import milliseconds
from wallet.between.messages import LONGEST, Movement
from wallet.ledger.shapes import NODE, WALLET, Receipt
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction
from wallet.queries.village_taking import wire_name


def numbered_movements(session: Session, wallet_id: UUID, after: int, most: int) -> Sequence[Movement]:
    """Those after number `after`, oldest first; what is only set aside has no number yet."""
    mine = _accounts(session, wallet_id)
    if not mine:
        return []
    found = session.execute(
        select(LedgerEntry, LedgerTransaction.body)
        .join(LedgerTransaction, LedgerTransaction.seq == LedgerEntry.tx_seq)
        .where(LedgerEntry.op == "transfer")
        .where(or_(LedgerEntry.debit.in_(mine), LedgerEntry.credit.in_(mine)))
        .order_by(LedgerEntry.number)
        .offset(max(0, after))
        .limit(most)
    ).all()
    return [
        _movement(session, after + place, entry, json.decode(body, type=Receipt), mine)
        for place, (entry, body) in enumerate(found, start=1)
    ]


def _accounts(session: Session, wallet_id: UUID) -> dict[UUID, str]:
    """Its accounts, and what each is counted in."""
    found = session.execute(
        select(LedgerAccount.id, Currency)
        .join(Currency, Currency.id == LedgerAccount.currency_id)
        .where(LedgerAccount.owner == str(wallet_id), LedgerAccount.kind == WALLET)
    )
    return {row[0]: wire_name(row[1]) for row in found}


def _movement(
    session: Session, number: int, entry: LedgerEntry, receipt: Receipt, mine: dict[UUID, str]
) -> Movement:
    leaves = entry.debit in mine
    return Movement(
        number=number,
        at=milliseconds(receipt.at),
        kind=receipt.kind,
        asset=mine[entry.debit if leaves else entry.credit],
        amount=-entry.amount if leaves else entry.amount,
        place=_place(session, entry.credit if leaves else entry.debit, receipt),
    )


def _place(session: Session, other: UUID, receipt: Receipt) -> str:
    """The node where it was spent, when it was not here; else the place that the receipt names."""
    account = session.get_one(LedgerAccount, other)
    return account.owner if account.kind == NODE else receipt.memo.place[:LONGEST]
