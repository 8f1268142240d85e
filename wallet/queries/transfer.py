"""One transaction of the ledger, whole: what, who, which lines, which steps, what came after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import json
from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.ledger.shapes import NODE, WALLET, Entry, Receipt
from wallet.models.card import PassCard
from wallet.models.currency import Currency, CurrencyWording
from wallet.models.ledger import LedgerAccount, LedgerTransaction
from wallet.queries.desk import Purse, purses
from wallet.queries.movements import Sum, accounts_in, sums_of, who_acted
from wallet.refusals import NoSuchTransfer

PAID = frozenset({"posted", "captured"})
REFUNDABLE = frozenset({"spend", "capture"})
CORRECTABLE = frozenset({"top_up", "gift", "cash_out", "opening", *REFUNDABLE})


@dataclass(frozen=True)
class Worded:
    """A currency as it was called when the transaction was written."""

    id: UUID
    name: str
    symbol: str
    icon: str
    scale: int


@dataclass(frozen=True)
class Step:
    """One entry: from whom to whom, in which currency."""

    entry: Entry
    currency: Worded
    debit: LedgerAccount
    credit: LedgerAccount

    @property
    def is_paid_by_wallet(self) -> bool:
        return self.debit.kind == WALLET and self.entry.op != "free"


@dataclass(frozen=True)
class Linked:
    """Another transaction about this one: what it refers to, or what came after."""

    id: UUID
    kind: str
    verdict: str
    at: datetime
    sums: Sequence[Sum]


@dataclass(frozen=True)
class Transfer:
    """A transaction with everything that a page says of it."""

    row: LedgerTransaction
    receipt: Receipt
    steps: Sequence[Step]
    purses: Sequence[Purse]
    by: str
    card: PassCard | None
    before: Linked | None
    after: Sequence[Linked]

    @property
    def paid(self) -> int:
        """What moved, in minor units."""
        return sum(step.entry.amount for step in self.steps if step.entry.op == "transfer")

    @property
    def is_between_nodes(self) -> bool:
        """A neighbour's till asked for it: only the neighbour may change it."""
        return any(NODE in (step.debit.kind, step.credit.kind) for step in self.steps)

    @property
    def refundable(self) -> int:
        """What may still be given back of a payment."""
        if self.is_between_nodes:
            return 0
        if self.receipt.kind not in REFUNDABLE or self.receipt.verdict not in PAID:
            return 0
        return self.paid - sum(
            one.amount for after in self.after for one in after.sums if after.verdict in PAID
        )

    @property
    def is_aside(self) -> bool:
        """Set aside, and neither taken nor free again."""
        return self.receipt.verdict == "held" and not self.after and not self.is_between_nodes

    @property
    def is_correctable(self) -> bool:
        if self.is_between_nodes or self.after:
            return False
        return self.receipt.kind in CORRECTABLE and self.receipt.verdict in PAID

    def purse_of(self, account: LedgerAccount) -> Purse | None:
        """Whose wallet an account belongs to."""
        return next((one for one in self.purses if str(one.wallet_id) == account.owner), None)


def whole_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """Raises NoSuchTransfer."""
    row = session.scalar(select(LedgerTransaction).where(LedgerTransaction.id == transfer_id))
    if row is None:
        raise NoSuchTransfer
    receipt = json.decode(row.body, type=Receipt)
    accounts = accounts_in(session, [receipt])
    owners = dict.fromkeys(one.owner for one in accounts.values() if one.kind == WALLET)
    return Transfer(
        row,
        receipt,
        _steps(session, receipt, accounts),
        purses(session, [UUID(owner) for owner in owners]),
        who_acted(session, [receipt]).get(receipt.memo.by, ""),
        session.get(PassCard, UUID(receipt.memo.card)) if receipt.memo.card else None,
        next(iter(_linked(session, LedgerTransaction.id == row.refers)), None) if row.refers else None,
        _linked(session, LedgerTransaction.refers == row.id),
    )


def _steps(session: Session, receipt: Receipt, accounts: dict[str, LedgerAccount]) -> list[Step]:
    words = {
        asset: _worded(session, UUID(hex=asset), receipt.at) for asset in {e.asset for e in receipt.entries}
    }
    return [
        Step(entry, words[entry.asset], accounts[entry.debit], accounts[entry.credit])
        for entry in receipt.entries
    ]


def _worded(session: Session, currency_id: UUID, at: datetime) -> Worded:
    """The words of that moment; the first ones when the clock went back since."""
    currency = session.get_one(Currency, currency_id)
    told = select(CurrencyWording).where(CurrencyWording.currency_id == currency_id)
    every = session.scalars(told.order_by(CurrencyWording.number)).all()
    words = next((one for one in reversed(every) if one.at <= at), every[0] if every else currency)
    return Worded(currency_id, words.name, words.symbol, words.icon, currency.scale)


def _linked(session: Session, condition: object) -> list[Linked]:
    wanted = select(LedgerTransaction).where(condition, LedgerTransaction.verdict != "declined")  # type: ignore[arg-type]
    rows = session.scalars(wanted.order_by(LedgerTransaction.seq)).all()
    receipts = {row.id: json.decode(row.body, type=Receipt) for row in rows}
    accounts = accounts_in(session, list(receipts.values()))
    currencies = {one.id.hex: one for one in session.scalars(select(Currency))}
    return [
        Linked(row.id, row.kind, row.verdict, row.at, sums_of(receipts[row.id], accounts, currencies))
        for row in rows
    ]
