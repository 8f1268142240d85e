"""What members are told, and the peerings that come and go with a membership."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from federation.bells import GREETING, ring_after_commit
from federation.blocks import is_blocked
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.models.villages import Village
from federation.outbox.sending import send
from federation.peering import service as peering
from federation.peering.queries import may_begin, shared_village
from federation.peering.terms import SHARE_EVERYTHING
from federation.standing import Standing
from federation.villages import terms
from federation.villages.queries import members_of, roster_of

SCOPE: Final = "village"


def others(session: Session, own: Standing, village: Village) -> list[str]:
    """The members but us."""
    return [actor for actor in members_of(session, village) if actor != own.actor]


def announce(
    session: Session,
    own: Standing,
    village: Village,
    kind: str,
    about: str,
    *,
    to: Sequence[str] | None = None,
) -> None:
    """The new list to every member. `Add` and `Remove` name who came or went; `Update` the list alone."""
    told = list(to) if to is not None else others(session, own, village)
    roster = terms.roster_document(roster_of(session, village))
    if kind == "Update":
        tell(session, own, village, kind, to=told, body=roster)
    else:
        tell(session, own, village, kind, to=told, body=about, target=roster)


def meet(session: Session, own: Standing, village: Village, others: Sequence[str]) -> None:
    """Being in a village offers a peering; each node decides later what it gives.

    Those whose address was never fetched are met by the greeter, which this wakes.
    """
    for other in others:
        is_free = session.get(Peer, other) is None and may_begin(session, other)
        if is_free and session.get(RemoteActor, other) is not None and not is_blocked(session, other):
            peering.offer(session, own, other, SHARE_EVERYTHING, village.uri)
    ring_after_commit(session, GREETING)


def part(session: Session, own: Standing, village: Village, others: Sequence[str]) -> None:
    """End the peerings that this village brought, unless another village or the operator's file does too."""
    for other in others:
        peer = session.get(Peer, other)
        if peer is None or peer.village_uri != village.uri:
            continue
        peer.village_uri = shared_village(session, own.actor, other, but=village.uri)
        if not peer.village_uri and not own.declares(other):
            peering.end(session, own, other)


def tell(
    session: Session,
    own: Standing,
    village: Village,
    kind: str,
    *,
    to: Sequence[str],
    body: Any,
    **more: Any,
) -> None:
    """Send one activity about a village to these nodes alone, in order for each village."""
    said = terms.activity(kind, own.actor, to, body, **more)
    send(session, said, object_id=village.uri, scope=SCOPE, public=False, only=list(to))
