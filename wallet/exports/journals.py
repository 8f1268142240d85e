"""What the journals of hledger and beancount have in common."""

from collections.abc import Iterator

from wallet.exports.names import account_name, amount_text, commodity, one_line
from wallet.exports.reading import Booked, Held, Step

Posting = tuple[str, str, str]
"""An account's name, an amount, a commodity. What an account gives has a plus, what it gets a minus."""


def postings(transaction: Booked) -> Iterator[Posting]:
    """Two for each transfer. Both programs want what is owed to people below zero."""
    for step in transaction.transfers:
        yield _posting(step, account_name(step.debit), step.amount)
        yield _posting(step, account_name(step.credit), -step.amount)


def closing(held: Held) -> Posting:
    """What the account must hold at the end."""
    return account_name(held.standing), amount_text(-held.balance, held.scale), commodity(held.code)


def words(transaction: Booked) -> str:
    """What people read: the kind, the point of sale, what was paid for."""
    memo = transaction.receipt.memo
    labels = " · ".join(line.label for line in memo.lines)
    parts = (transaction.receipt.kind, memo.place, memo.point, labels)
    return one_line(" · ".join(part for part in parts if part))


def facts(transaction: Booked) -> dict[str, str]:
    """What programs find a transaction by."""
    receipt = transaction.receipt
    found = {
        "id": str(receipt.id),
        "at": receipt.at.isoformat().replace("+00:00", "Z"),
        "refers": str(receipt.refers or ""),
        "reason": one_line(receipt.memo.reason),
    }
    return {name: value for name, value in found.items() if value}


def _posting(step: Step, account: str, amount: int) -> Posting:
    return account, amount_text(amount, step.scale), commodity(step.code)
