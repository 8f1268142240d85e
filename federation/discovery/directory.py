"""Who signs with a key, from our tables; kept in memory for a moment so that a busy inbox reads little."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from federation.actors.keys import owner_of_key, trusted_keys
from federation.blocks import blocked_subjects
from federation.peer_keys import PeerKey
from federation.received import Relation
from federation.relations import is_villager_origin, relation_of
from federation.urls import origin
from kit.db import Database

KEPT_SECONDS: Final = 2.0
MOST_KEPT: Final = 5000


@dataclass(frozen=True)
class Signer:
    """What is known of a key's owner. `actor` is None while nobody is known to list the key."""

    key_id: str
    actor: str | None = None
    keys: Mapping[str, PeerKey] = field(default_factory=dict)
    relation: Relation = "stranger"
    is_villager: bool = False
    is_blocked: bool = False

    @property
    def key(self) -> PeerKey | None:
        """The trusted key of that very id."""
        return self.keys.get(self.key_id)


class Directory:
    """Signers by key id. What is kept here is decided again where it matters (blocks, at storing)."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._kept: dict[str, tuple[float, Signer]] = {}

    async def signer(self, key_id: str) -> Signer:
        """The owner of `key_id` as our tables know it."""
        kept = self._kept.get(key_id)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        return self._keep(await self._db.aread(lambda session: read_signer(session, key_id)))

    def forget(self, key_id: str) -> None:
        """Read our tables again next time: they changed."""
        self._kept.pop(key_id, None)

    def _keep(self, signer: Signer) -> Signer:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[signer.key_id] = (time.monotonic() + KEPT_SECONDS, signer)
        return signer


def read_signer(session: Session, key_id: str) -> Signer:
    """The same from one session."""
    actor = owner_of_key(session, key_id)
    return Signer(
        key_id=key_id,
        actor=actor,
        keys=trusted_keys(session, actor) if actor else {},
        relation=relation_of(session, actor) if actor else "stranger",
        is_villager=is_villager_origin(session, key_id),
        is_blocked=bool(blocked_subjects(session, (origin(key_id), actor or ""))),
    )
