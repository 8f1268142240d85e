"""What the journal holds: entries, their exact bytes, and the keyed signature that binds each to the last.

Amounts are cents of euro (of a sale in time or points, minor units of that currency), rates basis points,
quantities decimal text. Nothing personal: an operator is a
code, a card nothing at all. Sources: article 286, I-3 bis of the French tax code; BOI-TVA-DECLA-30-10-30.
"""

import hashlib
import hmac
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct, json

Chain = Literal["real", "training"]
Kind = Literal["sale", "credit_note", "means", "cash", "closing", "event"]
Sort = Literal["product", "deposit", "top_up", "gift", "card_refund", "tip", "unit", "give"]
Means = Literal["cash", "card_terminal", "cheque", "bank_transfer", "pass", "house"]
Level = Literal["day", "month", "year"]

GENESIS: Final = "0" * 64
"""What the first entry of a chain follows."""
MOST_CENTS: Final = 100_000_000
"""A million euros: no amount of one sale is larger."""
NOWHERE: Final = UUID(int=0)
"""Where a closing of a month stands: at every point of sale."""


class Stamp(Struct, frozen=True, kw_only=True):
    """Which till did it, when by its own clock, and who held it.

    `count` is the device's own number of the operation. `signature` is the device's, over the bytes it sent
    (ECDSA P-256), when it sold without a line to its node.
    """

    device: UUID
    series: str
    point: UUID
    point_name: str
    operator: str
    at: datetime
    count: int = 0
    is_offline: bool = False
    signature: str = ""


class Unit(Struct, frozen=True, kw_only=True):
    """A currency that is no money: hours, points. `name`, `symbol` and `scale` as they were that day."""

    code: str
    name: str
    symbol: str
    scale: int


class Line(Struct, frozen=True, kw_only=True):
    """One line of a sale. `unit_price` and `gross` include the tax; `offered` is what vouchers paid of it.

    A product sold for time or points has the sort "unit", time or points given to a Pass the sort "give".
    `net` and `vat` are those of what was really paid: `gross - offered`. `transfer`: what the ledger moved
    because of this line (a top-up, a voucher).
    """

    sort: Sort
    label: str
    quantity: str
    unit_price: int
    rate: int
    gross: int
    net: int
    vat: int
    offered: int = 0
    product: str = ""
    category: str = ""
    transfer: str = ""


class Payment(Struct, frozen=True, kw_only=True):
    """One means. `asset` is the currency's code and `name` its words when a Pass paid; `host` who keeps it.

    The means "house": time or points that the house gave.

    `amount` is what stays, in cents; of cash, `given` was held out. `transfer`: the ledger's movement.
    `is_offered`: vouchers of the house, which are no turnover.
    """

    means: Means
    amount: int
    given: int = 0
    asset: str = ""
    name: str = ""
    host: str = ""
    transfer: str = ""
    is_offered: bool = False


class Sale(Struct, frozen=True, kw_only=True):
    """What was sold and how it was paid; a credit note is the opposite, and names the sale it takes back.

    With `unit`, all of it is in that currency: every amount is in its minor units, and no money moves.
    """

    number: int
    regime: str
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]
    total: int
    reason: str = ""
    unit: Unit | None = None


class MeansChange(Struct, frozen=True, kw_only=True):
    """A sale was not paid in the way that was written: `before` counts no more, `after` does."""

    before: tuple[Payment, ...]
    after: tuple[Payment, ...]
    reason: str


class CashMove(Struct, frozen=True, kw_only=True):
    """Money put into the drawer or taken out of it, in cents; `float`: put in to give change."""

    way: Literal["in", "out", "float"]
    amount: int
    reason: str


class Event(Struct, frozen=True, kw_only=True):
    """What an inspector may ask about: a price changed, a device paired, a receipt printed again."""

    what: str
    about: str
    by: str
    before: str = ""
    after: str = ""


class Drawer(Struct, frozen=True, kw_only=True):
    """Cash, in cents: `expected` by what was written, `counted` by a person, `left` for the next period."""

    opening: int
    floats: int
    came: int
    went: int
    expected: int
    counted: int | None
    left: int

    @property
    def difference(self) -> int | None:
        """What is too much (or too little, below zero); None when nobody counted."""
        return None if self.counted is None else self.counted - self.expected


class Sum(Struct, frozen=True, kw_only=True):
    """One row of a closing: how often and how much, in cents."""

    key: str
    label: str
    count: int
    amount: int
    net: int = 0
    vat: int = 0


class UnitSum(Struct, frozen=True, kw_only=True):
    """One currency of time or points: what was sold for it, taken back, and given to Passes, in minor units.

    `sales` and `credit_notes` count those of this currency alone; `taken_back` is below zero.
    """

    unit: Unit
    sales: int
    credit_notes: int
    sold: int
    taken_back: int
    given: int
    by_product: tuple[Sum, ...]

    @property
    def amount(self) -> int:
        """What was paid for products and not given back."""
        return self.sold + self.taken_back


class Totals(Struct, frozen=True, kw_only=True):
    """Everything that a closing adds up, in cents. `turnover` includes the tax.

    What is no turnover stands apart in `outside`: top-ups, refunds of cards, deposits, vouchers sold, tips;
    `offered` is what vouchers of the house paid of sales. Time and points are in `units` and nowhere else.
    """

    sales: int = 0
    credit_notes: int = 0
    sold: int = 0
    taken_back: int = 0
    offered: int = 0
    turnover: int = 0
    net: int = 0
    vat: int = 0
    by_means: tuple[Sum, ...] = ()
    by_rate: tuple[Sum, ...] = ()
    by_category: tuple[Sum, ...] = ()
    by_product: tuple[Sum, ...] = ()
    by_operator: tuple[Sum, ...] = ()
    by_point: tuple[Sum, ...] = ()
    outside: tuple[Sum, ...] = ()
    cash: int = 0
    floats: int = 0
    cash_in: int = 0
    cash_out: int = 0
    units: tuple[UnitSum, ...] = ()


class Closing(Struct, frozen=True, kw_only=True):
    """The end of a period: entries `first` to `last` of one point of sale, or closings of a month or year.

    `opened` is when its first entry was written. `perpetual`: turnover of the whole chain since it began,
    and `year_to_date` of the year. `follows` is the signature of the closing before it at the same level.
    """

    level: Level
    number: int
    point: UUID
    point_name: str
    day: date
    first: int
    last: int
    opened: datetime
    totals: Totals
    drawer: Drawer | None
    perpetual: int
    year_to_date: int
    operator: str
    is_automatic: bool
    follows: str = ""


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One link of a chain. Exactly one of the last five says what happened.

    `at` is the node's clock. `day` is the business day. `is_late`: its day was closed already, it counts in
    the open one. `key` is the fingerprint of the key that signs. `parts`, of a credit note that does not
    take back a whole sale: which line of the sale each of its lines takes back, counted from 0.
    `is_off_list`: sold without a line to the node, it names a product that its point of sale did
    not have on its list.
    """

    chain: Chain
    seq: int
    prev: str
    id: UUID
    kind: Kind
    at: datetime
    day: date
    content: str
    key: str
    stamp: Stamp | None = None
    refers: UUID | None = None
    parts: tuple[int, ...] = ()
    is_late: bool = False
    has_odd_clock: bool = False
    is_off_list: bool = False
    sale: Sale | None = None
    means: MeansChange | None = None
    cash: CashMove | None = None
    closing: Closing | None = None
    event: Event | None = None


class Link(Struct, frozen=True):
    """An entry, its exact bytes and their signature."""

    entry: Entry
    body: bytes
    mac: str


class Key:
    """The secret that signs a chain; it never stands in the database."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.fingerprint: str = hashlib.sha256(b"hameau journal key\n" + secret).hexdigest()[:16]

    def sign(self, prev: str, body: bytes) -> str:
        """HMAC-SHA-256 (RFC 2104) over the last signature and the exact bytes, in hexadecimal."""
        return hmac.digest(self._secret, bytes.fromhex(prev) + body, hashlib.sha256).hex()

    def seal_head(self, chain: str, seq: int, mac: str) -> str:
        """What proves that a chain was once this long."""
        said = f"head\n{chain}\n{seq}\n{mac}".encode()
        return hmac.digest(self._secret, said, hashlib.sha256).hex()


def linked(entry: Entry, key: Key) -> Link:
    """The entry as it will be kept."""
    body = json.encode(entry)
    return Link(entry, body, key.sign(entry.prev, body))


READER: Final = json.Decoder(Entry)


def read_entry(body: bytes) -> Entry:
    """The entry that these bytes are. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return READER.decode(body)
