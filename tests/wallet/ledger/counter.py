"""The counter of a café in memory: people are called by name, and every answer is its verdict or its word."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from wallet.ledger.book import CardState, open_book
from wallet.ledger.decide import Conflict, decide
from wallet.ledger.memory import MemoryStore
from wallet.ledger.requests import AnyRequest, Holder, Line, Load, Spend
from wallet.ledger.shapes import Account, Asset, Place, Receipt, Transaction, content_hash

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)


def named(name: str) -> UUID:
    return uuid5(UUID(int=5), name)


LOCAL = Asset(named("local"), "local", "money", "local")
OTHER = Asset(named("other"), "autre", "money", "local")
NETWORK = Asset(named("network"), "reseau", "money", "network")
GIFT = Asset(named("gift"), "bons", "gift", "local")
HOURS = Asset(named("hours"), "heures", "time", "issuer_only")
POINTS = Asset(named("points"), "points", "loyalty", "issuer_only", scale=0)
FOREIGN = Asset(named("foreign"), "voisins", "money", "local", is_ours=False)


@dataclass
class Counter:
    """Camille and Léo have wallets; every request is its own batch unless given together."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = NOON

    def __post_init__(self) -> None:
        for asset in (LOCAL, OTHER, NETWORK, GIFT, HOURS, POINTS, FOREIGN):
            self.store.currencies[asset.id] = asset
        self.store.people |= {named("Camille"), named("Léo")}

    def ask(self, *requests: AnyRequest) -> list[Transaction | Conflict]:
        written = decide(open_book(self.store, requests), requests, self.now)
        self.store.keep(written)
        return written.answers

    def told(self, request: AnyRequest) -> Receipt:
        (answer,) = self.ask(request)
        assert isinstance(answer, Transaction)
        return answer.receipt

    def say(self, form: type[AnyRequest], **said: Any) -> str:
        """The verdict, or why not."""
        receipt = self.told(make(form, **said))
        return receipt.why or receipt.verdict

    def give(self, name: str, amount: int, asset: Asset = LOCAL, **more: Any) -> str:
        kind = "gift" if asset is GIFT else "top_up"
        return self.say(Load, kind=kind, asset=asset.id, to=by(name), amount=amount, **more)

    def voucher(self, name: str, amount: int, lot: str, days: int) -> str:
        return self.give(name, amount, GIFT, lot=lot, expires_at=self.now + timedelta(days=days))

    def pay(self, name: str, *prices: int, **more: Any) -> Receipt:
        return self.told(bill(by(name), *prices, **more))

    def card(self, name: str, card: str, proves: bool = False) -> None:
        self.store.passes[named(card)] = CardState(named(name), proves=proves)

    def has(self, name: str, asset: Asset = LOCAL, lot: str = "") -> int:
        return self.account(name, asset, lot).balance

    def account(self, name: str, asset: Asset = LOCAL, lot: str = "") -> Account:
        place = Place(asset.id, "wallet", str(named(name)), lot)
        return self.store.held.get(place.account_id, Account(place.account_id, place, 0))

    def days_later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def archive(self, asset: Asset) -> None:
        self.store.currencies[asset.id] = msgspec.structs.replace(asset, archived=True)


def make(form: type[AnyRequest], **said: Any) -> AnyRequest:
    said.setdefault("id", uuid4())
    return form(content=content_hash(form.__name__, repr(said)), **said)


def by(name: str) -> Holder:
    return Holder(wallet=named(name))


def tap(card: str, counter: int | None = None) -> Holder:
    return Holder(card=named(card), counter=counter)


def bill(payer: Holder, *prices: int, **more: Any) -> AnyRequest:
    lines = tuple(Line(f"article {number}", price) for number, price in enumerate(prices))
    return make(Spend, **{"payers": (payer,), "lines": lines, **more})
