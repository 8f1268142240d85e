"""Which handler gets an activity, and what it is given."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from federation.blocks import Blocked, blocked_subjects
from federation.models.inbox import InboxMessage
from federation.reading import id_of, object_of, owner_of, target_of, type_of, types_of
from federation.received import Received
from federation.refusals import NotUnderstood
from federation.relations import relation_of
from federation.urls import origin
from federation.verified import restore

Handle = Callable[..., None]
Registry = Mapping[tuple[str, str], Handle]

ITSELF = "Actor"
"""The object type of an activity about its own actor: ("Update", "Actor"), ("Delete", "Actor")."""


def received_from(session: Session, row: InboxMessage, own_actor: str) -> Received:
    """What a handler is given for one stored row."""
    activity: dict[str, Any] = msgspec.json.decode(row.body)
    return Received(
        actor=row.actor,
        activity=activity,
        object=object_of(activity) or _bare_object(activity),
        relation=relation_of(session, row.actor),
        at=row.received_at,
        own_actor=own_actor,
        verified=restore(row.verified) if row.verified else None,
    )


def handler_for(registry: Registry, received: Received) -> Handle:
    """The handler of (type, object type), else of (type, "*"). Raises NotUnderstood when nobody listens."""
    for key in _keys(received):
        if key in registry:
            return registry[key]
    raise NotUnderstood(cause=f"nobody handles {type_of(received.activity)!r}")


def refuse_blocked(session: Session, received: Received) -> None:
    """Nothing of a blocked origin is read, whoever passes it on. Raises Blocked."""
    named = (received.actor, target_of(received.activity), owner_of(received.object))
    subjects = {subject for address in named if address for subject in (address, origin(address))}
    if blocked_subjects(session, subjects):
        raise Blocked(cause="something of a blocked origin")


def is_due(row: InboxMessage | None, now: datetime) -> bool:
    """Whether a row still waits: another process may have handled it."""
    return row is not None and row.state == "waiting" and row.next_at <= now


def _keys(received: Received) -> Iterator[tuple[str, str]]:
    kind = type_of(received.activity)
    if target_of(received.activity) == received.actor:
        yield kind, ITSELF
    for name in sorted(types_of(received.object)):
        yield kind, name
    yield kind, "*"


def _bare_object(activity: dict[str, Any]) -> dict[str, Any]:
    address = id_of(activity.get("object"))
    return {"id": address} if address else {}
