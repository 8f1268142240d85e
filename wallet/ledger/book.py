"""A book: the part of the ledger that some requests are about, laid open for the rules.

`open_book` asks a `Shelf` (a database, or memory) for it in a few questions, however many requests there are.
The rules write into the book as they go, so that later requests of one batch see the earlier ones; what must
be kept comes out of `decide` as rows, and the book is thrown away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from msgspec import Struct

from wallet.ledger import requests as ask
from wallet.ledger.requests import AnyRequest, Holder
from wallet.ledger.shapes import (
    EXPIRED,
    GENESIS,
    ISSUANCE,
    NODE,
    OPENING,
    SALES,
    WALLET,
    Account,
    Asset,
    Place,
    Receipt,
    Transaction,
)

MAIN: Final = "main"


class Head(Struct, frozen=True):
    """The last link: its number, its hash, and the number of the last entry."""

    seq: int = 0
    hash: str = GENESIS
    last: int = 0


class CardState(Struct):
    """What a card opens, whether it may, and the highest read counter that moved money."""

    wallet: UUID
    state: str = "active"
    counter: int = -1
    proves: bool = False
    """An NTAG 424 DNA: it must prove its tap before it pays."""


class CashedOut(Struct, frozen=True):
    """Money that left a wallet in cash."""

    at: datetime
    amount: int


class Shelf(Protocol):
    """Where books come from. Each question is asked once for a whole batch."""

    def head(self) -> Head: ...

    def assets(self) -> Iterable[Asset]: ...

    def past(self, ids: Sequence[UUID]) -> Iterable[Transaction]: ...

    def followers(self, ids: Sequence[UUID]) -> Iterable[Receipt]: ...

    def cards(self, ids: Sequence[UUID]) -> Mapping[UUID, CardState]: ...

    def wallets(self, ids: Sequence[UUID]) -> Iterable[UUID]: ...

    def accounts(
        self, ids: Sequence[UUID], owners: Sequence[str], merging: Sequence[str]
    ) -> Iterable[Account]:
        """Accounts of these ids, those of `owners` that hold something, and every one of `merging`."""
        ...

    def cashed_out(self, account: UUID, since: datetime) -> Iterable[CashedOut]: ...


@dataclass(slots=True)
class Book:
    """What the rules look at and write into."""

    head: Head = field(default_factory=Head)
    assets: dict[UUID, Asset] = field(default_factory=dict)
    accounts: dict[UUID, Account] = field(default_factory=dict)
    owned: dict[str, list[UUID]] = field(default_factory=dict)
    cards: dict[UUID, CardState] = field(default_factory=dict)
    wallets: set[str] = field(default_factory=set)
    past: dict[UUID, Transaction] = field(default_factory=dict)
    followers: dict[UUID, list[Receipt]] = field(default_factory=dict)
    cashed_out: dict[UUID, list[CashedOut]] = field(default_factory=dict)

    def put(self, account: Account) -> None:
        """Lay an account open, or its newer state."""
        if account.id not in self.accounts and account.place.kind == WALLET:
            self.owned.setdefault(account.place.owner, []).append(account.id)
        self.accounts[account.id] = account

    def follow(self, receipt: Receipt) -> None:
        """Remember what refers to an earlier transaction."""
        if receipt.refers is not None and receipt.verdict != "declined":
            self.followers.setdefault(receipt.refers, []).append(receipt)

    def accounts_of(self, wallet: str) -> list[Account]:
        """The wallet's accounts that were laid open."""
        return [self.accounts[account_id] for account_id in self.owned.get(wallet, ())]


def open_book(shelf: Shelf, requests: Sequence[AnyRequest]) -> Book:
    """Everything that these requests may need."""
    book = Book(head=shelf.head(), assets={asset.id: asset for asset in shelf.assets()})
    _open_past(book, shelf, requests)
    _open_holders(book, shelf, requests)
    ids = {place.account_id for place in _places(book, requests)} | set(_ids(book, requests))
    owners = set(_wallets_of(book, _holders(requests)))
    for account in shelf.accounts(list(ids), list(owners), list(set(_merging(requests)))):
        book.put(account)
    _open_cashed_out(book, shelf, requests)
    return book


def _open_past(book: Book, shelf: Shelf, requests: Sequence[AnyRequest]) -> None:
    refers = [one.refers for one in requests if hasattr(one, "refers")]
    ids = dict.fromkeys([*(one.id for one in requests), *refers])
    book.past = {link.receipt.id: link for link in shelf.past(list(ids))}
    for receipt in shelf.followers(list(dict.fromkeys(refers))) if refers else ():
        book.follow(receipt)


def _open_holders(book: Book, shelf: Shelf, requests: Sequence[AnyRequest]) -> None:
    cards = {holder.card for holder in _holders(requests) if holder.card is not None}
    book.cards = dict(shelf.cards(list(cards))) if cards else {}
    named = {wallet for request in requests for wallet in _named_wallets(request)}
    book.wallets = {str(wallet) for wallet in shelf.wallets(list(named))} if named else set()
    book.wallets |= {str(card.wallet) for card in book.cards.values()}


def _open_cashed_out(book: Book, shelf: Shelf, requests: Sequence[AnyRequest]) -> None:
    since: dict[UUID, datetime] = {}
    for request in requests:
        if isinstance(request, ask.Unload) and request.most is not None and request.since is not None:
            for wallet in _wallets_of(book, (request.of,)):
                account = Place(request.asset, WALLET, wallet).account_id
                since[account] = min(request.since, since.get(account, request.since))
    book.cashed_out = {account: list(shelf.cashed_out(account, start)) for account, start in since.items()}


def _holders(requests: Sequence[AnyRequest]) -> Iterator[Holder]:
    for request in requests:
        if isinstance(request, ask.Spend):
            yield from request.payers
        elif isinstance(request, ask.Load):
            yield request.to
        elif isinstance(request, ask.Unload):
            yield request.of


def _wallets_of(book: Book, holders: Iterable[Holder]) -> Iterator[str]:
    for holder in holders:
        if holder.card in book.cards:
            yield str(book.cards[holder.card].wallet)
        elif holder.wallet is not None:
            yield str(holder.wallet)


def _named_wallets(request: AnyRequest) -> Iterator[UUID]:
    if isinstance(request, ask.Merge):
        yield from (request.source, request.target)
    elif isinstance(request, ask.Opening):
        yield from (wallet for wallet, _ in request.balances)
    elif isinstance(request, ask.Load) and request.to.wallet is not None:
        yield request.to.wallet


def _merging(requests: Sequence[AnyRequest]) -> Iterator[str]:
    """Wallets whose empty accounts matter too: a merge must find the place of each lot."""
    for request in requests:
        if isinstance(request, ask.Merge):
            yield from (str(request.source), str(request.target))


def _places(book: Book, requests: Sequence[AnyRequest]) -> Iterator[Place]:
    for asset in book.assets:
        yield from (Place(asset, kind, MAIN) for kind in (ISSUANCE, SALES, EXPIRED))
    for request in requests:
        if isinstance(request, ask.Load):
            yield from (
                Place(request.asset, WALLET, wallet, request.lot)
                for wallet in _wallets_of(book, (request.to,))
            )
        elif isinstance(request, ask.Spend) and request.acceptor:
            yield from (Place(asset, NODE, request.acceptor) for asset in request.accepts or book.assets)
        elif isinstance(request, ask.Transfer):
            yield from (request.debit, request.credit)
        elif isinstance(request, ask.Opening):
            yield Place(request.asset, OPENING, request.name)
            yield from (Place(request.asset, WALLET, str(wallet)) for wallet, _ in request.balances)


def _ids(book: Book, requests: Sequence[AnyRequest]) -> Iterator[UUID]:
    """Accounts named by the entries of what is referred to, and by sweeps."""
    for link in book.past.values():
        for entry in link.receipt.entries:
            yield UUID(hex=entry.debit)
            yield UUID(hex=entry.credit)
    yield from (request.account for request in requests if isinstance(request, ask.Sweep))
