"""The till that asks, and who holds it: what every door of this room knows before it does anything."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kit.auth import Principal
from pos_api.refusals import OperatorNeeded, RightMissing


@dataclass(frozen=True)
class Device:
    """A paired till, as it stands at this moment."""

    id: UUID
    name: str
    series: str
    points: frozenset[str] = frozenset()
    public_key: dict[str, str] | None = None
    is_training: bool = False
    last_seen_at: datetime | None = None
    last_count: int = 0


@dataclass(frozen=True)
class Operator:
    """Who holds the till, with the rights they have at this moment."""

    id: UUID
    code: str
    label: str
    person_id: UUID | None = None
    rights: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TillPrincipal(Principal):
    """A device that asks in its own name, perhaps held by an operator."""

    device: Device = field(default_factory=lambda: Device(UUID(int=0), "", ""))
    operator: Operator | None = None

    def held(self, *rights: str) -> Operator:
        """Who holds the till. Raises OperatorNeeded, RightMissing when they lack one of `rights`."""
        if self.operator is None:
            raise OperatorNeeded
        if missing := sorted(set(rights) - self.operator.rights):
            raise RightMissing(fields={"right": missing[0]})
        return self.operator
