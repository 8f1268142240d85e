"""Keys of remote actors: pinned, with their history (protocol.md §1)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.models.actors import ActorKey, RemoteActor
from federation.models.peers import Peer
from federation.multikey import decode_key
from federation.peer_keys import PeerKey, keys_of
from federation.rotation import vouches
from kit import clock

TRUSTED, OFFERED, RETIRED = "trusted", "offered", "retired"


def trusted_keys(session: Session, actor: str) -> dict[str, PeerKey]:
    """The keys that speak for `actor` today, by id."""
    rows = session.scalars(select(ActorKey).where(ActorKey.actor_uri == actor, ActorKey.state == TRUSTED))
    return {row.key_id: _read(row) for row in rows}


def owner_of_key(session: Session, key_id: str) -> str | None:
    """The actor that lists `key_id`, trusted or offered; None when it was never seen."""
    return session.scalar(
        select(ActorKey.actor_uri).where(ActorKey.key_id == key_id, ActorKey.state != RETIRED).limit(1)
    )


def keep_keys(session: Session, document: Mapping[str, Any], *, vouched: bool = False) -> None:
    """Note the keys of an actor document.

    A villager's changed key is only `offered` unless the first ones are being learnt, or an old key speaks
    for it: `vouched` says that one signed this document, or the document carries its signed statement
    (`federation.rotation`). A human may `trust` it later. For strangers the document decides.
    """
    actor, now = str(document["id"]), clock.now()
    listed = {(key.id, fingerprint(key)): key for key in keys_of(document).values()}
    rows = {
        (row.key_id, row.fingerprint): row
        for row in session.scalars(select(ActorKey).where(ActorKey.actor_uri == actor))
    }
    trusted = [row.material for row in rows.values() if row.state == TRUSTED]
    is_free = vouched or not rows or session.get(Peer, actor) is None
    is_pinned = not (is_free or vouches(trusted, document, now))
    for name, key in listed.items():
        if name not in rows:
            session.add(_row(key, OFFERED if is_pinned else TRUSTED, now))
    if not is_pinned:
        _follow_document(rows, set(listed), now)


def trust_offered(session: Session, actor: str) -> None:
    """A human compared fingerprints: from now on the keys that the actor shows today speak for it."""
    found = session.scalars(select(ActorKey).where(ActorKey.actor_uri == actor))
    rows = {(row.key_id, row.fingerprint): row for row in found}
    known = session.get(RemoteActor, actor)
    if known is None or not any(row.state == OFFERED for row in rows.values()):
        return
    shown = {(key.id, fingerprint(key)) for key in keys_of(known.profile).values()}
    _follow_document(rows, shown, clock.now())


def fingerprint(key: PeerKey) -> str:
    """What a human compares: SHA-256 of the key, in hexadecimal."""
    return hashlib.sha256(key.multibase.encode()).hexdigest()


def _follow_document(
    rows: Mapping[tuple[str, str], ActorKey], listed: set[tuple[str, str]], now: datetime
) -> None:
    for name, row in rows.items():
        if name in listed:
            row.state, row.retired_at = TRUSTED, None
        elif row.state != RETIRED:
            row.state, row.retired_at = RETIRED, now


def _row(key: PeerKey, state: str, now: datetime) -> ActorKey:
    return ActorKey(
        key_id=key.id,
        fingerprint=fingerprint(key),
        actor_uri=key.owner,
        material=key.multibase,
        state=state,
        first_seen_at=now,
        retired_at=None,
    )


def _read(row: ActorKey) -> PeerKey:
    return PeerKey(row.key_id, row.actor_uri, decode_key(row.material))
