"""What a node remembers of its money with other nodes: one structure for each row, in both stores."""

from functools import lru_cache
from typing import Final, Literal
from uuid import UUID, uuid5

from msgspec import Struct, structs

from wallet.between.messages import Edge, Line, Point

PaymentState = Literal["open", "commit", "undo", "offline", "ok", "failed"]
LegState = Literal[
    "intent", "held", "posted", "declined", "offline_due", "undoing", "captured", "cancelled", "reversed",
    "presented",
]  # fmt: skip
ClearingState = Literal["proposed", "waiting", "signed", "refused"]

GENESIS: Final = "0" * 64
PAID: Final = frozenset({"commit", "offline", "ok"})
"""States in which the till was told yes: that never changes again."""
FINAL: Final = frozenset({"ok", "failed"})
LEG_FINAL: Final = frozenset({"posted", "declined", "captured", "cancelled", "reversed", "presented"})
UNDONE: Final = frozenset({"declined", "cancelled", "reversed"})
_IDS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b01")


class Agreement(Struct, frozen=True, kw_only=True):
    """What one node lets another take of one asset, in minor units. The issuer enforces it.

    `currency`: the asset's id in both ledgers. `is_paused`: nothing new; what is under way goes on.
    """

    issuer: str
    acceptor: str
    asset: str
    currency: UUID
    epoch: int
    per_tap: int
    per_card_day: int
    per_minute: int
    node_max: int
    is_paused: bool = False


class Handle(Struct, frozen=True, kw_only=True):
    """The wallet that a pseudonym stands for, here. `home` says when its card is lost."""

    handle: str
    wallet: UUID
    home: str
    status: str = "active"


class Mirror(Struct, frozen=True, kw_only=True):
    """How far the lines of one (issuer, holder, asset) are known without a gap; both sides keep it.

    `seen`: the highest number heard of. `agreed`: the number up to which both have signed.
    """

    issuer: str
    holder: str
    asset: str
    currency: UUID
    epoch: int = 1
    seq: int = 0
    hash: str = GENESIS
    balance: int = 0
    seen: int = 0
    agreed: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        return self.issuer, self.holder, self.asset

    @property
    def point(self) -> Point:
        return Point(self.seq, self.hash, self.balance)

    def after(self, line: Line, line_hash: str) -> "Mirror":
        """The mirror once it goes up to `line`."""
        seen = max(self.seen, line.seq)
        return structs.replace(self, seq=line.seq, hash=line_hash, balance=line.balance, seen=seen)


class KeptLine(Struct, frozen=True):
    """A line as it was said: exact bytes, and their hash."""

    line: Line
    hash: str
    body: bytes

    @property
    def key(self) -> tuple[str, str, str, int, int]:
        line = self.line
        return line.issuer, line.holder, line.asset, line.epoch, line.seq


class KeptAnswer(Struct, frozen=True, kw_only=True):
    """The answer to one question about a charge, for ever: `id` is that of the ledger's transaction."""

    id: UUID
    peer: str
    verb: str
    asked: UUID
    req: str
    body: bytes


class Checkpoint(Struct, frozen=True, kw_only=True):
    """Both signed that the lines up to `point` are these: the exact items that each said."""

    issuer: str
    holder: str
    asset: str
    epoch: int
    point: Point
    at: int
    theirs: bytes
    ours: bytes


class Leg(Struct, frozen=True, kw_only=True):
    """One charge (or refund) at one issuer. `id` is the charge's; `ask` its exact bytes.

    `amount` is what was asked; `got` what the issuer has posted. `was_held` remembers the way it went.
    """

    id: UUID
    issuer: str
    asset: str
    currency: UUID
    handle: str
    amount: int
    ask: bytes
    card: str = ""
    epoch: int = 1
    state: LegState = "intent"
    got: int = 0
    was_held: bool = False
    grant: UUID | None = None
    why: str = ""
    left: int | None = None

    @property
    def is_final(self) -> bool:
        return self.state in LEG_FINAL


class Payment(Struct, frozen=True, kw_only=True):
    """What a till asked for. `kind`: sale, refund, or found (a line that nobody here knows of).

    `made`, `deadline`: milliseconds. `local`: the hold of this node's own part in its ledger.
    """

    id: UUID
    kind: Literal["sale", "refund", "found"]
    made: int
    deadline: int
    legs: tuple[Leg, ...]
    state: PaymentState = "open"
    local: UUID | None = None
    local_amount: int = 0
    taken: int = 0
    refers: UUID | None = None
    why: str = ""
    point: str = ""
    by: str = ""
    content: str = ""

    @property
    def is_paid(self) -> bool:
        return self.state in PAID

    @property
    def is_final(self) -> bool:
        return self.state in FINAL and all(leg.is_final for leg in self.legs)

    @property
    def amount(self) -> int:
        return self.local_amount + sum(leg.amount for leg in self.legs)


class GrantKept(Struct, frozen=True, kw_only=True):
    """A grant and what was accepted under it (acceptor: and is not presented yet; issuer: presented).

    `closed`: once its end was heard, the charges that the acceptor said it had accepted before.
    """

    id: UUID
    issuer: str
    acceptor: str
    asset: str
    per_tap: int
    per_card: int
    per_card_day: int
    node_max: int
    since: int
    until: int
    hotlist_age: int
    bearer: Literal["issuer", "acceptor"]
    revoked: bool = False
    used: int = 0
    closed: tuple[UUID, ...] | None = None


CALLED_OFF: Final = "aborted"
"""Why a proposal is not signed when whoever made it took it back."""


DISPUTED: Final = "disputed"
"""What the issuer set aside of what it owed (a kind of account), and what its holder lacks (an owner)."""


class Contested(Struct, frozen=True, kw_only=True):
    """Which line a dispute is about, by its number and hash; of a release, which dispute, and who gets it."""

    epoch: int
    seq: int
    line: str
    evidence: str = ""
    refers: UUID | None = None
    to: Literal["", "holder", "payer"] = ""


class Clearing(Struct, frozen=True, kw_only=True):
    """Debts that fall, a line that is contested, or how that ends, by both signatures.

    `hash` names the proposal's exact bytes `ask`; `reference`: of a bank transfer, or a reason in words.
    """

    id: UUID
    peer: str
    kind: Literal["setoff", "settlement", "dispute", "release"]
    edges: tuple[Edge, ...]
    state: ClearingState
    is_ours: bool
    hash: str
    ask: bytes
    made: int
    reference: str = ""
    why: str = ""
    holds: tuple[UUID, ...] = ()
    about: Contested | None = None

    @property
    def is_called_off(self) -> bool:
        """Whether we want our proposal back, and do not know yet whether it was signed before."""
        return self.is_ours and self.state == "proposed" and self.why == CALLED_OFF


class Alarm(Struct, frozen=True, kw_only=True):
    """Something that a person must look at: `what` by name, and the item that shows it."""

    what: str
    peer: str
    where: str
    item: bytes = b""


@lru_cache(4096)
def transaction_id(peer: str, verb: str, asked: UUID) -> UUID:
    """The ledger's own id for what a peer asked: two peers can never take each other's."""
    return uuid5(_IDS, f"{peer}\n{verb}\n{asked.hex}")


def line_ref(line: Line) -> UUID:
    """A name for one line, the same at both nodes."""
    return uuid5(_IDS, f"{line.issuer}\n{line.holder}\n{line.asset}\n{line.epoch}\n{line.seq}")
