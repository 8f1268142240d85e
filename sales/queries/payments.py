"""What was received: payment by payment, and as the ledger's account of sales has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from kit.db.hexadecimal import hex_of
from sales.journal.shapes import Means, Unit
from sales.models.journal import JournalEntry, SalePayment, SaleRow
from sales.queries.units import units
from wallet.ledger.shapes import SALES
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction

Moments = tuple[datetime, datetime]
TAPPED: Means = "pass"
BY_NEIGHBOURS: Final = ("taking", "given_back")
"""What a neighbour's Pass pays and gets back: a sale names that payment, not each movement of it."""
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Received:
    """One means, one currency: how many payments, how much, in cents.

    With `unit`, in minor units of that currency of time or points: no money was received.
    """

    means: str
    asset: str
    count: int
    amount: int
    name: str = ""
    unit: Unit | None = None

    @property
    def key(self) -> str:
        """As the sums of closings are called."""
        return f"{self.means} {self.asset}".strip()


@dataclass(frozen=True)
class InLedger:
    """What the account of sales took in one currency, in minor units, and what the journal says of it.

    `beside` is the part of it that no till took: paid by a program, or from the office.
    """

    name: str
    symbol: str
    scale: int
    ledger: int
    beside: int
    journal: int

    @property
    def difference(self) -> int:
        """Above zero: the ledger took more at tills than the journal says."""
        return self.ledger - self.beside - self.journal


def received(session: Session, since: date, until: date) -> list[Received]:
    """Every payment of these business days, by means and currency, corrections counted."""
    found: dict[tuple[str, str], list[int]] = {}
    for statement in (_of_sales(since, until), _of_corrections(since, until)):
        for means, asset, count, amount in session.execute(statement):
            row = found.setdefault((means, asset), [0, 0])
            row[0] += count
            row[1] += int(amount)
    names = {row[0]: row[1] for row in session.execute(select(Currency.code, Currency.name))}
    apart = {one.code: one for one in units(session).values()}
    rows = [
        Received(means, asset, count, amount, names.get(asset, asset), apart.get(asset))
        for (means, asset), (count, amount) in sorted(found.items())
    ]
    return [one for one in rows if one.count or one.amount]


def in_ledger(session: Session, moments: Moments, rows: list[Received]) -> list[InLedger]:
    """Currency by currency, what Passes paid between two moments of the ledger's clock."""
    taken, at_tills = _taken(session, moments), _taken(session, moments, _by_sales(moments))
    journal = {one.asset: one.amount for one in rows if one.means == TAPPED}
    known = {one.code: one for one in session.scalars(select(Currency))}
    codes = [code for code, one in known.items() if one.id in taken or code in journal]
    found = []
    for code in sorted(codes):
        one, in_all = known[code], taken.get(known[code].id, 0)
        beside = in_all - at_tills.get(one.id, 0)
        found.append(InLedger(one.name, one.symbol, one.scale, in_all, beside, journal.get(code, 0)))
    return found


def _by_sales(moments: Moments) -> ColumnElement[bool]:
    """Transactions that a sale of about then names as its payment, what went back, neighbours' money."""
    first, last = (moment.date() for moment in moments)
    beside = (SaleRow.chain == SalePayment.chain) & (SaleRow.seq == SalePayment.seq)
    named = select(SalePayment.transfer).join(SaleRow, beside).where(SalePayment.transfer != "")
    named = named.where(SaleRow.chain == "real", SaleRow.day >= (first - ONE_DAY).isoformat())
    named = named.where(SaleRow.day <= (last + ONE_DAY).isoformat())
    paid, back = hex_of(LedgerTransaction.id), hex_of(LedgerTransaction.refers)
    return or_(paid.in_(named), back.in_(named), LedgerTransaction.kind.in_(BY_NEIGHBOURS))


def _taken(session: Session, moments: Moments, only: ColumnElement[bool] | None = None) -> Mapping[UUID, int]:
    """Into the accounts of sales, less what went out of them, by currency; of some transactions only."""
    accounts = select(LedgerAccount.id).where(LedgerAccount.kind == SALES)
    found: dict[UUID, int] = {}
    for side, sign in ((LedgerEntry.credit, 1), (LedgerEntry.debit, -1)):
        moved = select(LedgerEntry.currency_id, func.sum(LedgerEntry.amount))
        moved = moved.join(LedgerTransaction, LedgerTransaction.seq == LedgerEntry.tx_seq)
        moved = moved.where(LedgerTransaction.at >= moments[0], LedgerTransaction.at < moments[1])
        moved = moved.where(LedgerEntry.op == "transfer", side.in_(accounts))
        if only is not None:
            moved = moved.where(only)
        for currency, amount in session.execute(moved.group_by(LedgerEntry.currency_id)):
            found[currency] = found.get(currency, 0) + sign * int(amount)
    return found


def _of_sales(since: date, until: date) -> Select[str, str, int, int]:
    beside = (SaleRow.chain == SalePayment.chain) & (SaleRow.seq == SalePayment.seq)
    found = _sums().join(SaleRow, beside).where(SaleRow.chain == "real")
    return found.where(SaleRow.day >= since.isoformat(), SaleRow.day <= until.isoformat())


def _of_corrections(since: date, until: date) -> Select[str, str, int, int]:
    beside = (JournalEntry.chain == SalePayment.chain) & (JournalEntry.seq == SalePayment.seq)
    found = _sums().join(JournalEntry, beside)
    found = found.where(JournalEntry.chain == "real", JournalEntry.kind == "means")
    return found.where(JournalEntry.day >= since.isoformat(), JournalEntry.day <= until.isoformat())


def _sums() -> Select[str, str, int, int]:
    """What was taken back counts below zero, as in the closings."""
    count = func.count(SalePayment.amount)
    return select(SalePayment.means, SalePayment.asset, count, func.sum(SalePayment.amount)).group_by(
        SalePayment.means, SalePayment.asset
    )
