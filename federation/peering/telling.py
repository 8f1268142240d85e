"""What the other side of a peering is told, in the order of our acts."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from federation.models.peers import Peer
from federation.outbox.sending import send
from federation.peering import terms
from federation.standing import Standing

SCOPE: Final = "peering"


def our_terms(
    own: Standing, other: str, gives: Mapping[str, Any], village: str, *, paused: bool = False
) -> dict[str, Any]:
    """What we bring into a peering, with our key for this pair."""
    more: dict[str, Any] = {"vil:pairKey": terms.pair_key(own.secret, other)}
    if village:
        more["vil:village"] = village
    if paused:
        more["vil:paused"] = True
    return terms.relationship(own.actor, other, gives, **more)


def tell_change(session: Session, own: Standing, peer: Peer) -> None:
    """What we share now, and whether we pause."""
    paused = {"vil:paused": peer.is_paused_here}
    body = terms.relationship(own.actor, peer.actor_uri, peer.gives, **paused)
    tell(session, own, peer.actor_uri, "Update", body)


def tell_offer(session: Session, own: Standing, other: str, kind: str, offer_id: str) -> None:
    """An answer to their offer, or the end of ours: `Reject`, `Undo`."""
    whose = other if kind == "Reject" else own.actor
    tell(session, own, other, kind, {"type": "Offer", "id": offer_id, "actor": whose})


def tell(session: Session, own: Standing, other: str, kind: str, body: Any, **more: Any) -> None:
    """One activity to the other side alone."""
    send(
        session,
        terms.activity(kind, own.actor, other, body, **more),
        object_id=f"{own.actor}#peering:{other}",
        scope=SCOPE,
        public=False,
        only=[other],
    )
