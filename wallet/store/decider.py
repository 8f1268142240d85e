"""The ledger's hot kind: `kit.db` hands it what waits, it opens a book, decides, and gives rows back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from kit.db import Decision
from wallet.facts import Posted
from wallet.ledger.book import Book, open_book
from wallet.ledger.decide import Conflict, decide
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Transaction
from wallet.refusals import IdConflict
from wallet.store.rows import rows_of
from wallet.store.shelf import SqlShelf

KIND: Final = "wallet.ledger"


class LedgerDecider:
    """Rules over every request that moves money. `here` is this node's address."""

    def __init__(self, here: str) -> None:
        self._here = here

    def load(self, connection: Connection, requests: Sequence[AnyRequest]) -> Book:
        """What the database holds about them; on PostgreSQL it is this process's turn until the commit."""
        return open_book(SqlShelf(connection, self._here), requests)

    def decide(self, state: Book, requests: Sequence[AnyRequest], now: datetime) -> Decision[Transaction]:
        """Rows of what is new, and for each request its transaction, or IdConflict."""
        written = decide(state, requests, now)
        return Decision(
            [IdConflict() if isinstance(one, Conflict) else one for one in written.answers],
            rows_of(written),
            facts=[Posted(link.receipt) for link in written.links if link.receipt.verdict != "declined"],
        )
