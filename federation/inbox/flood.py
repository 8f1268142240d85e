"""Flood limits in memory: token buckets and a ceiling on work in progress (protocol.md §8, row 22).

They protect this process; what must survive a restart (fetch budgets) is in rows.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from kit.errors import Busy, TooManyRequests

MOST_IN_PROGRESS = 256
MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class Rate:
    """`burst` messages at once, then `per_second`."""

    per_second: float
    burst: int


MACHINE = Rate(per_second=500, burst=5000)
"""One network address: several nodes may share a machine or a proxy."""
STRANGER = Rate(per_second=5, burst=100)
VILLAGER = Rate(per_second=500, burst=5000)


class Flood:
    """The buckets of one process, and how many messages it is reading now."""

    def __init__(self, read_clock: Callable[[], float] = time.monotonic) -> None:
        self._now = read_clock
        self._free_at: dict[str, float] = {}
        self._in_progress = 0

    def take(self, subject: str, rate: Rate) -> None:
        """Take one from the bucket of `subject` (generic cell rate algorithm).

        Raises TooManyRequests with the seconds to wait.
        """
        now = self._now()
        taken_until = max(self._free_at.get(subject, 0.0), now) + 1 / rate.per_second
        excess = taken_until - now - rate.burst / rate.per_second
        if excess > 0:
            raise TooManyRequests(cause=f"flood from {subject}", retry_after=max(1, ceil(excess)))
        if len(self._free_at) >= MOST_BUCKETS:
            self._forget_full(now)
        self._free_at[subject] = taken_until

    def __enter__(self) -> None:
        """Count one message in progress. Raises Busy above the ceiling."""
        if self._in_progress >= MOST_IN_PROGRESS:
            raise Busy(cause="too many messages at once", retry_after=2)
        self._in_progress += 1

    def __exit__(self, *_: object) -> None:
        self._in_progress -= 1

    def _forget_full(self, now: float) -> None:
        self._free_at = {subject: at for subject, at in self._free_at.items() if at > now}
        if len(self._free_at) >= MOST_BUCKETS:
            raise Busy(cause="too many different senders", retry_after=60)
