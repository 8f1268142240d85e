"""Putting units side by side in one batch."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

from sqlalchemy.orm import Session

from kit.db import Database
from tests.kit.db.notes import held


def together(db: Database, *units: Callable[[Session], Any]) -> list[Future[Any]]:
    """Write all of them in one batch, in this order."""
    return side_by_side(db, *((db.write, (unit,)) for unit in units))


def side_by_side(db: Database, *calls: tuple[Callable[..., Any], tuple[Any, ...]]) -> list[Future[Any]]:
    """Make these blocking calls so that they wait for one batch, in this order."""
    with ThreadPoolExecutor(len(calls)) as pool, held(db):
        futures = []
        for place, (call, args) in enumerate(calls, start=1):
            futures.append(pool.submit(call, *args))
            wait_until(lambda place=place: db.waiting >= place)  # type: ignore[misc]
    return futures


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait, for a minute at most."""
    until = monotonic() + 60
    while not is_so() and monotonic() < until:
        sleep(0.001)
