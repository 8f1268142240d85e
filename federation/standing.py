"""What handlers must know of their own node and cannot read in its tables."""

from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from config.settings import Settings, VillageSettings
from federation.keys import KeyRing
from federation.urls import origin
from kit.db import Database
from kit.seal import Seal


@dataclass(frozen=True)
class Standing:
    """One running node. `declared`: origins that its file lists as peers; `secret` makes pair keys.

    `proof_keys` are its Ed25519 keys (multibase), the present one first: it knows its own signature again.
    """

    actor: str
    secret: bytes = b""
    declared: frozenset[str] = frozenset()
    villages: tuple[VillageSettings, ...] = field(default=())
    proof_keys: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The node's own origin."""
        return origin(self.actor)

    def declares(self, actor: str) -> bool:
        """Whether the operator's file lists the node of `actor`."""
        return origin(actor) in self.declared

    def expects(self, village: str, actor: str) -> bool:
        """Whether the operator's file lists the node of `actor` as one of that very village."""
        home = origin(actor)
        return any(
            declared.id == village and home in map(origin, declared.peers) for declared in self.villages
        )


_standings: Final[WeakKeyDictionary[Database, Standing]] = WeakKeyDictionary()


def standing_from(settings: Settings, seal: Seal, keys: KeyRing | None = None) -> Standing:
    """What the settings and the keys say."""
    declared = frozenset(origin(peer) for village in settings.village for peer in village.peers)
    return Standing(
        actor=f"{settings.node.url}/actor",
        secret=seal.key("peering"),
        declared=declared - {settings.node.url},
        villages=tuple(settings.village),
        proof_keys=tuple(pair.ed25519_multibase for pair in (keys.current, *keys.former)) if keys else (),
    )


def stand(database: Database, standing: Standing) -> None:
    """Let the handlers of this node know who it is."""
    _standings[database] = standing


def is_declared(session: Session, actor: str) -> bool:
    """Whether the operator's file lists the node of `actor`; nobody is before `stand`."""
    standing = _standings.get(session.info["database"])
    return standing is not None and standing.declares(actor)


def standing_of(session: Session) -> Standing:
    """Who the node of this session is. Raises KeyError before `stand`, a mistake of composition."""
    return _standings[session.info["database"]]
