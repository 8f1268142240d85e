"""What a room's handler is given: one activity, who said it, and what that actor is to us."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from federation.verified import Verified

Relation = Literal["peer", "followed", "stranger"]


@dataclass(frozen=True, kw_only=True)
class Received:
    """One activity in its own transaction. Raise a Refusal to drop it with a named reason.

    `object` is the embedded object, or `{"id": …}` where only an address was given. `verified` is None for
    what this node fetched itself at the actor's own origin (catch-up). `own_actor` is our actor's address.
    """

    actor: str
    activity: dict[str, Any]
    object: dict[str, Any]
    relation: Relation
    at: datetime
    own_actor: str
    verified: Verified | None = None

    @property
    def id(self) -> str:
        """The activity's own id; "" when it has none."""
        return str(self.activity.get("id", ""))
