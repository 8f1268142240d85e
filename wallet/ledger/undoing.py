"""What comes after: holds captured or released, spends given back, mistakes corrected by their opposite."""

from datetime import datetime
from typing import Final
from uuid import UUID

from wallet.ledger.book import Book
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.requests import Cancel, Capture, Refund, Release, Reverse
from wallet.ledger.shapes import Entry, Receipt

SPENDS: Final = frozenset({"spend", "capture", "charge", "present"})
REVERSIBLE: Final = frozenset({"top_up", "gift", "cash_out", "opening", *SPENDS})


def capture(book: Book, request: Capture, now: datetime, draft: Draft) -> None:
    """Take what was held, or a part of it; the rest is free again.

    Raises Declined `no_such_transaction`, `not_held`, `already_closed`, `over_hold`.
    """
    holds = _open_holds(book, request.refers)
    held = sum(hold.amount for hold in holds)
    wanted = held if request.amount is None else request.amount
    if wanted <= 0:
        raise Declined("bad_amount")
    if wanted > held:
        raise Declined("over_hold", wanted - held)
    for hold in holds:
        debit, credit = draft.free(hold)
        part = min(hold.amount, wanted)
        wanted -= part
        if part:
            draft.move(debit, credit, part)


def release(book: Book, request: Release, now: datetime, draft: Draft) -> None:
    """Free what was held. Raises Declined `no_such_transaction`, `not_held`, `already_closed`."""
    for hold in _open_holds(book, request.refers):
        draft.free(hold)


def refund(book: Book, request: Refund, now: datetime, draft: Draft) -> None:
    """Back to the balances that paid, the last one first; never more in all than was paid.

    Raises Declined `no_such_transaction`, `not_refundable`, `nothing_left`, `over_charge`.
    """
    done = reversed(_transfers(_done(book, request.refers, SPENDS)))
    paid = [one for one in done if request.accepts is None or UUID(hex=one.asset) in request.accepts]
    left = {entry.number: entry.amount - _given_back(book, request.refers, entry) for entry in paid}
    rest = sum(left.values())
    wanted = rest if request.amount is None else request.amount
    if not rest:
        raise Declined("nothing_left")
    if wanted <= 0:
        raise Declined("bad_amount")
    if wanted > rest:
        raise Declined("over_charge", wanted - rest)
    for entry in paid:
        part = min(left[entry.number], wanted)
        wanted -= part
        if part:
            _give_back(draft, entry, part)


def reverse(book: Book, request: Reverse, now: datetime, draft: Draft) -> None:
    """The exact opposite, last step first.

    Raises Declined `no_such_transaction`, `not_reversible`, `already_reversed`, and `insufficient` when the
    money has gone on.
    """
    done = _done(book, request.refers, REVERSIBLE)
    if book.followers.get(request.refers):
        raise Declined("already_reversed")
    for entry in reversed(_transfers(done)):
        _give_back(draft, entry, entry.amount)


def cancel(book: Book, request: Cancel, now: datetime, draft: Draft) -> None:
    """Free what was held, give back what was paid, or only forbid the id: a later spend under it is declined.

    Raises Declined `already_closed` when what was held was taken, `already_reversed`, and `insufficient` when
    who was paid has less.
    """
    link = book.past.get(request.refers)
    if link is None or link.receipt.verdict == "declined":
        return
    if book.followers.get(request.refers):
        raise Declined("already_closed" if link.receipt.verdict == "held" else "already_reversed")
    for entry in reversed(link.receipt.entries):
        if entry.op == "hold":
            draft.free(entry)
        else:
            _give_back(draft, entry, entry.amount)


def _referred(book: Book, transaction_id: UUID) -> Receipt:
    link = book.past.get(transaction_id)
    if link is None:
        raise Declined("no_such_transaction")
    return link.receipt


def _done(book: Book, transaction_id: UUID, kinds: frozenset[str]) -> Receipt:
    receipt = _referred(book, transaction_id)
    if receipt.kind not in kinds or receipt.verdict not in {"posted", "captured"}:
        raise Declined("not_refundable" if kinds is SPENDS else "not_reversible")
    return receipt


def _open_holds(book: Book, transaction_id: UUID) -> list[Entry]:
    receipt = _referred(book, transaction_id)
    if receipt.verdict != "held":
        raise Declined("not_held")
    if book.followers.get(transaction_id):
        raise Declined("already_closed")
    return list(receipt.entries)


def _transfers(receipt: Receipt) -> list[Entry]:
    return [entry for entry in receipt.entries if entry.op == "transfer"]


def _given_back(book: Book, transaction_id: UUID, paid: Entry) -> int:
    """What refunds and corrections have brought back to the account that paid this entry."""
    return sum(
        entry.amount
        for receipt in book.followers.get(transaction_id, ())
        for entry in receipt.entries
        if entry.credit == paid.debit
    )


def _give_back(draft: Draft, entry: Entry, amount: int) -> None:
    draft.move(draft.account(UUID(hex=entry.credit)), draft.account(UUID(hex=entry.debit)), amount)
