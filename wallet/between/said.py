"""What every message between nodes is made of: an id, a time, texts and numbers of a certain length."""

from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

from wallet.between.strict import LARGEST

LONGEST: Final = 200
"""Signs of a text on the wire."""
Text = Annotated[str, Meta(max_length=LONGEST)]
Number = Annotated[int, Meta(ge=0, le=LARGEST)]
"""A sequence number, an epoch, an amount that may be nothing."""
Moment = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
"""Milliseconds since 1970, before the year 10 000."""
Amount = Annotated[int, Meta(ge=1, le=LARGEST)]
Balance = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]


class Message(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="t"
):
    """Anything said. `made`: when its asker first said it; repeats say the same."""

    id: UUID
    made: Moment
