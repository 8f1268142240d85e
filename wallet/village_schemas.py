"""What a till asks for when a Pass of any node pays, and what it is told."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from wallet.cards.reading import Tap
from wallet.ledger.requests import Line


class VillageSpending(Struct, frozen=True, kw_only=True):
    """Lines to be paid by one tap, in minor units of euro. `sale`: the till's own hash of its sale."""

    tap: Tap
    lines: tuple[Line, ...]
    point: str = ""
    sale: str = ""

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


class Part(Struct, frozen=True):
    """What one ledger pays. `state` is that of the leg, or "held"/"taken"/"freed" for our own part."""

    issuer: str
    asset: str
    amount: int
    state: str
    id: UUID | None = None


class Told(Struct, frozen=True, kw_only=True):
    """A payment as a till sees it: `ok` for ever, `failed` for good, `waiting` otherwise."""

    id: UUID
    state: str
    amount: int
    parts: Sequence[Part]
    why: str = ""
    missing: int = 0
    left: int | None = None
    is_offline: bool = False
    refunded: int = 0
