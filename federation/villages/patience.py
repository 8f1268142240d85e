"""When somebody who did not answer may be tried again: after pauses that grow."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

GROWTH: Final = 1.6


@dataclass
class Patience:
    """Pauses in seconds, one per name; a name that was never put off may be tried at once."""

    first: float
    longest: float
    _pauses: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By name: the moment of the monotonic clock to wait for, and how long that pause was."""

    def keep(self, names: Collection[str]) -> None:
        """Forget all others: they answered, or nobody waits for them any more."""
        self._pauses = {name: pause for name, pause in self._pauses.items() if name in names}

    def ready(self, names: Iterable[str]) -> list[str]:
        """Those whose pause is over, in their order."""
        now = time.monotonic()
        return [name for name in names if self._pauses.get(name, (0.0, 0.0))[0] <= now]

    def knows(self, name: str) -> bool:
        """Whether it was put off before."""
        return name in self._pauses

    def put_off(self, name: str) -> None:
        """Not now; later each time."""
        before = self._pauses.get(name, (0.0, 0.0))[1]
        pause = min(max(before * GROWTH, self.first), self.longest)
        self._pauses[name] = (time.monotonic() + pause, pause)

    def forget(self, name: str) -> None:
        """It answered."""
        self._pauses.pop(name, None)

    def seconds_to_next(self, otherwise: float) -> float:
        """Until the first pause is over, and no more than `otherwise`."""
        due = min((until for until, _ in self._pauses.values()), default=None)
        return otherwise if due is None else min(max(due - time.monotonic(), 0.05), otherwise)
