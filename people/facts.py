"""What this room tells the others."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PersonJoined:
    """Someone has a first row here: they proved their address, or the back office added them."""

    person_id: UUID


@dataclass(frozen=True)
class PersonArchived:
    """The collective closed someone's access."""

    person_id: UUID


@dataclass(frozen=True)
class PersonRestored:
    """The collective opened someone's access again."""

    person_id: UUID


@dataclass(frozen=True)
class PersonErased:
    """Someone was erased; every room has already forgotten what it may."""

    person_id: UUID


@dataclass(frozen=True)
class RolesChanged:
    """Someone's roles are now these."""

    person_id: UUID
    roles: frozenset[str]
