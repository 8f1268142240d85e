"""Paying: which balances pay, in which order, and what each pays of each line.

Order of prices in euro: vouchers, then local money, then other accepted money, then the network's; within one
currency the lot that ends first. Each payer gives the amount that was asked of it; where none was, all it can
before the next one is asked.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from wallet.ledger.book import MAIN, Book
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.holders import payer
from wallet.ledger.requests import Spend
from wallet.ledger.shapes import MOST, NODE, SALES, Account, Asset, Part, Place

EURO_NATURES: Final = frozenset({"gift", "money"})
CENTS: Final = 2
MOST_PAYERS: Final = 2
LONGEST_HOLD: Final = timedelta(days=30)
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Share(Struct, frozen=True):
    """What one account gives."""

    account: Account
    amount: int


def spend(book: Book, request: Spend, now: datetime, draft: Draft) -> tuple[Part, ...]:
    """Pay or set aside the lines' total; returns the exact split by line and balance.

    Raises Declined `insufficient` with what is missing, `bad_amount`, `bad_until`, `same_wallet`,
    `asset_unknown`, `cancelled`, and what is wrong with a card.
    """
    total = _total(request)
    if book.followers.get(request.id):  # its cancel was quicker
        raise Declined("cancelled")
    if request.until is not None and not now < request.until <= now + LONGEST_HOLD:
        raise Declined("bad_until")
    wallets = [payer(book, draft, holder) for holder in request.payers]
    if len(set(wallets)) != len(wallets) or not 0 < len(wallets) <= MOST_PAYERS:
        raise Declined("same_wallet")
    if request.unit is not None and request.unit not in book.assets:
        raise Declined("asset_unknown")
    purses = [_usable(book, request, wallet, now) for wallet in wallets]
    shares = list(_taken(purses, request.amounts or [total] * len(purses), total))
    act = draft.hold if request.until is not None else draft.move
    for share in shares:
        act(draft.account(share.account.id), draft.at(_taker(request, share.account.place)), share.amount)
    return split([line.amount for line in request.lines], [share.amount for share in shares], draft.first)


def split(lines: Sequence[int], shares: Sequence[int], first: int) -> tuple[Part, ...]:
    """How much of each line each share pays; rows add up to the lines and columns to the shares, exactly.

    Line by line in proportion to what is left of each share; the cents that remain go to the largest
    remainders, then to the largest share.
    """
    left = list(shares)
    parts: list[Part] = []
    for number, amount in enumerate(lines):
        paid = _in_proportion(amount, left)
        left = [rest - part for rest, part in zip(left, paid, strict=True)]
        parts.extend(Part(number, first + at, part) for at, part in enumerate(paid) if part)
    return tuple(parts)


def _taker(request: Spend, paid: Place) -> Place:
    """Where the money goes: our sales, or what we owe the node that was paid."""
    return Place(paid.asset, *((NODE, request.acceptor) if request.acceptor else (SALES, MAIN)))


def _total(request: Spend) -> int:
    amounts, own = [line.amount for line in request.lines], request.amounts
    is_shared = not own or (len(own) == len(request.payers) and min(own) > 0 and sum(own) == sum(amounts))
    if any(amount < 0 for amount in amounts) or not 0 < sum(amounts) <= MOST or not is_shared:
        raise Declined("bad_amount")
    return sum(amounts)


def _usable(book: Book, request: Spend, wallet: str, now: datetime) -> list[Account]:
    """The wallet's accounts that may pay, in the order in which they do."""
    found = [one for one in book.accounts_of(wallet) if one.free > 0 and not one.has_expired(now)]
    found = [one for one in found if _accepts(request, book.assets[one.place.asset])]
    return sorted(found, key=lambda one: _turn(book.assets[one.place.asset], one))


def _accepts(request: Spend, asset: Asset) -> bool:
    if request.accepts is not None and asset.id not in request.accepts:
        return False
    if request.acceptor and asset.reach == "issuer_only":
        return False
    if request.unit is not None:
        return asset.id == request.unit
    return asset.nature in EURO_NATURES and asset.at_par and asset.scale == CENTS


def _turn(asset: Asset, account: Account) -> tuple[int, str, datetime, str]:
    return _rank(asset), asset.code, account.place.expires_at or NEVER, account.place.lot


def _rank(asset: Asset) -> int:
    if asset.nature == "gift":
        return 0
    if asset.reach == "network":
        return 3
    return 1 if asset.is_ours else 2


def _taken(purses: Sequence[Sequence[Account]], most: Sequence[int], total: int) -> Iterator[Share]:
    """So much from accounts, one after the other; no more than its own of each purse.

    Raises Declined `insufficient` with all that is missing.
    """
    missing = total
    for purse, left in zip(purses, most, strict=True):
        for account in purse:
            if amount := min(account.free, missing, left):
                missing, left = missing - amount, left - amount
                yield Share(account, amount)
    if missing:
        raise Declined("insufficient", missing)


def _in_proportion(amount: int, left: Sequence[int]) -> list[int]:
    """`amount` divided like `left`, in whole units, none above its own."""
    whole = sum(left)
    if not amount:
        return [0] * len(left)
    paid = [amount * rest // whole for rest in left]
    order = sorted(range(len(left)), key=lambda at: (-(amount * left[at] % whole), -left[at], at))
    for at in order[: amount - sum(paid)]:
        paid[at] += 1
    return paid
