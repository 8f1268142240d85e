"""Who is asking: the shape every door checks; rooms above decide who gets which permission."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Principal:
    """The person, token, machine or stranger behind one request.

    `machine_id`: a machine that asks in its own name, known to a room; it opens the doors that need a
    machine, and those that are public.
    """

    person_id: UUID | None = None
    name: str = ""
    email: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    session_id: UUID | None = None
    machine_id: UUID | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def may(self, permission: str) -> bool:
        """Whether this principal holds `permission`."""
        return permission in self.permissions

    def has_scope(self, scope: str) -> bool:
        """Whether a bearer token of this principal opens `scope` ("x:write" also opens "x:read")."""
        if self.scopes is None:
            return False
        room, _, act = scope.partition(":")
        return scope in self.scopes or (act == "read" and f"{room}:write" in self.scopes)


ANONYMOUS = Principal()
