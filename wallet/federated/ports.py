"""What the doors and lanes of money between nodes ask of whoever decides."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from kit.app import App
from kit.errors import Busy
from kit.ports import PortMissing
from wallet.between.envelope import Evidence, Said

SOON = 5
"""Seconds after which a peer may ask again while nobody decides here."""


class VillageEngine(Protocol):
    """Hears what peers say about money. Given with `app.ports.give(VillageEngine, …)`."""

    async def hear(self, said: Said) -> Sequence[bytes]:
        """Answers for the peer that spoke, written down already. May raise a Refusal: then nothing was."""
        ...

    async def evidence(self, peer: str, item: UUID) -> Evidence | None:
        """The proof of one item, by its id, when it concerns `peer` (an origin)."""
        ...


def engine_of(app: App) -> VillageEngine:
    """The engine of a running node. Raises Busy while there is none."""
    try:
        return app.ports.take(VillageEngine)  # type: ignore[type-abstract]
    except PortMissing:
        raise Busy(cause="nobody decides about money between nodes yet", retry_after=SOON) from None
