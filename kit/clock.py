"""The time: every reader asks here, so that a simulation can give its own."""

from collections.abc import Callable
from datetime import UTC, datetime

_read: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - replaced whole by use_clock


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _read()


def use_clock(read: Callable[[], datetime] | None) -> None:
    """Let `read` give the time from now on; None goes back to the machine's clock."""
    global _read
    _read = read or (lambda: datetime.now(UTC))
