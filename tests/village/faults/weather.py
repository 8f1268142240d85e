"""What befalls each request between two nodes: drawn from a seed, in each direction for itself."""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

Way = tuple[str, str]
"""Who sends and who receives, by origin."""


class Kind(StrEnum):
    """What may happen to one exchange."""

    CALM = "calm"
    LOST = "request lost"
    UNANSWERED = "answer lost"
    LATE = "delayed"
    DOUBLED = "sent twice"
    SWAPPED = "overtaken by the next"
    TORN_REQUEST = "line broken in the request"
    TORN_ANSWER = "line broken in the answer"
    RESET = "connection reset"


STORM = {
    Kind.LOST: 4,
    Kind.UNANSWERED: 4,
    Kind.LATE: 6,
    Kind.DOUBLED: 6,
    Kind.SWAPPED: 4,
    Kind.TORN_REQUEST: 2,
    Kind.TORN_ANSWER: 2,
    Kind.RESET: 2,
}
"""Faults in a hundred requests, by kind."""


@dataclass(frozen=True)
class Fault:
    """What happens to one exchange; `seconds`: how late, or how long silent before the line falls."""

    kind: Kind
    seconds: float = 0.0


@dataclass
class Weather:
    """Calm until `rage`; `heal` ends every fault and every cut. Safe to change from another thread."""

    seed: int
    chances: dict[Kind, int] = field(default_factory=lambda: dict(STORM))
    raging: bool = False
    met: Counter[Kind] = field(default_factory=Counter)
    """How often each kind of fault happened."""
    answered: Counter[tuple[Way, str]] = field(default_factory=Counter)
    """How often a request on each way, to each path, was answered."""

    def __post_init__(self) -> None:
        self._drawing: dict[Way, random.Random] = {}
        self._cuts: frozenset[Way] = frozenset()

    def rage(self) -> None:
        """From now on requests meet faults."""
        self.raging = True

    def heal(self) -> None:
        """From now on everything arrives, once, in order."""
        self.raging, self._cuts = False, frozenset()

    def cut(self, sender: str, receiver: str) -> None:
        """Nothing that `sender` says reaches `receiver` any more: neither requests nor answers."""
        self._cuts |= {(sender, receiver)}

    def mend(self, sender: str, receiver: str) -> None:
        """The end of that cut."""
        self._cuts -= {(sender, receiver)}

    def is_cut(self, sender: str, receiver: str) -> bool:
        return (sender, receiver) in self._cuts

    def draw(self, way: Way) -> Fault:
        """The fate of the next request on this way; a till's own requests, from nobody, are always calm."""
        if not self.raging or not way[0]:
            return Fault(Kind.CALM)
        chance = self._drawing.setdefault(way, random.Random(f"{self.seed} {way[0]} {way[1]}"))  # noqa: S311
        drawn, seconds = chance.uniform(0, 100), chance.uniform(0.02, 2.5)
        for kind, share in self.chances.items():
            drawn -= share
            if drawn < 0:
                self.met[kind] += 1
                return Fault(kind, seconds)
        return Fault(Kind.CALM)
