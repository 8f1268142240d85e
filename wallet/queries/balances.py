"""What a wallet holds, and how it came to it: one currency never counts for another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import json
from sqlalchemy import Select, and_, case, func, select, union_all
from sqlalchemy.orm import Session

from kit import clock
from wallet.ledger.shapes import KINDS, LOSS, NODE, NOSTRO, RECEIVABLE, WALLET, Receipt
from wallet.models.currency import OURS, Currency
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction
from wallet.queries.naming import Wordings

PER_PAGE: Final = 50
MOST_ACCOUNTS: Final = 200
"""Of a wallet with more lots, those that moved last."""
_NATURES: Final = ("gift", "money", "time", "loyalty", "free")


@dataclass(frozen=True)
class Balance:
    """What a wallet holds of one currency, in one lot; `free` can be spent, the rest is set aside."""

    account_id: UUID
    currency: Currency
    amount: int
    held: int
    lot: str
    expires_at: datetime | None

    @property
    def free(self) -> int:
        return self.amount - self.held

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()


@dataclass(frozen=True)
class HistoryLine:
    """One movement of one balance: `amount` is signed, `after` is that balance afterwards.

    `is_pending` while it is only set aside. Words of the currency are those of the day.
    """

    number: int
    tx_id: UUID
    at: datetime
    kind: str
    verdict: str
    place: str
    point: str
    labels: Sequence[str]
    reason: str
    currency_id: UUID
    name: str
    symbol: str
    scale: int
    amount: int
    after: int

    @property
    def is_pending(self) -> bool:
        return self.verdict == "held"


@dataclass(frozen=True)
class HistoryPage:
    """Newest first; `next` is the `before` of the following page, None at the end."""

    lines: Sequence[HistoryLine]
    next: int | None


@dataclass(frozen=True)
class Circulation:
    """Where a currency stands, in minor units: `issued` is what came out of nothing and from openings.

    `at_neighbours` is what other nodes hold of it; `lent` what wallets still owe of payments that were
    accepted while nobody could ask.
    """

    currency: Currency
    issued: int
    opening: int
    in_wallets: int
    held: int
    taken: int
    expired: int
    at_neighbours: int = 0
    lent: int = 0


@dataclass(frozen=True)
class Abroad:
    """A currency of another node: what it owes us of it, by our own ledger, and what we lost on it."""

    currency: Currency
    owed: int
    lost: int


def balances(session: Session, wallet_id: UUID) -> list[Balance]:
    """Vouchers first, then money (the network's last), time, points; empty lots are left out."""
    found = session.execute(
        select(LedgerAccount, Currency)
        .join(Currency, Currency.id == LedgerAccount.currency_id)
        .where(
            LedgerAccount.owner == str(wallet_id),
            LedgerAccount.kind == WALLET,
            LedgerAccount.credits > LedgerAccount.debits,
        )
        .execution_options(populate_existing=True)
    )
    held = [
        Balance(one.id, currency, one.balance, one.held, one.lot, one.expires_at) for one, currency in found
    ]
    return sorted(held, key=_turn)


def spendable_here(held: Sequence[Balance]) -> int:
    """What pays prices in euro at this collective, in cents: vouchers and money that are worth euros."""
    return sum(
        one.free
        for one in held
        if one.currency.at_par and one.currency.nature in {"gift", "money"} and not one.has_expired
    )


def history(
    session: Session,
    wallet_id: UUID,
    before: int | None = None,
    limit: int = PER_PAGE,
    currency_id: UUID | None = None,
) -> HistoryPage:
    """What moved in the wallet before entry `before`, newest first; `limit` rows are read per balance."""
    accounts = _accounts(session, wallet_id, currency_id)
    if not accounts:
        return HistoryPage((), None)
    numbers = union_all(*_newest(list(accounts), before, limit + 1)).subquery()
    rows = session.execute(
        select(LedgerEntry, LedgerTransaction.body)
        .join(LedgerTransaction, LedgerTransaction.seq == LedgerEntry.tx_seq)
        .where(LedgerEntry.number.in_(select(numbers.c.number)))
        .order_by(LedgerEntry.number.desc())
        .limit(limit + 1)
    ).all()
    lines = [_line(accounts, entry, json.decode(body, type=Receipt)) for entry, body in rows[:limit]]
    return HistoryPage(_worded(session, lines), rows[limit - 1][0].number if len(rows) > limit else None)


def circulation(session: Session) -> list[Circulation]:
    """Every currency of ours and where it stands; what wallets hold is what no other account does."""
    sums = _sums(session)
    held = dict(
        session.execute(
            select(LedgerAccount.currency_id, func.sum(LedgerAccount.held))
            .where(LedgerAccount.held > 0)
            .group_by(LedgerAccount.currency_id)
        ).all()
    )
    currencies = session.scalars(select(Currency).where(OURS).order_by(Currency.created_at, Currency.id))
    return [_circulation(one, sums.get(one.id, {}), int(held.get(one.id, 0))) for one in currencies]


def _sums(session: Session) -> dict[UUID, dict[str, int]]:
    """By currency and kind, wallets left out: they are many."""
    balance = func.sum(LedgerAccount.credits - LedgerAccount.debits)
    others = [kind for kind in KINDS if kind != WALLET]
    found = session.execute(
        select(LedgerAccount.currency_id, LedgerAccount.kind, balance)
        .where(LedgerAccount.kind.in_(others))
        .group_by(LedgerAccount.currency_id, LedgerAccount.kind)
    )
    sums: dict[UUID, dict[str, int]] = {}
    for currency_id, kind, total in found:
        sums.setdefault(currency_id, {})[kind] = int(total)
    return sums


def _circulation(currency: Currency, sums: dict[str, int], held: int) -> Circulation:
    return Circulation(
        currency=currency,
        issued=-sums.get("issuance", 0),
        opening=-sums.get("opening", 0),
        in_wallets=-sum(sums.values()),
        held=held,
        taken=sums.get("sales", 0),
        expired=sums.get("expired", 0),
        at_neighbours=sums.get(NODE, 0),
        lent=-sums.get(RECEIVABLE, 0),
    )


def abroad(session: Session) -> list[Abroad]:
    """Currencies of other nodes, by name. Nothing of them circulates here."""
    account, currency = LedgerAccount, Currency
    lent = case(
        (and_(account.kind == NOSTRO, account.owner == currency.issuer), account.debits - account.credits),
        else_=0,
    )
    lost = case((account.kind == LOSS, account.debits - account.credits), else_=0)
    found = session.execute(
        select(currency, func.coalesce(func.sum(lent), 0), func.coalesce(func.sum(lost), 0))
        .outerjoin(account, and_(account.currency_id == currency.id, account.kind.in_((NOSTRO, LOSS))))
        .where(~OURS)
        .group_by(currency.id)
        .order_by(currency.name, currency.id)
    )
    return [Abroad(row[0], int(row[1]), int(row[2])) for row in found]


def _turn(held: Balance) -> tuple[Any, ...]:
    currency = held.currency
    return (
        _NATURES.index(currency.nature),
        currency.reach == "network",
        currency.name,
        held.expires_at is None,
        held.expires_at or clock.now(),
        held.lot,
    )


def _accounts(session: Session, wallet_id: UUID, currency_id: UUID | None) -> dict[UUID, Currency]:
    wanted = (
        select(LedgerAccount.id, Currency)
        .join(Currency, Currency.id == LedgerAccount.currency_id)
        .where(LedgerAccount.owner == str(wallet_id), LedgerAccount.kind == WALLET, LedgerAccount.touched > 0)
    )
    if currency_id:
        wanted = wanted.where(LedgerAccount.currency_id == currency_id)
    found = session.execute(wanted.order_by(LedgerAccount.touched.desc()).limit(MOST_ACCOUNTS))
    return dict(found.all())


def _newest(accounts: Sequence[UUID], before: int | None, most: int) -> Iterator[Select[int]]:
    """For each account and side, its newest entries by index: the length of the history does not matter."""
    for account_id in accounts:
        for side in (LedgerEntry.debit, LedgerEntry.credit):
            wanted = select(LedgerEntry.number).where(side == account_id, LedgerEntry.op != "free")
            if side is LedgerEntry.credit:
                wanted = wanted.where(LedgerEntry.op == "transfer")
            if before is not None:
                wanted = wanted.where(LedgerEntry.number < before)
            newest = wanted.order_by(LedgerEntry.number.desc()).limit(most).subquery()
            yield select(newest.c.number)


def _line(accounts: dict[UUID, Currency], entry: LedgerEntry, receipt: Receipt) -> HistoryLine:
    is_mine = entry.debit in accounts
    currency = accounts[entry.debit if is_mine else entry.credit]
    return HistoryLine(
        number=entry.number,
        tx_id=receipt.id,
        at=receipt.at,
        kind=receipt.kind,
        verdict=receipt.verdict,
        place=receipt.memo.place,
        point=receipt.memo.point,
        labels=[line.label for line in receipt.memo.lines],
        reason=receipt.memo.reason,
        currency_id=currency.id,
        name=currency.name,
        symbol=currency.symbol,
        scale=currency.scale,
        amount=-entry.amount if is_mine else entry.amount,
        after=entry.debit_after if is_mine else entry.credit_after,
    )


def _worded(session: Session, lines: Sequence[HistoryLine]) -> list[HistoryLine]:
    """The same lines under the names that the currencies had on those days."""
    wordings = Wordings(session, {line.currency_id for line in lines})
    told = []
    for line in lines:
        words = wordings.at(session.get_one(Currency, line.currency_id), line.at)
        told.append(replace(line, name=words.name, symbol=words.symbol))
    return told
