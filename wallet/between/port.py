"""The port by which flows reach other nodes about money; the engine of a running node stands behind it."""

from typing import Protocol
from uuid import UUID

from wallet.between.events import AnyEvent, Begin, Outcome
from wallet.between.messages import AnyMessage, Message
from wallet.between.shapes import Payment


class Village(Protocol):
    """What a till's flow may ask. Everything that must happen is a row; waiting here decides nothing."""

    async def begin(self, event: Begin) -> Outcome:
        """Write the payment down, say what it asks, and wait until the till may be answered.

        Raises Busy when nothing can be written.
        """
        ...

    async def tell(self, event: AnyEvent) -> Outcome:
        """Decide something that a person here did, and say what comes of it."""
        ...

    async def ask(self, peer: str, message: Message, ms: int) -> AnyMessage | None:
        """The answer to a question that moves no money; None when none came in so many milliseconds."""
        ...

    def reachable(self, peer: str) -> bool:
        """Whether `peer` answered lately."""
        ...

    async def payment(self, payment: UUID) -> Payment | None:
        """A payment as it is now."""
        ...
