"""How long nodes wait for each other about money: all numbers of the protocol in one place (ledger.md §3.3).

A node shows them in its actor document, so that peers and people can compare. All are milliseconds.
"""

from collections.abc import Mapping
from typing import Final

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

CONNECT: Final = 300
"""To look up a name, and as much again to connect."""
HEDGE: Final = 400
"""Without an answer so long, the same bytes are sent again on another connection."""
TILL: Final = 1_500
"""A till waits so long; without an answer by then, the peer missed once."""
COMPLETER_FIRST: Final = 500
"""Before a row that is not final is driven again; doubled each time, up to the longest."""
COMPLETER_LONGEST: Final = MINUTE
EXPIRY: Final = 10 * MINUTE
"""An issuer declines a charge that is older and that it never heard of."""
HOLD: Final = 24 * HOUR
CANCEL_WINDOW: Final = 24 * HOUR
HEARTBEAT: Final = 10 * SECOND
ACK: Final = HOUR
"""Two nodes sign how far they agree at least so often."""
CLOCK: Final = 24 * HOUR
"""By which the date of an envelope may differ from ours."""
DISPUTE: Final = 30 * 24 * HOUR
"""A line that is older is not contested any more."""

PUBLISHED: Final[Mapping[str, int]] = {
    "connect": CONNECT,
    "hedge": HEDGE,
    "till": TILL,
    "completerFirst": COMPLETER_FIRST,
    "completerLongest": COMPLETER_LONGEST,
    "expiry": EXPIRY,
    "hold": HOLD,
    "cancelWindow": CANCEL_WINDOW,
    "heartbeat": HEARTBEAT,
    "ack": ACK,
    "clock": CLOCK,
    "dispute": DISPUTE,
}
