"""What may be asked of the journal. The same id with the same content always gets the same answer."""

from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from sales.journal.shapes import Chain, Line, Payment, Stamp, Unit
from wallet.ledger.requests import Spend

EARLIEST: Final = timedelta(days=31)
LATEST: Final = timedelta(minutes=5)
"""A till whose clock is further off than that is not believed: the node's clock says the day."""


class Calendar(Struct, frozen=True):
    """When a business day ends: at `pivot` o'clock of the night, in the time of `zone` (IANA name)."""

    zone: str = "Europe/Paris"
    pivot: int = 4

    def day(self, moment: datetime) -> date:
        """The business day of a moment: two in the morning belongs to the day before."""
        return (moment.astimezone(ZoneInfo(self.zone)) - timedelta(hours=self.pivot)).date()


class Ask(Struct, frozen=True, kw_only=True):
    """What every request carries. `content` is the hash of what the caller said."""

    id: UUID
    content: str
    chain: Chain = "real"
    calendar: Calendar = Calendar()


class ByTill(Ask, frozen=True, kw_only=True):
    """A request that came from a till."""

    stamp: Stamp


class Sell(ByTill, frozen=True, kw_only=True):
    """Write a sale down, and move in the same commit what it moves in the ledger.

    `total` is what the till's screen says. `payments` are those outside this ledger; `spend` is what Passes
    pay of it. `names` are the words of currencies by their id and by their code, for the receipt.
    `is_off_list`: a till without a line sold what its point of sale does not have on its list. With `unit`,
    all of it is in that currency of time or points.
    """

    regime: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...] = ()
    total: int = 0
    spend: Spend | None = None
    names: tuple[tuple[str, str], ...] = ()
    is_off_list: bool = False
    unit: Unit | None = None


class Part(Struct, frozen=True):
    """So much of one line of a sale: its place, counted from 0, and a quantity above zero."""

    line: int
    quantity: str


class TakeBack(ByTill, frozen=True, kw_only=True):
    """Write the opposite of sale `refers`, or of `parts` of it, and give back what that moved.

    `is_given_back`: what other nodes paid of it was given back there.
    """

    refers: UUID
    reason: str
    is_given_back: bool = False
    parts: tuple[Part, ...] = ()


class ChangeMeans(ByTill, frozen=True, kw_only=True):
    """Sale `refers` was paid by other means than was written; never what a Pass paid, never a closed sale."""

    refers: UUID
    payments: tuple[Payment, ...]
    reason: str


class MoveCash(ByTill, frozen=True, kw_only=True):
    """Money goes into the drawer, or out of it."""

    way: Literal["in", "out", "float"]
    amount: int
    reason: str


class Close(ByTill, frozen=True, kw_only=True):
    """End the open period of one point of sale. `counted` is in the drawer, `left` stays for the next."""

    counted: int | None = None
    left: int | None = None


class Happened(Ask, frozen=True, kw_only=True):
    """Note a sensitive operation."""

    what: str
    about: str
    by: str
    before: str = ""
    after: str = ""


AnyAsk = Sell | TakeBack | ChangeMeans | MoveCash | Close | Happened


def business_day(ask: AnyAsk, now: datetime) -> tuple[date, bool]:
    """The day that an operation belongs to, and whether its till's clock could not be believed."""
    if isinstance(ask, Happened):
        return ask.calendar.day(now), False
    at = ask.stamp.at
    is_odd = not now - EARLIEST <= at <= now + LATEST
    return ask.calendar.day(now if is_odd else at), is_odd
