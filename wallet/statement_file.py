"""A person's own history as a file: every movement in the order of the ledger, and its chain's last link.

The document is signed by the node (FEP-8b32); its twin is a table for spreadsheets (RFC 4180).
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.sheets import harmless
from wallet.models.currency import Currency, CurrencyWording
from wallet.models.ledger import LedgerTransaction
from wallet.queries.balances import balances
from wallet.queries.naming import Wordings
from wallet.queries.personal import currencies_of
from wallet.queries.statements import Period, StatementLine, statement

AT_ONCE: Final = 500
COLUMNS: Final = (
    "number", "at", "kind", "place", "point", "lines", "reason", "currency", "symbol", "amount", "after"
)  # fmt: skip


@dataclass(frozen=True)
class Movement:
    """One movement of one balance: `amount` is signed, in minor units; words are those of the day."""

    line: StatementLine
    currency: Currency
    words: Currency | CurrencyWording
    amount: int
    after: int


def movements(session: Session, wallet_id: UUID) -> Iterator[Movement]:
    """What moved in the wallet, oldest first; what is only set aside has not moved."""
    known = {one.id: one for one in currencies_of(session, wallet_id)}
    wordings, owner, after = Wordings(session, known), str(wallet_id), 0
    while lines := statement(session, Period(wallet_id=wallet_id, after=after, most=AT_ONCE)):
        for line in lines:
            yield _movement(line, known[line.entry.currency_id], wordings, is_mine=line.source.owner == owner)
        after = lines[-1].entry.number


def told(session: Session, wallet_id: UUID) -> dict[str, Any]:
    """What the wallet holds and how it came to it, ready for JSON."""
    return {
        "balances": [_balance(one) for one in balances(session, wallet_id)],
        "movements": [_told(one) for one in movements(session, wallet_id)],
    }


def statement_document(
    session: Session, wallet_id: UUID, issuer: Mapping[str, str], holder: str, now: datetime
) -> dict[str, Any]:
    """What the node signs. `ledger` is the last link of the chain in which all this stands."""
    return {
        "type": "WalletStatement",
        "issuer": dict(issuer),
        "holder": holder,
        "wallet": str(wallet_id),
        "issued": _moment(now),
        "ledger": _head(session),
        **told(session, wallet_id),
    }


def table(session: Session, wallet_id: UUID) -> bytes:
    """The same movements as a table; amounts have a decimal point and their sign."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(COLUMNS)
    writer.writerows(_row(one) for one in movements(session, wallet_id))
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def _movement(line: StatementLine, currency: Currency, wordings: Wordings, *, is_mine: bool) -> Movement:
    """`is_mine`: the wallet is the one that gives."""
    entry = line.entry
    amount, after = (-entry.amount, entry.debit_after) if is_mine else (entry.amount, entry.credit_after)
    return Movement(line, currency, wordings.at(currency, line.receipt.at), amount, after)


def _told(one: Movement) -> dict[str, Any]:
    receipt = one.line.receipt
    return {
        "number": one.line.entry.number,
        "transfer": str(receipt.id),
        "at": _moment(receipt.at),
        "kind": receipt.kind,
        "place": receipt.memo.place,
        "point": receipt.memo.point,
        "lines": [{"label": line.label, "amount": line.amount} for line in receipt.memo.lines],
        "reason": receipt.memo.reason,
        "currency": _currency(one.currency, one.words),
        "amount": one.amount,
        "after": one.after,
    }


def _balance(one: Any) -> dict[str, Any]:
    return {
        "currency": _currency(one.currency, one.currency),
        "amount": one.amount,
        "setAside": one.held,
        "expires": _moment(one.expires_at) if one.expires_at else None,
    }


def _currency(currency: Currency, words: Currency | CurrencyWording) -> dict[str, Any]:
    return {
        "id": str(currency.id), "name": words.name, "symbol": words.symbol, "scale": currency.scale
    }  # fmt: skip


def _row(one: Movement) -> Sequence[str]:
    receipt, scale = one.line.receipt, one.currency.scale
    memo = receipt.memo
    labels = " · ".join(line.label for line in memo.lines)
    words = (memo.place, memo.point, labels, memo.reason, one.words.name, one.words.symbol)
    return (
        *(str(one.line.entry.number), _moment(receipt.at), receipt.kind),
        *(harmless(text) for text in words),
        *(_decimal(one.amount, scale), _decimal(one.after, scale)),
    )


def _head(session: Session) -> dict[str, Any]:
    last = select(LedgerTransaction.seq, LedgerTransaction.hash).order_by(LedgerTransaction.seq.desc())
    row = session.execute(last.limit(1)).first()
    return {"seq": row.seq, "hash": row.hash} if row else {"seq": 0, "hash": ""}


def _decimal(amount: int, scale: int) -> str:
    whole, rest = divmod(abs(amount), 10**scale)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{scale}d}" if scale else f"{sign}{whole}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
