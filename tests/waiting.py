"""Waiting for the thing itself, a minute and more: no test judges how quick the machine is."""

import time
from collections.abc import Callable

SOON = 60.0


def until(what: str, holds: Callable[[], bool], seconds: float = SOON, every: float = 0.1) -> None:
    """Look again until `holds`. Raises AssertionError naming what was never seen."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not seen within {seconds:.0f} s: {what}"
        time.sleep(every)
