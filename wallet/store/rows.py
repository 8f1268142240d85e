"""A decision as rows: one prepared sentence for each table."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import insert

from kit.db import Rows, Statement
from wallet.ledger.decide import Written
from wallet.ledger.shapes import Account, Transaction
from wallet.models.card import CardTap
from wallet.models.ledger import LedgerAccount, LedgerEntry, LedgerTransaction

_ACCOUNTS: Final = Statement(
    insert(LedgerAccount).inline(),
    *("id", "currency_id", "kind", "owner", "lot", "expires_at"),
    *("floor", "debits", "credits", "held", "touched"),
)
_TRANSACTIONS: Final = Statement(
    insert(LedgerTransaction).inline(),
    *("seq", "id", "kind", "verdict", "at", "content", "refers", "first", "last", "prev", "hash", "body"),
)
_ENTRIES: Final = Statement(
    insert(LedgerEntry).inline(),
    *("number", "tx_seq", "op", "currency_id", "debit", "credit", "amount"),
    *("debit_after", "credit_after", "closes"),
)
_TAPS: Final = Statement(insert(CardTap).inline(), "card_id", "counter", "tx_seq")

Row = tuple[object, ...]


def rows_of(written: Written) -> Sequence[Rows]:
    """In the order in which the tables lean on each other."""
    return (
        Rows(_ACCOUNTS, [_account(account) for account in written.opened]),
        Rows(_TRANSACTIONS, [_transaction(link) for link in written.links]),
        Rows(_ENTRIES, [row for link in written.links for row in _entries(link)]),
        Rows(_TAPS, written.taps),
    )


def _account(account: Account) -> Row:
    place = account.place
    where = (account.id, place.asset, place.kind, place.owner, place.lot, place.expires_at)
    return (*where, account.floor, 0, 0, 0, 0)


def _transaction(link: Transaction) -> Row:
    receipt = link.receipt
    said = (receipt.kind, receipt.verdict, receipt.at, receipt.request, receipt.refers)
    return (link.seq, receipt.id, *said, receipt.first, link.entries_to, link.prev, link.hash, link.body)


def _entries(link: Transaction) -> Iterator[Row]:
    for entry in link.receipt.entries:
        places = (_id(entry.asset), _id(entry.debit), _id(entry.credit))
        after = (entry.debit_after, entry.credit_after, entry.closes)
        yield (entry.number, link.seq, entry.op, *places, entry.amount, *after)


@lru_cache(4096)
def _id(digits: str) -> UUID:
    """A batch names the same few accounts and currencies over and over."""
    return UUID(hex=digits)
