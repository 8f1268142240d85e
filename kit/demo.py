"""What a room is told when it fills a demonstration node."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DemoSpec:
    """Which invented collective the node plays, the day its dates are counted from, and its address.

    `is_primary`: it holds the network currency of its village.
    """

    name_key: str
    today: date
    url: str = ""
    is_primary: bool = False
