"""What federation tells the rooms above it; they keep their own copy of what they show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.auth import Principal
from kit.i18n import Lazy


@dataclass(frozen=True)
class ActorKnown:
    """A remote actor was fetched or changed its profile."""

    uri: str
    name: str = ""
    url: str = ""
    kind: str = ""
    accent: str = ""
    pennant: int = 0
    latitude: float | None = None
    longitude: float | None = None
    city: str = ""
    summary: str = ""
    icon: str = ""


@dataclass(frozen=True)
class ActorGone:
    """A remote actor said that it is no more, or its address says so (410)."""

    uri: str


@dataclass(frozen=True)
class PeeringOpened:
    """Both sides said yes: from now on `uri` is a villager."""

    uri: str


@dataclass(frozen=True)
class PeeringChanged:
    """What is shared with `uri`, or whether it is paused, changed."""

    uri: str


@dataclass(frozen=True)
class PeeringRenewed:
    """A villager offered what it has already: it lost what it knew, and everything may be told again."""

    uri: str


@dataclass(frozen=True)
class PeeringClosed:
    """`uri` is no villager any more."""

    uri: str


@dataclass(frozen=True)
class OfficeActed:
    """Somebody of the team decided something about other nodes; whoever keeps a log may note it.

    `verb` is a sentence ("Peer invited"), `about` a readable name, `kind` "peer" or "village".
    """

    by: Principal
    verb: Lazy
    about: str
    kind: str
    about_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OriginBlocked:
    """Nothing is taken from, fetched from or sent to `origin` any more."""

    origin: str
