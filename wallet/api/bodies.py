"""What programs send. A field that nobody knows is refused; amounts are whole minor units below 2^53."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from wallet.ledger.shapes import MOST
from wallet.service.currency_rules import LONGEST_GIFT, CurrencyValues

Amount = Annotated[int, Meta(ge=1, le=MOST)]
Price = Annotated[int, Meta(ge=0, le=MOST)]
Words = Annotated[str, Meta(max_length=200)]
Read = Annotated[str, Meta(max_length=500)]


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing but the fields that are named."""


class AssetFields(CurrencyValues, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new currency."""


class AssetPatch(Body, frozen=True, kw_only=True):
    """Some words of a currency, or whether it is archived; fields that are left out stay as they are."""

    name: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    symbol: Annotated[str, Meta(max_length=8)] | UnsetType = UNSET
    icon: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    where_spent: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    gift_days: Annotated[int, Meta(ge=1, le=LONGEST_GIFT)] | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


class TapFields(Body, frozen=True, kw_only=True):
    """What a reader or a person has of a card; one of them is enough.

    `text` is anything of the others, as it was read or typed; `picc_data` and `cmac` are the message of an
    NTAG 424 DNA, in hexadecimal digits.
    """

    uid: Read = ""
    number: Read = ""
    code: Read = ""
    text: Read = ""
    picc_data: Read = ""
    cmac: Read = ""


class Party(Body, frozen=True, kw_only=True):
    """Who pays or receives: a wallet, a card, or a tap of a card."""

    wallet: UUID | None = None
    card: UUID | None = None
    tap: TapFields | None = None


class AmountFields(Party, frozen=True, kw_only=True):
    """So much of a currency, for or from someone."""

    amount: Amount
    asset: UUID
    reason: Words = ""


class TopUpFields(AmountFields, frozen=True, kw_only=True):
    """A top-up: money, time or points come into a wallet."""

    point: Words = ""


class GiftFields(AmountFields, frozen=True, kw_only=True):
    """Vouchers come into a wallet; they end at `expires_at`, or when the currency says."""

    expires_at: datetime | None = None


class CashOutFields(AmountFields, frozen=True, kw_only=True):
    """Money goes back in cash."""


class LineFields(Body, frozen=True, kw_only=True):
    """One line of what is paid for; it may be free of charge."""

    label: Words
    amount: Price


class SpendFields(Body, frozen=True, kw_only=True):
    """What is paid for, by whom. `unit` null: prices in euro cents; else prices in that currency.

    `accepts` narrows what may pay. With `until` the amount is only set aside until then.
    """

    lines: Annotated[list[LineFields], Meta(min_length=1, max_length=200)]
    payers: Annotated[list[Party], Meta(min_length=1, max_length=2)]
    unit: UUID | None = None
    accepts: Annotated[list[UUID], Meta(max_length=100)] | None = None
    until: datetime | None = None
    point: Words = ""


class CaptureFields(Body, frozen=True, kw_only=True):
    """How much of what was set aside is taken; null is all of it."""

    amount: Amount | None = None


class NoFields(Body, frozen=True, kw_only=True):
    """Nothing needs to be said."""


class RefundFields(Body, frozen=True, kw_only=True):
    """Which spend is given back, and how much of it in its own unit; null is all that is left."""

    transfer: UUID
    amount: Amount | None = None
    reason: Words = ""


class CorrectionFields(Body, frozen=True, kw_only=True):
    """Which transfer is undone by its exact opposite, and why."""

    transfer: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class CardFields(Body, frozen=True, kw_only=True):
    """A new card, with a wallet of its own. What is left out is drawn at random, or follows from the rest."""

    uid: Read | None = None
    number: Read | None = None
    code: Read | None = None
    kind: Literal["pass", "staff"] = "pass"
    chip: Literal["", "static", "ntag424", "qr"] = ""


class MarkFields(Body, frozen=True, kw_only=True):
    """Why it was lost, found or blocked."""

    reason: Words = ""


class BlockFields(MarkFields, frozen=True, kw_only=True):
    """`blocked` false opens it again."""

    blocked: bool = True


class LinkFields(Body, frozen=True, kw_only=True):
    """Whose card it becomes; what it held joins the balances of that person."""

    person: UUID


class ReplaceFields(Body, frozen=True, kw_only=True):
    """The card that takes its place."""

    card: UUID
