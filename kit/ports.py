"""Ports: what a flow needs from outside, as small protocols; `create_app` or a simulation gives them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from kit.auth import Principal

P = TypeVar("P")


class PortMissing(Exception):
    """A flow asked for a port that nobody gave: a mistake of composition, not of the user."""


class Ports:
    """The outside world of one running node, by protocol."""

    def __init__(self) -> None:
        self._given: dict[type, Any] = {}

    def give(self, protocol: type, thing: Any) -> None:
        """Let flows find `thing` under `protocol`; the last one given wins."""
        self._given[protocol] = thing

    def take(self, protocol: type[P]) -> P:
        """What was given for `protocol`. Raises PortMissing."""
        try:
            return self._given[protocol]  # type: ignore[no-any-return]
        except KeyError:
            raise PortMissing(protocol.__name__) from None


class Wake(Protocol):
    """Nudge a background worker after a commit; losing the nudge loses only time."""

    def __call__(self) -> None: ...


class Machines(Protocol):
    """Which machine of a room speaks with a bearer secret that is no person's."""

    def __call__(self, session: Session, secret: str, headers: Mapping[str, str]) -> Principal:
        """ANONYMOUS when nobody knows the secret."""
        ...


class Pairs(Protocol):
    """What this node shares with each of its peers alone; peers are named by their origin."""

    def secret(self, session: Session, peer: str) -> bytes:
        """32 bytes that only this node and `peer` can work out. Raises NoPair."""
        ...

    def secrets(self, session: Session) -> dict[str, bytes]:
        """Those of all peers that we exchange with now and share one with, by origin, in order."""
        ...

    def peers(self, session: Session) -> Sequence[str]:
        """The peers that we exchange with now: none that is paused."""
        ...


class NoPair(Exception):
    """No secret is shared with this node: it is no peer, or its key cannot be used."""
