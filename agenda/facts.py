"""What happened in the agenda, told in the past tense; other rooms listen in the same transaction."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class EventPublished:
    """An own event became visible to everyone (again, when it had been withdrawn)."""

    event_id: UUID


@dataclass(frozen=True)
class EventChanged:
    """Something that everyone can see of an own event changed, its state included."""

    event_id: UUID


@dataclass(frozen=True)
class EventCancelled:
    """An own event will not take place; it stays on the agenda and says so."""

    event_id: UUID
    reason: str


@dataclass(frozen=True)
class EventWithdrawn:
    """An own event that everyone could see is gone: deleted, archived before its end, or a draft again."""

    event_id: UUID


@dataclass(frozen=True)
class EventReceived:
    """A node told us of a new or changed event; `uri` is its owner's id."""

    event_id: UUID
    uri: str


@dataclass(frozen=True)
class EventForgotten:
    """A received event left our agenda."""

    event_id: UUID
    uri: str
