"""What nodes say about a line that one of them contests: that it does, and what becomes of the amount."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from wallet.between.said import Amount, Message, Text

Winner = Literal["holder", "payer"]
"""Who gets what was contested: the node that holds the line, or whoever paid it."""


class Dispute(Message, frozen=True, kw_only=True, tag="dispute"):
    """The line of that number is not right: `amount` of it stands aside until both sign what becomes of it.

    `line`: SHA-256 of the line's bytes; `evidence`: that of what shows the reason, or nothing. Answered as a
    proposal of debts that fall is: `setoff.signed`, `setoff.refused`.
    """

    asset: Text
    epoch: Amount
    seq: Amount
    line: Text
    amount: Amount
    reason: Text = ""
    evidence: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class DisputeOver(Message, frozen=True, kw_only=True, tag="dispute.release"):
    """What stands aside for this dispute goes `to` one of both; with the other one's signature, it does."""

    dispute: UUID
    to: Winner
    reason: Text = ""
