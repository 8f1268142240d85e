"""Time that passes only because something happens."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

Act = Callable[[], None]
START: Final = 1_785_610_800_000
"""An evening of summer, in milliseconds since 1970."""


class Timeline:
    """Acts in the order of their time; those of the same moment in the order in which they were planned."""

    def __init__(self) -> None:
        self.now = START
        self.acts = 0
        self._planned: list[tuple[int, int, Act]] = []
        self._number = 0

    def after(self, wait: int, act: Act) -> None:
        """Plan `act` in `wait` milliseconds."""
        self._number += 1
        heappush(self._planned, (self.now + max(0, wait), self._number, act))

    def run(self, until: int) -> None:
        """Let everything happen that is planned up to `until`."""
        while self._planned and self._planned[0][0] <= until:
            self.now, _, act = heappop(self._planned)
            self.acts += 1
            act()
        self.now = until
