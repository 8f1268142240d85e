"""What can happen at a desk, and what comes of it."""

from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct

from wallet.between.messages import AnyMessage
from wallet.between.proofs import Tapped
from wallet.between.shapes import Clearing, Payment
from wallet.ledger.requests import Holder, Spend

_IDS: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9b02")


class Hear(Struct, frozen=True, kw_only=True):
    """`peer` said `message`, in these exact bytes, under its signature.

    `holder`: the card of this house that a charge is about, with the counter that its tap proved; `tapped`:
    what the home of another house's card proved; `no`: why the card may not pay, found before the decision.
    """

    peer: str
    body: bytes
    message: AnyMessage
    holder: Holder | None = None
    tapped: Tapped | None = None
    no: str = ""


class Begin(Struct, frozen=True, kw_only=True):
    """A till asks for a payment; `local` sets aside the part that this node's own ledger pays.

    `no`: why nobody is asked, found before; it is written down, and stays the answer to this id.
    """

    payment: Payment
    local: Spend | None = None
    no: str = ""


class GiveUp(Struct, frozen=True, kw_only=True):
    """The till waits no longer: take it under a grant if there is one, else undo. It decides no money.

    `heard_at`: when the issuer last spoke, and so told of lost cards, in milliseconds; None: just now.
    """

    payment: UUID
    may_be_offline: bool = False
    heard_at: int | None = None


class Suggest(Struct, frozen=True, kw_only=True):
    """A person here wants debts to fall."""

    clearing: Clearing


class Confirm(Struct, frozen=True, kw_only=True):
    """A person here looked at what a peer says it paid."""

    clearing: UUID
    is_right: bool


class Withdraw(Struct, frozen=True, kw_only=True):
    """A person here wants a proposal of ours back; the peer is asked, since it may have signed already."""

    clearing: UUID


AnyEvent = Hear | Begin | GiveUp | Suggest | Confirm | Withdraw


class Outcome(Struct, frozen=True, kw_only=True):
    """`answers` go back to who spoke; `payments` and `clearings` changed; `why`: nothing did.

    `rows`: the payments as they are now. `to`: whom the answers are for when a person here gave them.
    """

    answers: tuple[bytes, ...] = ()
    to: str = ""
    payments: tuple[UUID, ...] = ()
    clearings: tuple[UUID, ...] = ()
    why: str = ""
    missing: int = 0
    rows: tuple[Payment, ...] = ()


def follow_up(request: UUID, verb: str) -> UUID:
    """The ledger's id for what comes after one of our own requests."""
    return uuid5(_IDS, f"{verb}\n{request.hex}")
