"""What callers say when they want money moved. Amounts are minor units of the currency."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line


class TopUp(Struct, frozen=True, kw_only=True):
    """Add money, time or points to a wallet, or to the wallet that a card opens."""

    asset: UUID
    amount: int
    wallet: UUID | None = None
    card: UUID | None = None
    counter: int | None = None
    point: str = ""
    reason: str = ""


class Gift(Struct, frozen=True, kw_only=True):
    """Give vouchers; without `expires_at` they last as long as the currency or the collective says."""

    asset: UUID
    amount: int
    wallet: UUID | None = None
    card: UUID | None = None
    expires_at: datetime | None = None
    reason: str = ""


class Spending(Struct, frozen=True, kw_only=True):
    """Pay lines from one or two holders; with `until` only set the amount aside."""

    lines: tuple[Line, ...]
    payers: tuple[Holder, ...]
    unit: UUID | None = None
    accepts: frozenset[UUID] | None = None
    until: datetime | None = None
    point: str = ""


class Refunding(Struct, frozen=True, kw_only=True):
    """Give back a spend, whole or in part."""

    transfer: UUID
    amount: int | None = None
    reason: str = ""


class CashOut(Struct, frozen=True, kw_only=True):
    """Give money back in cash."""

    asset: UUID
    amount: int
    wallet: UUID | None = None
    card: UUID | None = None
    counter: int | None = None
    reason: str = ""


class Correction(Struct, frozen=True, kw_only=True):
    """Undo a movement by its opposite, with the reason that will stand beside it."""

    transfer: UUID
    reason: str
