"""How much one peer may say about money, counted before anything waits for the writer."""

import time
from collections.abc import Callable
from math import ceil
from typing import Final

from kit.errors import TooManyRequests

BURST: Final = 5_000
"""Items that a peer may say at once."""
PER_SECOND: Final = 2_000
MOST_PEERS: Final = 5_000


class Quota:
    """One bucket of items for each peer (generic cell rate algorithm), in the memory of this process."""

    def __init__(self, read_clock: Callable[[], float] = time.monotonic) -> None:
        self._now = read_clock
        self._free_at: dict[str, float] = {}

    def take(self, peer: str, items: int) -> None:
        """Take `items` from the bucket of `peer`, or nothing.

        Raises TooManyRequests with the seconds until it would be given.
        """
        now = self._now()
        taken_until = max(self._free_at.get(peer, now), now) + items / PER_SECOND
        excess = taken_until - now - BURST / PER_SECOND
        if excess > 0:
            raise TooManyRequests(cause=f"{items} items of {peer}", retry_after=max(1, ceil(excess)))
        if len(self._free_at) >= MOST_PEERS:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        self._free_at[peer] = taken_until
