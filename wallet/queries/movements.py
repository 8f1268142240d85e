"""The whole history of the node's ledger, newest first, a page at a time, with whose it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import json
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from people.models.person import Person
from wallet.ledger.shapes import WALLET, Receipt
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction
from wallet.queries.desk import Purse, purses

PER_PAGE = 40


@dataclass(frozen=True)
class Sum:
    """What one currency did in a movement: `sign` is 1 into wallets, -1 out of them, 0 between them."""

    currency: Currency
    amount: int
    sign: int


@dataclass(frozen=True)
class Movement:
    """One transaction as a list shows it."""

    seq: int
    receipt: Receipt
    sums: Sequence[Sum]
    purses: Sequence[Purse]
    by: str


@dataclass(frozen=True)
class Movements:
    """A page; `next` is where the next one starts, None at the end."""

    rows: Sequence[Movement]
    next: int | None


@dataclass(frozen=True)
class Wanted:
    """Which movements: from `since` on, before `until`, before number `before` of the chain."""

    kind: str = ""
    currency_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def movements(session: Session, wanted: Wanted) -> Movements:
    """A page of the chain, newest first, declined requests left out."""
    found = session.execute(_matching(wanted).limit(PER_PAGE + 1)).all()
    receipts = [(row[0], json.decode(row[1], type=Receipt)) for row in found[:PER_PAGE]]
    return Movements(_rows(session, receipts), found[PER_PAGE - 1].seq if len(found) > PER_PAGE else None)


def accounts_in(session: Session, receipts: Sequence[Receipt]) -> dict[str, LedgerAccount]:
    """The accounts that these receipts name, by their 32 digits."""
    named = {
        side for receipt in receipts for entry in receipt.entries for side in (entry.debit, entry.credit)
    }
    rows = session.scalars(
        select(LedgerAccount).where(LedgerAccount.id.in_([UUID(hex=one) for one in named]))
    )
    return {row.id.hex: row for row in rows}


def who_acted(session: Session, receipts: Sequence[Receipt]) -> dict[str, str]:
    """The names of the persons that these receipts say acted, by what the receipt says."""
    said = {receipt.memo.by for receipt in receipts}
    ids = {text: found for text in said if (found := _uuid(text))}
    rows = session.scalars(select(Person).where(Person.id.in_(ids.values())))
    names = {row.id: row.called for row in rows}
    return {text: names[found] for text, found in ids.items() if found in names}


def _rows(session: Session, receipts: Sequence[tuple[int, Receipt]]) -> list[Movement]:
    bare = [receipt for _seq, receipt in receipts]
    accounts = accounts_in(session, bare)
    currencies = {one.id.hex: one for one in session.scalars(select(Currency))}
    owners = dict.fromkeys(one.owner for one in accounts.values() if one.kind == WALLET)
    known = {str(one.wallet_id): one for one in purses(session, [UUID(owner) for owner in owners])}
    names = who_acted(session, bare)
    return [
        Movement(
            seq,
            receipt,
            sums_of(receipt, accounts, currencies),
            [known[owner] for owner in _owners(receipt, accounts) if owner in known],
            names.get(receipt.memo.by, ""),
        )
        for seq, receipt in receipts
    ]


def sums_of(
    receipt: Receipt, accounts: Mapping[str, LedgerAccount], currencies: Mapping[str, Currency]
) -> list[Sum]:
    """What moved or was set aside, per currency and direction."""
    found: dict[tuple[str, int], int] = {}
    for entry in receipt.entries:
        if entry.op == "free" and receipt.verdict != "released":
            continue
        key = entry.asset, _sign(accounts[entry.debit], accounts[entry.credit])
        found[key] = found.get(key, 0) + entry.amount
    return [Sum(currencies[asset], amount, sign) for (asset, sign), amount in found.items()]


def _sign(debit: LedgerAccount, credit: LedgerAccount) -> int:
    return (credit.kind == WALLET) - (debit.kind == WALLET)


def _owners(receipt: Receipt, accounts: Mapping[str, LedgerAccount]) -> list[str]:
    """The wallets it touched, each once; an opening of hundreds names none."""
    sides = [accounts[side] for entry in receipt.entries for side in (entry.debit, entry.credit)]
    found = list(dict.fromkeys(one.owner for one in sides if one.kind == WALLET))
    return found if len(found) <= 2 else []


def _matching(wanted: Wanted) -> Select[int, bytes]:
    found = select(LedgerTransaction.seq, LedgerTransaction.body).where(
        LedgerTransaction.verdict != "declined"
    )
    if wanted.kind:
        found = found.where(LedgerTransaction.kind == wanted.kind)
    if wanted.since:
        found = found.where(LedgerTransaction.at >= wanted.since)
    if wanted.until:
        found = found.where(LedgerTransaction.at < wanted.until)
    if wanted.before:
        found = found.where(LedgerTransaction.seq < wanted.before)
    if wanted.currency_id:
        entry = LedgerEntry
        found = found.where(
            exists().where(
                entry.number.between(LedgerTransaction.first, LedgerTransaction.last),
                entry.currency_id == wanted.currency_id,
            )
        )
    return found.order_by(LedgerTransaction.seq.desc())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
