"""The hot kind of money between nodes: one desk for everything that waits, one commit."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from kit.db import Decision
from wallet.between.decide import decide
from wallet.between.desk import Changes, Desk
from wallet.between.envelope import Said
from wallet.between.events import AnyEvent, Outcome
from wallet.between.opening import open_desk
from wallet.facts import Posted
from wallet.store.shelf import take_turn
from wallet.village_store.drawers import SqlDrawers
from wallet.village_store.evidence import evidence_of
from wallet.village_store.rows import rows_of

KIND: Final = "wallet.village"


class Batch(Struct, frozen=True, kw_only=True):
    """What happened together. `said`: the envelope that its events were heard in, kept as evidence."""

    events: tuple[AnyEvent, ...]
    said: Said | None = None


class VillageDecider:
    """The rules between nodes over every batch. `me` is this node's origin."""

    def __init__(self, me: str) -> None:
        self._me = me

    def load(self, connection: Connection, batches: Sequence[Batch]) -> SqlDrawers:
        """On PostgreSQL it is this process's turn until the commit: what is read, nobody else changes."""
        take_turn(connection)
        return SqlDrawers(connection, self._me)

    def decide(self, state: SqlDrawers, batches: Sequence[Batch], now: datetime) -> Decision[list[Outcome]]:
        """Rows of what changed, and for each batch the outcomes of its events. The desk reads as it goes."""
        desk = open_desk(state, self._me, [event for batch in batches for event in batch.events], now)
        whole, outcomes, proven = Changes(), [], []
        for batch in batches:
            outcomes.append(_decided(desk, batch))
            if batch.said is not None and not desk.changes.is_empty:
                proven.append((batch.said, batch.events))
            whole.add(desk.changes)
        if whole.alarms:
            state.find_alarms([one.peer for one in whole.alarms])
        rows = [*rows_of(whole, state.found, now), *evidence_of(proven)]
        return Decision(outcomes, rows, facts=list(_posted(whole)))


def _decided(desk: Desk, batch: Batch) -> list[Outcome]:
    """The desk notes anew what this batch changes."""
    desk.changes = Changes()
    return decide(desk, batch.events)


def _posted(changes: Changes) -> Iterator[Posted]:
    for link in changes.ledger.links:
        if link.receipt.verdict != "declined":
            yield Posted(link.receipt)
