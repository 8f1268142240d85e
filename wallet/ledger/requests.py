"""What may be asked of the ledger. Each request has an id made by its caller and the hash of what he said.

The same id with the same content always gets the same answer; with another content it is a conflict. Whoever
pays or receives is named by a wallet, or by a card, which must be in use at that very moment.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from wallet.ledger.shapes import Line, Memo, Place

EURO: Final = None
"""The unit of prices in euro, paid with any money at par."""


class Holder(Struct, frozen=True):
    """A wallet, or the card that opens it. `counter` is the proven read counter of an NTAG 424 DNA tap."""

    wallet: UUID | None = None
    card: UUID | None = None
    counter: int | None = None


class Request(Struct, frozen=True, kw_only=True):
    """What every request carries. `kind` is the word of its history ("top_up", "gift", "spend", …)."""

    id: UUID
    content: str
    kind: str
    memo: Memo = Memo()


class Load(Request, frozen=True, kw_only=True):
    """Bring `amount` of a currency into a wallet: `top_up` for money, time and points, `gift` for vouchers.

    `limit` is the most for one load, `most` what one wallet may hold of the currency afterwards.
    """

    asset: UUID
    to: Holder
    amount: int
    lot: str = ""
    expires_at: datetime | None = None
    limit: int | None = None
    most: int | None = None


class Unload(Request, frozen=True, kw_only=True):
    """Give money back in cash (`cash_out`): never vouchers, time or points.

    `limit` is the most at once; `most` what may leave this wallet since `since`, this amount included.
    """

    kind: str = "cash_out"
    asset: UUID
    of: Holder
    amount: int
    limit: int | None = None
    most: int | None = None
    since: datetime | None = None


class Spend(Request, frozen=True, kw_only=True):
    """Pay lines, all or nothing, from one or two holders, each giving what it can in turn, or its own amount.

    `unit` None: prices in euro, paid by vouchers, then local money, then other money at par, then the
    network's. A currency as `unit`: prices in time or points, paid by that alone. `accepts` narrows the
    currencies. With `until`, at most thirty days ahead, the amount is only set aside until then. `acceptor`:
    the node (its origin) that is paid instead of this one; vouchers of this house are not for it. `amounts`:
    exactly what each of the payers gives, in their order; together they are the lines.
    """

    kind: str = "spend"
    payers: tuple[Holder, ...]
    lines: tuple[Line, ...]
    unit: UUID | None = EURO
    accepts: frozenset[UUID] | None = None
    until: datetime | None = None
    acceptor: str = ""
    amounts: tuple[int, ...] = ()


class Capture(Request, frozen=True, kw_only=True):
    """Take what transaction `refers` set aside, or the part `amount` of it; the rest is free again."""

    kind: str = "capture"
    refers: UUID
    amount: int | None = None


class Release(Request, frozen=True, kw_only=True):
    """Free what transaction `refers` set aside."""

    kind: str = "release"
    refers: UUID


class Refund(Request, frozen=True, kw_only=True):
    """Give back a spend, or the part `amount` of it, to the balances it came from, the last one first.

    `accepts` narrows the currencies that are given back.
    """

    kind: str = "refund"
    refers: UUID
    amount: int | None = None
    accepts: frozenset[UUID] | None = None


class Reverse(Request, frozen=True, kw_only=True):
    """Correct transaction `refers` by its exact opposite."""

    kind: str = "correction"
    refers: UUID


class Cancel(Request, frozen=True, kw_only=True):
    """Undo transaction `refers` in whatever state it is, or forbid its id when it never came."""

    kind: str = "cancel"
    refers: UUID


class Transfer(Request, frozen=True, kw_only=True):
    """Move between two places of the house, or set aside with `is_hold`; never from or to a wallet."""

    debit: Place
    credit: Place
    amount: int
    is_hold: bool = False


class Decline(Request, frozen=True, kw_only=True):
    """Write down a no that was found before these rules: for ever the answer to this id."""

    why: str


class Merge(Request, frozen=True, kw_only=True):
    """Move everything of wallet `source`, lot by lot, into wallet `target`."""

    kind: str = "merge"
    source: UUID
    target: UUID


class Opening(Request, frozen=True, kw_only=True):
    """Bring balances that existed before, in one transaction, from an account that bears a name."""

    kind: str = "opening"
    asset: UUID
    name: str
    balances: tuple[tuple[UUID, int], ...]


class Sweep(Request, frozen=True, kw_only=True):
    """Move what is left of an expired lot out of its wallet."""

    kind: str = "expire"
    account: UUID


AnyRequest = (
    Load | Unload | Spend | Capture | Release | Refund | Reverse | Cancel | Transfer | Decline | Merge
    | Opening | Sweep
)  # fmt: skip

__all__ = [
    "EURO", "AnyRequest", "Cancel", "Capture", "Decline", "Holder", "Line", "Load", "Memo", "Merge",
    "Opening", "Place", "Refund", "Release", "Request", "Reverse", "Spend", "Sweep", "Transfer", "Unload",
]  # fmt: skip
