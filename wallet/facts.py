"""What money tells the other rooms. Whoever listens writes in the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from wallet.ledger.shapes import Receipt


@dataclass(frozen=True)
class Posted:
    """A transaction was written: money, vouchers, time or points moved, or were set aside."""

    receipt: Receipt


@dataclass(frozen=True)
class CurrencyCreated:
    currency_id: UUID


@dataclass(frozen=True)
class CurrencyRenamed:
    currency_id: UUID


@dataclass(frozen=True)
class CurrencyArchived:
    currency_id: UUID


@dataclass(frozen=True)
class CardLinked:
    """A card opens the wallet of a person now."""

    card_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class CardMarked:
    """A card is active, lost, blocked or replaced now."""

    card_id: UUID
    state: str


@dataclass(frozen=True)
class BatchImported:
    batch_id: UUID
    cards: int
