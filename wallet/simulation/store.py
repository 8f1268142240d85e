"""The store of a simulated node: the twin in memory, which also shows what each commit changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from wallet.between.desk import Changes
from wallet.between.events import AnyEvent, Outcome
from wallet.between.memory import MemoryDrawers
from wallet.ledger.book import open_book
from wallet.ledger.decide import decide
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Transaction


class Asked(Struct, frozen=True):
    """What a store was asked, to ask another store the same."""

    what: Literal["events", "requests", "row"]
    rows: tuple[object, ...]
    now: datetime | None = None


class Drawers(MemoryDrawers):
    """`changes` are those since they were taken; `asked` is everything, when it is `kept`."""

    def __init__(self, me: str, *, is_recorded: bool = False) -> None:
        super().__init__(me)
        self.changes: list[Changes] = []
        self.asked: list[Asked] | None = [] if is_recorded else None

    def submit(self, events: Sequence[AnyEvent], now: datetime) -> list[Outcome]:
        if self.asked is not None:
            self.asked.append(Asked("events", tuple(events), now))
        return super().submit(events, now)

    def ask(self, requests: Sequence[AnyRequest], now: datetime) -> list[Transaction | None]:
        """Have the ledger alone decide; None for an id that said something else before."""
        if self.asked is not None:
            self.asked.append(Asked("requests", tuple(requests), now))
        written = decide(open_book(self.ledger, requests), requests, now)
        self.ledger.keep(written)
        self.changes.append(Changes(ledger=written))
        return [one if isinstance(one, Transaction) else None for one in written.answers]

    def keep(self, changes: Changes) -> None:
        super().keep(changes)
        self.changes.append(changes)

    def take_changes(self) -> list[Changes]:
        """What was kept since the last time."""
        taken, self.changes = self.changes, []
        return taken
