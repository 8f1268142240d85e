"""The ledger read from its first transaction to its last, a few hundred rows at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import json
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from config.collective import Collective
from kit.choices import read_choice
from wallet.exports.names import Standing
from wallet.ledger.shapes import Receipt
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction

AT_ONCE = 500
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """One entry: `amount` minor units of a currency from `debit` to `credit`, or set aside there."""

    op: str
    code: str
    scale: int
    debit: Standing
    credit: Standing
    amount: int
    debit_after: int
    credit_after: int


@dataclass(frozen=True)
class Booked:
    """One transaction and its entries; none when it was declined."""

    seq: int
    receipt: Receipt
    steps: tuple[Step, ...]

    @property
    def transfers(self) -> tuple[Step, ...]:
        """What really moved: what is only set aside stays where it is."""
        return tuple(step for step in self.steps if step.op == "transfer")


@dataclass(frozen=True)
class Held:
    """An account that was ever moved, and its balance in minor units (credits minus debits)."""

    standing: Standing
    code: str
    scale: int
    balance: int


@dataclass(frozen=True)
class Span:
    """What both journals must know first: days are those of the collective's own zone."""

    title: str
    zone: ZoneInfo
    first: date
    last: date

    @property
    def closing(self) -> date:
        """The day whose morning finds every balance as the last transaction left it."""
        return self.last + ONE_DAY

    def day(self, at: datetime) -> str:
        return at.astimezone(self.zone).date().isoformat()


def span(session: Session) -> Span | None:
    """From the first day to the last; None while nothing was ever written."""
    first, last = session.execute(
        select(func.min(LedgerTransaction.at), func.max(LedgerTransaction.at))
    ).one()
    if first is None:
        return None
    collective = read_choice(session, Collective)
    zone = ZoneInfo(collective.timezone)
    return Span(collective.name, zone, first.astimezone(zone).date(), last.astimezone(zone).date())


def booked(session: Session) -> Iterator[Booked]:
    """Every transaction in the order of the chain."""
    rows = session.execute(_all_steps().execution_options(yield_per=AT_ONCE))
    for seq, group in groupby(rows, key=lambda row: row.seq):
        found = list(group)
        steps = tuple(_step(row) for row in found if row.op is not None)
        yield Booked(seq, json.decode(found[0].body, type=Receipt), steps)


def accounts(session: Session) -> Iterator[Held]:
    """Every account that was ever moved, by kind and owner."""
    found = (
        select(LedgerAccount, Currency.code, Currency.scale)
        .join(Currency, Currency.id == LedgerAccount.currency_id)
        .where(LedgerAccount.touched > 0)
        .order_by(LedgerAccount.kind, LedgerAccount.owner, LedgerAccount.lot, Currency.code)
    )
    for account, code, scale in session.execute(found.execution_options(yield_per=AT_ONCE)):
        yield Held(Standing(account.kind, account.owner, account.lot), code, scale, account.balance)


def currencies(session: Session) -> list[Currency]:
    """All of them, by code."""
    return list(session.scalars(select(Currency).order_by(Currency.code)))


def _all_steps() -> Select[*tuple[Any, ...]]:
    debit, credit = aliased(LedgerAccount), aliased(LedgerAccount)
    entry, tx = LedgerEntry, LedgerTransaction
    return (
        select(
            *(tx.seq, tx.body, entry.op, entry.amount, entry.debit_after, entry.credit_after),
            *(Currency.code, Currency.scale),
            *(debit.kind.label("debit_kind"), debit.owner.label("debit_owner"), debit.lot.label("debit_lot")),
            *(credit.kind.label("credit_kind"), credit.owner.label("credit_owner")),
            credit.lot.label("credit_lot"),
        )
        .select_from(tx)
        .outerjoin(entry, entry.number.between(tx.first, tx.last))
        .outerjoin(Currency, Currency.id == entry.currency_id)
        .outerjoin(debit, debit.id == entry.debit)
        .outerjoin(credit, credit.id == entry.credit)
        .order_by(tx.seq, entry.number)
    )


def _step(row: Any) -> Step:
    return Step(
        row.op,
        row.code,
        row.scale,
        Standing(row.debit_kind, row.debit_owner, row.debit_lot),
        Standing(row.credit_kind, row.credit_owner, row.credit_lot),
        row.amount,
        row.debit_after,
        row.credit_after,
    )
