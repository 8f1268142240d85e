"""Ports: what a flow needs from outside, as small protocols; `create_app` or a simulation gives them."""

from typing import Any, Protocol, TypeVar

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
