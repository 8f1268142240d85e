"""What tills send. A field that nobody knows is refused; amounts are cents of euro, below a million euros."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from kit.errors import Invalid
from kit.i18n import _, lazy
from kit.web.wrong_fields import WORDS
from pos_api.keys import PublicKey
from sales.journal import vat
from sales.journal.shapes import MOST_CENTS
from wallet.cards.reading import Tap

Read = Annotated[str, Meta(max_length=500)]
Ref = Annotated[str, Meta(max_length=8000)]
Words = Annotated[str, Meta(max_length=200)]
Cents = Annotated[int, Meta(ge=1, le=MOST_CENTS)]
Cash = Annotated[int, Meta(ge=0, le=MOST_CENTS)]
Quantity = Annotated[
    str,
    Meta(
        max_length=16,
        pattern=f"^{vat.WRITTEN.pattern}$",
        extra={WORDS: lazy("A quantity is a number such as 2 or 0.350.")},
    ),
]
Signed = Annotated[int, Meta(ge=-MOST_CENTS, le=MOST_CENTS)]


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing but the fields that are named."""


class PairingFields(Body, frozen=True, kw_only=True):
    """The six digits, how the till is called, and the key it will sign with when it has no line."""

    code: Annotated[str, Meta(min_length=6, max_length=12)]
    name: Annotated[str, Meta(max_length=120)] = ""
    public_key: PublicKey | None = None


class SunFields(Body, frozen=True, kw_only=True):
    """The message of a chip that proves its tap, in hexadecimal digits."""

    picc_data: Read
    cmac: Read


class TapFields(Body, frozen=True, kw_only=True):
    """What a reader, a camera or a hand has of a card: one of them.

    `url` is a card's address as read from its chip or QR code; `text` anything, as it came.
    """

    uid: Read = ""
    number: Read = ""
    code: Read = ""
    url: Read = ""
    text: Read = ""
    sun: SunFields | None = None


class IdentifyFields(Body, frozen=True, kw_only=True):
    """A PIN, or a staff card: one of them."""

    pin: Annotated[str, Meta(max_length=16)] | UnsetType = UNSET
    tap: TapFields | UnsetType = UNSET


class TrainingFields(Body, frozen=True, kw_only=True):
    """Whether the till is in training from now on."""

    is_training: bool


class Operation(Body, frozen=True, kw_only=True):
    """What every operation of a till carries: its own id, its clock with the offset, its own count.

    `is_training`: whether the till was in training when it did it; without it, what the till is now counts.
    """

    id: UUID
    at: Annotated[datetime, Meta(tz=True)]
    count: Annotated[int, Meta(ge=0, le=2**53)] = 0
    is_offline: bool = False
    is_training: bool | None = None


def tap_of(said: TapFields) -> Tap:
    """Raises Invalid when nothing is said of the card."""
    sun = said.sun
    tap = Tap(
        uid=said.uid,
        number=said.number,
        code=said.code or said.url,
        text=said.text,
        picc_data=sun.picc_data if sun else "",
        cmac=sun.cmac if sun else "",
    )
    if tap == Tap():
        raise Invalid(fields={"uid": _("I fill in this field.")})
    return tap
