"""What the ledger holds: currencies, accounts, entries, and the bytes of a transaction.

Amounts are whole minor units (cents, minutes, points) of one currency, at most 2^53 - 1 so that every JSON
reader keeps them exact. `balance` is what an account holds: what was credited minus what was debited.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from msgspec import Struct, json

Nature = Literal["money", "gift", "time", "loyalty", "free"]
Reach = Literal["network", "local", "issuer_only"]
Operation = Literal["transfer", "hold", "free"]
Verdict = Literal["posted", "held", "captured", "released", "declined"]

MOST: Final = 2**53 - 1
BOTTOMLESS: Final = -(2**62)
"""The floor of accounts that money comes out of: circulation is what they lack."""
GENESIS: Final = "0" * 64
"""What the first transaction follows."""
_ACCOUNTS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9a01")

WALLET: Final = "wallet"
ISSUANCE: Final = "issuance"
OPENING: Final = "opening"
SALES: Final = "sales"
EXPIRED: Final = "expired"
NODE: Final = "node"
"""What this node owes another one (`owner`: its origin) in a currency of this ledger."""
NOSTRO: Final = "bank"
"""What another node owes this one in a currency of its own ledger; "settled": what it has paid of it."""
RECEIVABLE: Final = "receivable"
LOSS: Final = "loss"
SOURCES: Final = frozenset({ISSUANCE, OPENING, NOSTRO, RECEIVABLE, LOSS})
KINDS: Final = (
    WALLET, ISSUANCE, OPENING, SALES, EXPIRED, NODE, NOSTRO, RECEIVABLE, LOSS,
    "melt", "disputed", "fees", "suspense",
)  # fmt: skip


class Asset(Struct, frozen=True):
    """A currency as the rules see it. `at_par`: a hundred of its units at scale 2 are one euro."""

    id: UUID
    code: str
    nature: Nature
    reach: Reach
    scale: int = 2
    at_par: bool = True
    archived: bool = False
    is_ours: bool = True


class Place(Struct, frozen=True):
    """Where value stands: one account of one currency. `owner` is a wallet's id, or a name such as "main".

    `lot` tells vouchers apart that were given together and end together, at `expires_at`.
    """

    asset: UUID
    kind: str
    owner: str
    lot: str = ""
    expires_at: datetime | None = None

    @property
    def account_id(self) -> UUID:
        """Always the same for the same place, so that two writers cannot open it twice."""
        return _account_id(self.asset, self.kind, self.owner, self.lot)

    @property
    def floor(self) -> int:
        """The lowest balance that the database lets the account have."""
        return BOTTOMLESS if self.kind in SOURCES else 0


@lru_cache(4096)
def _account_id(asset: UUID, kind: str, owner: str, lot: str) -> UUID:
    return uuid5(_ACCOUNTS, f"{asset.hex}/{kind}/{owner}/{lot}")


class Account(Struct):
    """An account and what it holds now. `touched` is the number of the last entry that moved it."""

    id: UUID
    place: Place
    floor: int
    debits: int = 0
    credits: int = 0
    held: int = 0
    touched: int = 0

    @property
    def balance(self) -> int:
        return self.credits - self.debits

    @property
    def free(self) -> int:
        """What can be taken now: neither held nor below the floor."""
        return self.balance - self.held - self.floor

    def has_expired(self, now: datetime) -> bool:
        return self.place.expires_at is not None and self.place.expires_at <= now


class Entry(Struct, frozen=True, array_like=True):
    """One step of a transaction: `transfer` moves, `hold` sets aside, `free` ends the hold `closes`.

    Accounts are 32 hexadecimal digits. The balances after it stand in it, so that a history needs no sum.
    """

    number: int
    op: Operation
    asset: str
    debit: str
    credit: str
    amount: int
    debit_after: int
    credit_after: int
    closes: int | None = None


class Line(Struct, frozen=True):
    """One line of what is paid for: its words on the receipt and its price."""

    label: str
    amount: int


class Memo(Struct, frozen=True, omit_defaults=True):
    """What people read beside a transaction. Nothing personal: `by` and `card` are ids."""

    place: str = ""
    point: str = ""
    by: str = ""
    card: str = ""
    reason: str = ""
    lines: tuple[Line, ...] = ()
    batch: str = ""


class Part(Struct, frozen=True, array_like=True):
    """What one account pays of one line, in minor units."""

    line: int
    entry: int
    amount: int


class Receipt(Struct, frozen=True, omit_defaults=True):
    """A transaction as it is written, hashed and answered: its exact bytes are kept for ever.

    `entries` are numbered from `first`. `why` and `missing` belong to what was declined.
    """

    id: UUID
    kind: str
    verdict: Verdict
    at: datetime
    request: str
    first: int
    entries: tuple[Entry, ...] = ()
    refers: UUID | None = None
    until: datetime | None = None
    why: str = ""
    missing: int = 0
    split: tuple[Part, ...] = ()
    memo: Memo = Memo()

    @property
    def amount(self) -> int:
        """What moved or was set aside."""
        return sum(entry.amount for entry in self.entries if entry.op != "free")


class Transaction(Struct, frozen=True):
    """A link of the chain: the receipt's exact bytes and what they are bound to."""

    seq: int
    prev: str
    hash: str
    body: bytes
    receipt: Receipt

    @property
    def entries_to(self) -> int:
        """The number of the last entry written when this transaction was."""
        return self.receipt.first + len(self.receipt.entries) - 1


def chained(seq: int, prev: str, receipt: Receipt) -> Transaction:
    """The link that follows the one whose hash is `prev`."""
    body = json.encode(receipt)
    return Transaction(seq, prev, link_hash(prev, body), body, receipt)


def link_hash(prev: str, body: bytes) -> str:
    """SHA-256 over the previous hash and the exact bytes, in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(prev) + body).hexdigest()


def content_hash(*said: Any) -> str:
    """What recognises a request: SHA-256 of what its caller said, as JSON."""
    return hashlib.sha256(json.encode(said, order="deterministic")).hexdigest()
