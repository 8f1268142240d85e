"""What tills say when they sell, and what they are told. Amounts are cents, quantities decimal text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from sales.journal.asking import Part
from sales.journal.shapes import Link, Means
from wallet.cards.reading import Tap

OutsideMeans = Literal["cash", "card_terminal", "cheque", "bank_transfer", "house"]
OFFICE: Final = "B"
"""The series of the back office; the codes of its operators begin with it, too."""
MEANS: tuple[Means, ...] = ("cash", "card_terminal", "cheque", "bank_transfer", "pass")


class Till(Struct, frozen=True, kw_only=True):
    """Who sells: a device with its series of numbers, and an operator by a code ("E3"), never a name."""

    device: UUID
    series: str
    operator: str
    is_training: bool = False


class Operation(Struct, frozen=True, kw_only=True):
    """What each operation of a till carries. `id` is the device's own; `count` its own gapless number.

    `at` is the till's clock with its offset. `content` is the hash of the bytes that the till sent;
    `signature` is the device's own over them, when it had no line.
    """

    id: UUID
    at: datetime
    point: UUID
    content: str
    count: int = 0
    is_offline: bool = False
    signature: str = ""


class ProductLine(Struct, frozen=True, kw_only=True):
    """Products. `unit_price` is asked for where the price is free, and believed of a till without a line."""

    product: UUID
    price: UUID
    quantity: str = "1"
    unit_price: int | None = None


class LoadLine(Struct, frozen=True, kw_only=True):
    """Money for a Pass ("top_up"), or vouchers ("gift"): sold by the room of money. Time or points: given.

    `amount` is in minor units of its currency.
    """

    kind: Literal["top_up", "gift", "give"]
    asset: UUID
    amount: int
    tap: Tap


class RefundLine(Struct, frozen=True, kw_only=True):
    """Money given back from a Pass."""

    asset: UUID
    amount: int
    tap: Tap


class TipLine(Struct, frozen=True, kw_only=True):
    """Something for the team: no turnover."""

    amount: int


AnyLine = ProductLine | LoadLine | RefundLine | TipLine


class Outside(Struct, frozen=True, kw_only=True):
    """Paid by a means that no ledger moves. Of cash, `given` was held out.

    "house": nobody pays, the house gives time or points.
    """

    means: OutsideMeans
    amount: int
    given: int = 0


class ByPass(Struct, frozen=True, kw_only=True):
    """Paid by a Pass; two Passes of this node may share an amount.

    `amounts`: exactly what each pays, in the order of `taps`; without them each pays all it can in turn.
    """

    amount: int
    taps: tuple[Tap, ...]
    amounts: tuple[int, ...] = ()


class Selling(Operation, frozen=True, kw_only=True):
    """A sale as the till asks for it. `total` is what its screen says: another sum is refused."""

    lines: tuple[AnyLine, ...]
    paid: tuple[Outside, ...] = ()
    by_pass: ByPass | None = None
    total: int = 0


class TakingBack(Operation, frozen=True, kw_only=True):
    """Take a sale back, with the reason that stands beside it; only `parts` of it, where they are named."""

    sale: UUID
    reason: str
    parts: tuple[Part, ...] = ()


class ChangingMeans(Operation, frozen=True, kw_only=True):
    """A sale was paid otherwise than was written."""

    sale: UUID
    paid: tuple[Outside, ...]
    reason: str


class MovingCash(Operation, frozen=True, kw_only=True):
    """Money into the drawer or out of it; "float": to give change."""

    way: Literal["in", "out", "float"]
    amount: int
    reason: str = ""


class Closing(Operation, frozen=True, kw_only=True):
    """End the day at one point of sale; `counted` is in the drawer, `left` stays in it."""

    counted: int | None = None
    left: int | None = None


class Left(Struct, frozen=True):
    """What remains of one currency on the Pass that paid, when this node keeps it."""

    asset: str
    amount: int


class Sold(Struct, frozen=True, kw_only=True):
    """A sale as it stands in the journal; `waits_for` names the node (its host) that has not answered yet."""

    link: Link | None
    left: Sequence[Left] = ()
    waits_for: str = ""
