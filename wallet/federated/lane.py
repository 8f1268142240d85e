"""One peer's lane: what waits for it, how much is on the way, and whether it answers. No network in here."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from wallet.between.packing import MOST_ITEMS, ROOM, weight_of
from wallet.between.times import HEARTBEAT, SECOND

IN_FLIGHT: Final = 3
"""Envelopes on the way to one peer; what comes meanwhile shares the next one."""
MOST_WAITING: Final = 2_000
"""Items that wait for one peer. The oldest make room: their rows say them again."""
GONE: Final = 2
"""Misses in a row after which a peer is unreachable, and hears our beats alone."""
APART: Final = 1.0
"""Seconds between two attempts to a peer that missed."""
COMPLAINTS_APART: Final = 10.0
"""Seconds between two log lines about a lane that is too full."""
NEVER: Final = float("-inf")


@dataclass(slots=True)
class Counts:
    """What happened on one lane since the process started, for its log lines and for a page of numbers."""

    sent: int = 0
    answered: int = 0
    hedged: int = 0
    missed: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Lane:
    """Times are seconds of a clock that never jumps, given by the caller."""

    peer: str
    waiting: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    flying: int = 0
    misses: int = 0
    is_probing: bool = False
    """The next envelope carries a beat, and may leave although the peer is unreachable."""
    is_timed: bool = False
    """Somebody looks again when the next envelope may leave."""
    tried_at: float = NEVER
    missed_at: float = NEVER
    heard_at: float = NEVER
    used_at: float = NEVER
    paused_until: float = NEVER
    complained_at: float = NEVER
    counts: Counts = field(default_factory=Counts)

    @property
    def is_reachable(self) -> bool:
        """Whether a question asked now has a fair chance of an answer."""
        return self.misses < GONE

    def add(self, items: Iterable[bytes], now: float) -> bool:
        """Queue what does not wait already. True when older ones were dropped and a log should say so."""
        self.used_at = now
        self.waiting.update(dict.fromkeys(items))
        dropped = max(0, len(self.waiting) - MOST_WAITING)
        for _ in range(dropped):
            self.waiting.popitem(last=False)
        self.counts.dropped += dropped
        if not dropped or now - self.complained_at < COMPLAINTS_APART:
            return False
        self.complained_at = now
        return True

    def delay(self, now: float) -> float | None:
        """Seconds until the next envelope may leave; None when nothing is to leave before something else."""
        has_work = self.is_probing or (bool(self.waiting) and self.is_reachable)
        if not has_work or self.flying >= (1 if self.misses else IN_FLIGHT):
            return None
        calm = self.tried_at + APART if self.misses else NEVER
        return max(0.0, calm - now, self.paused_until - now)

    def take(self, beat: bytes | None, now: float) -> list[bytes]:
        """What the next envelope carries: `beat`, and the oldest items that fit beside it."""
        group = [beat] if beat is not None else []
        left = ROOM - sum(map(weight_of, group))
        while self.waiting and len(group) < MOST_ITEMS:
            item = next(iter(self.waiting))
            left -= weight_of(item)
            if left < 0:
                break
            group.append(item)
            self.waiting.popitem(last=False)
        self.tried_at, self.is_probing = now, False
        self.counts.sent += 1
        return group

    def give_back(self, items: list[bytes], pause: float, now: float) -> None:
        """The peer asks us to wait: nothing is lost, nothing leaves for `pause` seconds."""
        self.waiting = OrderedDict.fromkeys([*items, *self.waiting])
        self.paused_until = now + pause

    def miss(self, left_at: float, now: float) -> bool:
        """No answer to what left then. True when the peer became unreachable.

        Envelopes that left before a miss was known miss together: a short silence counts once.
        """
        self.counts.missed += 1
        if left_at < self.missed_at:
            return False
        self.misses, self.missed_at = self.misses + 1, now
        return self.misses == GONE

    def shut(self) -> bool:
        """It is no peer any more: nothing waits for it. True when it was reachable."""
        was_reachable, self.misses = self.is_reachable, max(self.misses, GONE)
        self.counts.dropped += len(self.waiting)
        self.waiting.clear()
        return was_reachable

    def heard(self, now: float) -> bool:
        """It answered. True when it was unreachable."""
        was_gone, self.misses = not self.is_reachable, 0
        self.heard_at, self.missed_at = now, NEVER
        self.counts.answered += 1
        return was_gone

    def needs_beat(self, now: float) -> bool:
        """Whether nothing it answered shows that it lives."""
        return now - self.heard_at >= HEARTBEAT / SECOND / 2
