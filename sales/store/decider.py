"""The journal's hot kind: what waits is decided together with the ledger, in one commit."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kit.db import Decision
from sales.facts import Written as WrittenDown
from sales.journal.asking import AnyAsk
from sales.journal.book import Book, Written
from sales.journal.decide import decide
from sales.journal.remaining import with_remains
from sales.journal.shapes import Key, Link
from sales.refusals import refusal_of
from sales.store.rows import rows_of
from sales.store.shelf import open_journal
from wallet.facts import Posted
from wallet.store.shelf import take_turn

KIND: Final = "sales.journal"


class JournalDecider:
    """The rules over everything that is written down. `here` is this node's address."""

    def __init__(self, key: Key, here: str) -> None:
        self.key = key
        self.here = here

    def load(self, connection: Connection, asks: Sequence[AnyAsk]) -> Book:
        """On PostgreSQL it is this process's turn until the commit: one chain, whoever sells."""
        take_turn(connection)
        return open_journal(connection, self.key, self.here, asks)

    def decide(self, state: Book, asks: Sequence[AnyAsk], now: datetime) -> Decision[Link]:
        """Rows of what is new, and for each request its link or the refusal."""
        written = Written()
        answers = decide(state, asks, now, written)
        outcomes: list[Link | Exception] = [
            with_remains(state, ask, one) if isinstance(one, Link) else refusal_of(one)
            for ask, one in zip(asks, answers, strict=True)
        ]
        return Decision(outcomes, rows_of(state, written), facts=list(_facts(written)))


def _facts(written: Written) -> Iterator[object]:
    for link in written.money.links:
        if link.receipt.verdict != "declined":
            yield Posted(link.receipt)
    for entry in written.links:
        yield WrittenDown(entry.entry)
