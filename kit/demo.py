"""What a room is told when it fills a demonstration node."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DemoSpec:
    """Which invented collective the node plays, and the day its dates are counted from."""

    name_key: str
    today: date
