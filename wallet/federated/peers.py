"""Peers as money sees them: their keys, the address of their ledger, and whether they are cut off."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.actors.keys import trusted_keys
from federation.blocks import blocked_subjects
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.namespace import VIL
from federation.peer_keys import PeerKey
from federation.reading import object_of
from federation.refusals import BadSignature
from federation.signatures.algorithms import ED25519, check
from federation.urls import same_origin, web_url
from kit.db import Database
from wallet.between.envelope import UnknownKey

KEPT_SECONDS: Final = 2.0
MOST_KEPT: Final = 5_000
PATH: Final = "/federation/ledger"
_SPELLINGS: Final = ("vil:ledger", "ledger", f"{VIL}ledger")


@dataclass(frozen=True)
class PeerNode:
    """One node by its origin. `actor` is empty when no peering, active or paused, binds it to us.

    `keys` are those of its own actor that are trusted today, by id; `ledger` is where envelopes go.
    """

    origin: str
    actor: str = ""
    ledger: str = ""
    keys: Mapping[str, PeerKey] = field(default_factory=dict)
    is_blocked: bool = False

    @property
    def is_peer(self) -> bool:
        """Whether money is spoken of with it at all."""
        return bool(self.actor) and not self.is_blocked

    def verify(self, kid: str, signed: bytes, sig: bytes) -> bool:
        """Whether its Ed25519 key `kid` signed this. Raises envelope.UnknownKey."""
        key = self.keys.get(kid)
        if key is None or key.kind != "ed25519":
            raise UnknownKey(f"{self.origin} has no such key: {kid}")
        try:
            check(ED25519, key.material, sig, signed)
        except BadSignature:
            return False
        return True


class PeerBook:
    """Peers by origin, kept in memory for a moment so that a busy door reads little."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._kept: dict[str, tuple[float, PeerNode]] = {}

    async def at(self, origin: str) -> PeerNode:
        """The node at `origin` as our tables know it."""
        kept = self._kept.get(origin)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        return self._keep(await self._db.aread(lambda session: read_peer(session, origin)))

    def forget(self, origin: str) -> None:
        """Read our tables again next time: they changed."""
        self._kept.pop(origin, None)

    def _keep(self, peer: PeerNode) -> PeerNode:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[peer.origin] = (time.monotonic() + KEPT_SECONDS, peer)
        return peer


def read_peer(session: Session, origin: str) -> PeerNode:
    """The same from one session."""
    actor = session.scalar(select(Peer.actor_uri).where(Peer.origin == origin)) or ""
    is_blocked = bool(blocked_subjects(session, (origin, actor)))
    if not actor:
        return PeerNode(origin, is_blocked=is_blocked)
    known = session.get(RemoteActor, actor)
    ledger = ledger_address(origin, known.profile if known is not None else {})
    return PeerNode(origin, actor, ledger, trusted_keys(session, actor), is_blocked)


def ledger_address(origin: str, profile: Mapping[str, Any]) -> str:
    """Where the actor document says that envelopes go, at its own origin; else the usual address."""
    endpoints = object_of(profile, "endpoints") or {}
    said = next((endpoints[name] for name in _SPELLINGS if name in endpoints), None)
    found = web_url(said)
    return found if found is not None and same_origin(found, origin) else origin + PATH
