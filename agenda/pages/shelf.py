"""Public answers that were made already: the next stranger who asks the same gets the same bytes.

The key is the ETag, which holds everything that the answer depends on; what changed is simply asked under
another key, and what nobody asks for falls off the end.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from starlette.responses import Response

from kit.db import Database

MOST_BYTES: Final = 4 << 20


@dataclass(frozen=True)
class Kept:
    """One answer: its bytes and its headers."""

    body: bytes
    headers: dict[str, str]

    def again(self) -> Response:
        """The answer, as new."""
        return Response(self.body, headers=self.headers)


class Shelf:
    """The latest public answers of one node, four megabytes at most; for any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes, self._most, self._lock = 0, most_bytes, Lock()

    def find(self, tag: str) -> Response | None:
        """The answer kept under `tag`."""
        with self._lock:
            kept = self._kept.get(tag)
            if kept is not None:
                self._kept.move_to_end(tag)
        return kept.again() if kept else None

    def keep(self, tag: str, response: Response) -> None:
        """Put a complete answer of 200 on the shelf; older ones make room."""
        if response.status_code != 200 or len(response.body) > self._most // 4:
            return
        kept = Kept(bytes(response.body), dict(response.headers))
        with self._lock:
            self._drop(tag)
            self._kept[tag] = kept
            self._bytes += len(kept.body)
            while self._bytes > self._most:
                self._drop(next(iter(self._kept)))

    def _drop(self, tag: str) -> None:
        if (old := self._kept.pop(tag, None)) is not None:
            self._bytes -= len(old.body)


_shelves: Final[WeakKeyDictionary[Database, Shelf]] = WeakKeyDictionary()


def shelf_of(database: Database) -> Shelf:
    """The shelf of one node."""
    return _shelves.setdefault(database, Shelf())
