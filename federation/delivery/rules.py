"""When to try again, when to stop trying an origin, when to give up: pure (protocol.md §3)."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Verdict = Literal["sent", "later", "gone", "never"]

WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 10800, 21600))
"""Before the second attempt, the third…; the last one repeats. Full jitter: anything up to it."""

LONGEST_RETRY_AFTER: Final = timedelta(hours=1)
OPENS_AFTER: Final = 5
FAILURES_WITHIN: Final = timedelta(minutes=10)
PROBE_AFTER: Final = timedelta(minutes=30)
PROBE_VILLAGER_AFTER: Final = timedelta(minutes=1)
"""Villagers are few and wait for each other: two that start together may each find the other's door shut."""
NEVER: Final = frozenset({400, 405, 406, 409, 411, 413, 414, 415, 422, 431, 501})
"""Answers to the content itself: the same bytes will be refused again."""

UNBELIEVED: Final = 401
"""The host could not check our signature: it may not have fetched our keys yet."""


@dataclass(frozen=True)
class Circuit:
    """How an origin has been failing. Open means that nothing is sent until `open_until`."""

    failures: int = 0
    failing_since: datetime | None = None
    open_until: datetime | None = None

    def failed(self, now: datetime, probe_after: timedelta = PROBE_AFTER) -> "Circuit":
        """One more failure; five in ten minutes, or one while probing, open the circuit."""
        is_new = self.failing_since is None or (
            self.failures < OPENS_AFTER and now - self.failing_since > FAILURES_WITHIN
        )
        failures = 1 if is_new else self.failures + 1
        since = now if is_new else self.failing_since
        return Circuit(failures, since, now + probe_after if failures >= OPENS_AFTER else None)


def verdict(status: int | None) -> Verdict:
    """What an answer means for the delivery; None is no answer at all."""
    if status is not None and 200 <= status < 300:
        return "sent"
    if status == 410:
        return "gone"
    return "never" if status in NEVER else "later"


def blames_origin(status: int | None) -> bool:
    """Whether the host itself is in trouble, rather than this one message."""
    return status is None or status >= 500


def wait_before(attempts: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after `attempts` failed ones; a `Retry-After` is honoured up to an hour."""
    step = WAITS[min(attempts, len(WAITS)) - 1]
    jittered = step * random.random()  # noqa: S311 - spreads retries, keeps no secret
    return max(jittered, min(retry_after, LONGEST_RETRY_AFTER)) if retry_after else jittered
