"""Tills seen, noted in memory and written now and then: a till that only looks writes nothing."""

from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

TOUCH_AFTER = timedelta(minutes=1)


class DevicesSeen:
    """When each till was last heard, and its highest count. Losing it loses a minute of a date."""

    def __init__(self) -> None:
        self._seen: dict[UUID, tuple[datetime, int]] = {}
        self._gate = Lock()

    def note(self, device: UUID, last: datetime | None, now: datetime) -> None:
        """Keep `now` for this till, unless its row already says almost the same."""
        if last is None or now - last > TOUCH_AFTER:
            self._keep(device, now, 0)

    def counted(self, device: UUID, count: int, now: datetime) -> None:
        """Keep the number that a till gave an operation."""
        self._keep(device, now, count)

    def drain(self) -> dict[UUID, tuple[datetime, int]]:
        """What was noted, which is forgotten here."""
        with self._gate:
            drained, self._seen = self._seen, {}
        return drained

    def _keep(self, device: UUID, now: datetime, count: int) -> None:
        with self._gate:
            before = self._seen.get(device, (now, 0))
            self._seen[device] = (max(now, before[0]), max(count, before[1]))
