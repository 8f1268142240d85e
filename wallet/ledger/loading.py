"""Value comes into wallets and leaves them: top-ups, gifts, cash, balances from before, merged wallets."""

from datetime import datetime
from typing import Final
from uuid import UUID

from wallet.ledger.book import MAIN, Book, CashedOut
from wallet.ledger.draft import Declined, Draft
from wallet.ledger.holders import given_here, issued_here, payer, receiver
from wallet.ledger.requests import Decline, Load, Merge, Opening, Sweep, Transfer, Unload
from wallet.ledger.shapes import EXPIRED, ISSUANCE, OPENING, WALLET, Place

GIVEN_AS: Final = {
    "top_up": frozenset({"money", "time", "loyalty", "free"}),
    "gift": frozenset({"gift"}),
}
"""Which natures a load of each kind may bring."""


def load(book: Book, request: Load, now: datetime, draft: Draft) -> None:
    """From the issuance into the wallet. Raises Declined `wrong_nature`, `lot_expired`, `over_cap`, … ."""
    asset = given_here(book, request.asset)
    if asset.nature not in GIVEN_AS.get(request.kind, ()):
        raise Declined("wrong_nature")
    _refuse_over(request.amount, request.limit)
    wallet = receiver(book, draft, request.to)
    place = Place(request.asset, WALLET, wallet, request.lot, request.expires_at)
    target = draft.at(place)
    if target.has_expired(now):
        raise Declined("lot_expired")
    draft.move(draft.at(Place(request.asset, ISSUANCE, MAIN)), target, request.amount)
    _refuse_over(_held_of(book, draft, wallet, request.asset), request.most)


def unload(book: Book, request: Unload, now: datetime, draft: Draft) -> None:
    """Back from the wallet to the issuance, for cash. Raises Declined `wrong_nature`, `over_cap`, … ."""
    if issued_here(book, request.asset).nature != "money":
        raise Declined("wrong_nature")
    _refuse_over(request.amount, request.limit)
    source = draft.at(Place(request.asset, WALLET, payer(book, draft, request.of)))
    draft.move(source, draft.at(Place(request.asset, ISSUANCE, MAIN)), request.amount)
    earlier = book.cashed_out.setdefault(source.id, [])
    if request.since is not None:
        left = sum(one.amount for one in earlier if one.at >= request.since)
        _refuse_over(left + request.amount, request.most)
    earlier.append(CashedOut(now, request.amount))


def opening(book: Book, request: Opening, now: datetime, draft: Draft) -> None:
    """From the account that bears the name into each wallet. Raises Declined `wallet_unknown`, … ."""
    given_here(book, request.asset)
    source = draft.at(Place(request.asset, OPENING, request.name))
    for wallet, amount in request.balances:
        if str(wallet) not in book.wallets:
            raise Declined("wallet_unknown")
        draft.move(source, draft.at(Place(request.asset, WALLET, str(wallet))), amount)


def merge(book: Book, request: Merge, now: datetime, draft: Draft) -> None:
    """Every balance of one wallet into another, lot by lot.

    Raises Declined `wallet_held` while something is set aside, `wallet_unknown`, `same_wallet`.
    """
    if request.source == request.target:
        raise Declined("same_wallet")
    if not {str(request.source), str(request.target)} <= book.wallets:
        raise Declined("wallet_unknown")
    for account in sorted(book.accounts_of(str(request.source)), key=lambda account: account.id):
        if account.held:
            raise Declined("wallet_held")
        place = account.place
        target = Place(place.asset, WALLET, str(request.target), place.lot, place.expires_at)
        if account.balance:
            draft.move(draft.account(account.id), draft.at(target), account.balance)


def sweep(book: Book, request: Sweep, now: datetime, draft: Draft) -> None:
    """What is left of an expired lot leaves its wallet. Raises Declined `not_expired` or `nothing_left`."""
    account = draft.account(request.account)
    if not account.has_expired(now):
        raise Declined("not_expired")
    if not account.free:
        raise Declined("nothing_left")
    draft.move(account, draft.at(Place(account.place.asset, EXPIRED, MAIN)), account.free)


def transfer(book: Book, request: Transfer, now: datetime, draft: Draft) -> None:
    """Between two places of the house. Raises Declined `not_refundable` for a wallet, `insufficient`, … ."""
    if WALLET in {request.debit.kind, request.credit.kind}:
        raise Declined("not_refundable")
    act = draft.hold if request.is_hold else draft.move
    act(draft.at(request.debit), draft.at(request.credit), request.amount)


def decline(book: Book, request: Decline, now: datetime, draft: Draft) -> None:
    """Raises Declined with what was found."""
    raise Declined(request.why)


def _held_of(book: Book, draft: Draft, wallet: str, asset: UUID) -> int:
    """What the wallet will have of the currency, in all its lots."""
    loaded = {account.id for account in book.accounts_of(wallet) if account.place.asset == asset}
    opened = {account.id for account in draft.opened if account.place.owner == wallet}
    return sum(draft.account(account_id).balance for account_id in loaded | opened)


def _refuse_over(amount: int, most: int | None) -> None:
    if most is not None and amount > most:
        raise Declined("over_cap", amount - most)
