"""What several reads of one snapshot ask in the same words is asked once."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
SHARED: Final = "shared"
"""Where a session that reads one snapshot, and writes nothing, keeps what was found in it."""


def shared(session: Session, key: Hashable, read: Callable[[Session], T]) -> T:
    """What `read` says, which must not be changed; in a session that writes it is read each time."""
    kept: dict[Hashable, Any] | None = session.info.get(SHARED)
    if kept is None:
        return read(session)
    if key not in kept:
        kept[key] = read(session)
    answer: T = kept[key]
    return answer
