"""A tap that a sale will name: sealed, for two minutes, for one till; nothing of it is kept here."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from kit import clock
from kit.seal import Seal
from pos_api.refusals import TapElsewhere, TapOver
from wallet.cards.reading import Tap

LASTS: Final = timedelta(minutes=2)
PURPOSE: Final = "till-tap"


class Sealed(Struct, frozen=True):
    """What a reference holds: the tap as the till gave it, the till, and until when it may be named."""

    device: UUID
    until: datetime
    tap: dict[str, str]


def close_tap(seal: Seal, device: UUID, tap: Tap) -> str:
    """The reference of a tap."""
    said = {name: value for name in Tap.__dataclass_fields__ if (value := getattr(tap, name))}
    return seal.close(PURPOSE, msgspec.json.encode(Sealed(device, clock.now() + LASTS, said)).decode())


def open_tap(seal: Seal, device: UUID, ref: str, *, at_any_time: bool = False) -> Tap:
    """The tap of a reference. Raises TapOver when it is too old, TapElsewhere for what this till never read.

    `at_any_time`: what was written already is only told again.
    """
    text = seal.open(PURPOSE, ref)
    if text is None:
        raise TapElsewhere(cause="no seal of ours")
    known = msgspec.json.decode(text, type=Sealed)
    if known.device != device:
        raise TapElsewhere(cause="another till's")
    if known.until <= clock.now() and not at_any_time:
        raise TapOver
    return Tap(**known.tap)
