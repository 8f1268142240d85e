"""What a node shows of itself, in one plain record from which every document is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from federation.urls import authority

HANDLE: Final = "agenda"
"""`acct:agenda@host`: the same user name on every node."""

MAJORS: Final = (1,)
"""Majors of the village protocol that this release speaks; two at a time, for a year (protocol.md §1)."""


OWN_SCOPES: Final = ("agenda",)
"""Scopes that every node understands; its rooms may add others."""


@dataclass(frozen=True, kw_only=True)
class NodeCard:
    """`url` is the origin without a final slash; addresses are absolute, texts plain; empty means "not said".

    `keys` are the public halves: RSA as PEM, Ed25519 as multibase. `rotations` are the statements of
    `federation.rotation`, `scopes` the capabilities offered ("agenda", "memberships"…), `place` an AS2 Place.
    """

    url: str
    name: str
    rsa_pem: str
    ed25519_multibase: str
    since: datetime
    summary: str = ""
    language: str = "fr"
    website: str = ""
    icon: str = ""
    icon_type: str = ""
    image: str = ""
    kind: str = ""
    accent: str = ""
    pennant: int = 0
    place: Mapping[str, Any] | None = None
    scopes: tuple[str, ...] = OWN_SCOPES
    majors: tuple[int, ...] = MAJORS
    rotations: tuple[Mapping[str, Any], ...] = ()
    approves_followers: bool = False
    version: str = ""
    events: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Address of the node's actor."""
        return f"{self.url}/actor"

    @property
    def host(self) -> str:
        """Host, with its port when it is not the usual one."""
        return authority(self.url)

    @property
    def account(self) -> str:
        """WebFinger's name of the actor."""
        return f"acct:{HANDLE}@{self.host}"


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A village that this node founded: `slug` in its address, `charter` the document's address and hash."""

    slug: str
    name: str
    since: datetime
    summary: str = ""
    epoch: int = 1
    charter: str = ""
    charter_hash: str = ""
