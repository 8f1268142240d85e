"""What a desk's drawers had in them: it says of each changed row whether it is new.

An upsert would not do: the guards of these tables look at an insertion before the database knows that a row
is there, so that nobody can push one out by naming its key.
"""

from dataclasses import dataclass, field
from uuid import UUID

from wallet.between.desk import MirrorKey, UseKey
from wallet.between.shapes import Clearing, Mirror, Payment


@dataclass(slots=True)
class Found:
    """Rows as they were read, by their key. What was changed was asked for before."""

    mirrors: dict[MirrorKey, Mirror] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    uses: dict[UseKey, int] = field(default_factory=dict)
    clearings: dict[UUID, Clearing] = field(default_factory=dict)
    alarms: dict[tuple[str, str], int] = field(default_factory=dict)
    """By cause and peer, the number of the alarm that nobody has seen yet."""
