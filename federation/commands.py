"""What `hameau peer …` and `hameau village …` ask for, carried out by whoever owns the database."""

from collections.abc import Coroutine, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from federation.discovery.finding import ActorNotFound
from federation.exchange import Exchange
from federation.keys import open_keys
from federation.peering import flows as peering
from federation.peering.listing import Neighbour, neighbours
from federation.peering.service import NotAPeer
from federation.peering.terms import sharing
from federation.standing import stand, standing_from
from federation.urls import origin
from federation.villages import flows as villages
from federation.villages.listing import VillageView
from federation.villages.listing import villages as all_villages
from federation.villages.queries import NoSuchVillage
from kit import clock
from kit.app import App
from kit.auth import Principal
from kit.errors import Conflict
from kit.i18n import lazy
from kit.ports import PortMissing

BY_PEER, BY_VILLAGE = Principal(name="hameau peer"), Principal(name="hameau village")
Args = dict[str, Any]
T = TypeVar("T")


class NodeNotRunning(Conflict):
    name = "node_not_running"
    default = lazy("The node does not run. I start it with `hameau serve`, then I try again.")


def peers(app: App, _args: Args) -> Args:
    """Every peer and every offer."""
    _stand(app)
    with app.db.read() as session:
        return {"peers": [_peer_row(one) for one in neighbours(session)]}


def invite_peer(app: App, args: Args) -> Args:
    """Offer a peering. Raises what discovery and the service refuse, NodeNotRunning."""
    actor = _online(app, peering.invite(app, BY_PEER, args["address"], _gives(args)))
    return _peer(app, actor)


def accept_peer(app: App, args: Args) -> Args:
    """Say yes. Raises NotAPeer, NothingOffered."""
    return _with_peer(app, args, lambda actor: peering.accept(app, BY_PEER, actor, _gives(args)))


def refuse_peer(app: App, args: Args) -> Args:
    """Say no. Raises NotAPeer, NothingOffered."""
    return _with_peer(app, args, lambda actor: peering.refuse(app, BY_PEER, actor))


def pause_peer(app: App, args: Args) -> Args:
    """Pause, or go on with `on` false. Raises NotAPeer."""
    return _with_peer(app, args, lambda actor: peering.pause(app, BY_PEER, actor, on=args.get("on", True)))


def share_with_peer(app: App, args: Args) -> Args:
    """What it gets from now on. Raises NotAPeer."""
    return _with_peer(app, args, lambda actor: peering.share(app, BY_PEER, actor, _gives(args)))


def stop_peer(app: App, args: Args) -> Args:
    """Exchange no more. Raises NotAPeer."""
    return _with_peer(app, args, lambda actor: peering.stop(app, BY_PEER, actor))


def list_villages(app: App, _args: Args) -> Args:
    """Every village that this node knows."""
    _stand(app)
    with app.db.read() as session:
        return {"villages": [_village_row(one) for one in all_villages(session)]}


def found_village(app: App, args: Args) -> Args:
    """A new village. Raises Invalid."""
    _stand(app)
    return _village(app, villages.found(app, BY_VILLAGE, args["name"], args.get("charter", "")).id)


def invite_to_village(app: App, args: Args) -> Args:
    """Ask a node in. Raises NotTheFounder, NodeNotRunning."""
    village_id = _village_id(app, args["village"])
    _online(app, villages.invite(app, BY_VILLAGE, village_id, args["address"]))
    return _village(app, village_id)


def join_village(app: App, args: Args) -> Args:
    """Say yes to an invitation, or ask in at an address. Raises NotAVillage, NodeNotRunning."""
    known = _known_village(app, args["village"])
    if known is None:
        return _village(app, _online(app, villages.ask_in(app, BY_VILLAGE, args["village"])).id)
    villages.accept(app, BY_VILLAGE, known)
    return _village(app, known)


def leave_village(app: App, args: Args) -> Args:
    """Go. Raises NoSuchVillage, FounderStays."""
    village_id = _village_id(app, args["village"])
    villages.leave(app, BY_VILLAGE, village_id)
    return _village(app, village_id)


def _online(app: App, asked: Coroutine[Any, Any, T]) -> T:
    """What needs the network is done by the node that runs. Raises NodeNotRunning."""
    try:
        app.ports.take(Exchange)
    except PortMissing:
        asked.close()
        raise NodeNotRunning from None
    return app.http.from_thread(asked)


def _stand(app: App) -> None:
    """A node that only this command opened knows who it is, too."""
    try:
        app.ports.take(Exchange)
    except PortMissing:
        keys = open_keys(app.data, app.settings.secret_key, clock.now())
        stand(app.db, standing_from(app.settings, app.seal, keys))


def _gives(args: Args) -> Mapping[str, Any]:
    """`--share`: all, none, or labels."""
    labels = args.get("tags") or []
    return {"agenda": sharing("tags" if labels else args.get("share") or "all", labels)}


def _with_peer(app: App, args: Args, act: Any) -> Args:
    _stand(app)
    with app.db.read() as session:
        actor = _find(session, args["peer"]).actor
    act(actor)
    return _peer(app, actor)


def _find(session: Session, text: str) -> Neighbour:
    """By id, actor, site or host. Raises NotAPeer."""
    wanted = text.strip().rstrip("/")
    for one in neighbours(session):
        if wanted in (str(one.id), one.actor, origin(one.actor), one.host):
            return one
    raise NotAPeer


def _peer(app: App, actor: str) -> Args:
    with app.db.read() as session:
        found = next((one for one in neighbours(session) if one.actor == actor), None)
    if found is None:
        raise ActorNotFound
    return _peer_row(found)


def _peer_row(one: Neighbour) -> Args:
    return {
        "id": str(one.id),
        "name": one.name,
        "url": one.url,
        "state": one.state,
        "gives": one.gives,
        "takes": one.takes,
        "queue": one.traffic.queue,
        "failures": one.traffic.failures,
    }


def _known_village(app: App, text: str) -> UUID | None:
    """By id, address or slug."""
    _stand(app)
    with app.db.read() as session:
        for one in all_villages(session):
            if text.strip() in (str(one.village.id), one.village.uri, one.village.slug):
                return one.village.id
    return None


def _village_id(app: App, text: str) -> UUID:
    found = _known_village(app, text)
    if found is None:
        raise NoSuchVillage
    return found


def _village(app: App, village_id: UUID) -> Args:
    with app.db.read() as session:
        return next(_village_row(one) for one in all_villages(session) if one.village.id == village_id)


def _village_row(one: VillageView) -> Args:
    return {
        "id": str(one.village.id),
        "name": one.village.name,
        "address": one.village.uri,
        "state": one.village.state,
        "members": [member.url for member in one.members],
    }


COMMANDS: Final = {
    "peer.list": peers,
    "peer.invite": invite_peer,
    "peer.accept": accept_peer,
    "peer.refuse": refuse_peer,
    "peer.pause": pause_peer,
    "peer.share": share_with_peer,
    "peer.stop": stop_peer,
    "village.list": list_villages,
    "village.found": found_village,
    "village.invite": invite_to_village,
    "village.join": join_village,
    "village.leave": leave_village,
}
