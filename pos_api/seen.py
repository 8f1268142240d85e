"""Tills seen, noted in memory and written now and then: a till that only looks writes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Seen:
    """When a till was heard, its highest count, and how much it said `waits` in it; None: it did not say."""

    at: datetime
    count: int = 0
    waits: int | None = None
    waits_at: datetime | None = None


class DevicesSeen:
    """What was heard of each till since it was last written. Losing it loses a minute of a date."""

    def __init__(self) -> None:
        self._seen: dict[UUID, Seen] = {}
        self._gate = Lock()

    def note(self, device: UUID, last: datetime | None, now: datetime) -> None:
        """Keep `now` for this till, unless its row already says almost the same."""
        if last is None or now - last > TOUCH_AFTER:
            self._keep(device, now)

    def counted(self, device: UUID, count: int, now: datetime) -> None:
        """Keep the number that a till gave an operation."""
        self._keep(device, now, count)

    def told(self, device: UUID, waits: int, now: datetime) -> None:
        """Keep how many operations a till says it has that the node does not have."""
        with self._gate:
            before = self._seen.get(device, Seen(now))
            self._seen[device] = replace(before, at=max(now, before.at), waits=waits, waits_at=now)

    def drain(self) -> dict[UUID, Seen]:
        """What was noted, which is forgotten here."""
        with self._gate:
            drained, self._seen = self._seen, {}
        return drained

    def _keep(self, device: UUID, now: datetime, count: int = 0) -> None:
        with self._gate:
            before = self._seen.get(device, Seen(now))
            self._seen[device] = replace(before, at=max(now, before.at), count=max(count, before.count))
