"""The one rule of the ledger that only exists between nodes: an offline payment that is presented afterwards.

The wallet pays what it can. What is missing is a debt of its holder as far as the issuer bears it, and the
acceptor's own risk beyond: a wallet is never below zero (docs/ledger.md, grants).
"""

from datetime import datetime
from uuid import UUID

from wallet.ledger.book import Book
from wallet.ledger.decide import RULES
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.holders import issued_here
from wallet.ledger.requests import Spend
from wallet.ledger.shapes import NODE, RECEIVABLE, Part, Place


class Presented(Spend, frozen=True, kw_only=True):
    """Pay `amount` of one asset from one wallet to `acceptor`; up to `covered` of what is missing is lent."""

    kind: str = "present"
    refers: UUID
    asset: UUID
    amount: int
    covered: int


def present(book: Book, request: Presented, now: datetime, draft: Draft) -> tuple[Part, ...]:
    """Post what the wallet has and what is covered. Raises Declined `insufficient` when that is nothing.

    A card that was declared lost since still pays what was taken before: the grant said who bears it.
    """
    if book.followers.get(request.refers):
        raise Declined("cancelled")
    asset = request.asset
    issued_here(book, asset)
    wallet = str(request.payers[0].wallet)
    taker = draft.at(Place(asset, NODE, request.acceptor))
    missing = request.amount
    for account in book.accounts_of(wallet):
        part = min(account.free, missing)
        if account.place.asset == asset and part > 0 and not account.has_expired(now):
            draft.move(draft.account(account.id), taker, part)
            missing -= part
    lent = min(missing, request.covered)
    if lent > 0:
        draft.move(draft.at(Place(asset, RECEIVABLE, wallet)), taker, lent)
    if not draft.entries:
        raise Declined("insufficient", missing)
    return ()


RULES[Presented] = present
