"""Visits noted in memory and written now and then: a page that is only read writes nothing."""

from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

TOUCH_AFTER = timedelta(minutes=10)


class Seen:
    """Sessions and tokens seen since the last writing. Losing it loses ten minutes of a date."""

    def __init__(self) -> None:
        self._seen: dict[UUID, datetime] = {}
        self._gate = Lock()

    def note(self, one: UUID, last: datetime | None, now: datetime) -> None:
        """Keep `now` for this session or token, unless its row already says almost the same."""
        if last is None or now - last > TOUCH_AFTER:
            with self._gate:
                self._seen[one] = now

    def drain(self) -> dict[UUID, datetime]:
        """What was noted, which is forgotten here."""
        with self._gate:
            drained, self._seen = self._seen, {}
        return drained
