"""Facts: past-tense dataclasses that a room tells; other rooms listen in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

Listener = Callable[[Session, Any], None]
Listeners = Mapping[type, Sequence[Listener]]


def emit(session: Session, fact: object) -> None:
    """Tell `fact` to every listener of its type; what they write commits or fails with the teller."""
    listeners: Listeners = session.info.get("listeners") or {}
    for listen in listeners.get(type(fact), ()):
        listen(session, fact)
