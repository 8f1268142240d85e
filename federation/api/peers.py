"""JSON API of peers: whom this node exchanges with, what it gives, how the exchange goes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.blocks import Blocked
from federation.discovery.finding import ActorNotFound
from federation.models.peers import ACTIVE, PAUSED
from federation.peering import flows
from federation.peering.listing import OFFERED_BY_US, Neighbour, neighbour, neighbours, place_in_list
from federation.peering.service import CannotPeerWithMyself, NotAPeer, NothingOffered
from federation.peering.terms import SHARE_EVERYTHING, sharing
from federation.permissions import MANAGE
from kit.errors import BadCursor, BadRequest, Invalid, TooManyRequests
from kit.http.errors import AddressRefused, RemoteTrouble
from kit.i18n import _
from kit.web import Call, api, flow, read
from kit.web.paging import Paged, one_page

READ, WRITE = "peers:read", "peers:write"


class Shared(Struct):
    """What is shared of one room: everything, what wears one of `tags`, or nothing."""

    mode: Literal["all", "tags", "none"]
    tags: list[str] = []


class PeerJson(Struct):
    """Another node. `failures` counts those in a row; `paused_here` and `paused_there` say who paused."""

    id: UUID
    actor: str
    url: str
    name: str
    state: Literal["active", "paused", "offered", "invited", "refused", "stopped"]
    gives: dict[str, Any]
    takes: dict[str, Any]
    since: datetime
    last_exchange_in: datetime | None
    last_exchange_out: datetime | None
    queue: int
    failures: int
    last_error: str
    paused_here: bool
    paused_there: bool
    has_new_keys: bool


class PeerList(Struct):
    """A page of peers; `next` is the address of the following one."""

    items: list[PeerJson]
    next: str = ""


class Invitation(Struct):
    """`address`: the node's site, actor or account. `gives` by room; everything when left out."""

    address: str
    gives: dict[str, Shared] = {}


class Answer(Struct):
    """What we share with a node whose offer is accepted; everything when left out."""

    gives: dict[str, Shared] = {}


class Change(Struct):
    """Only what is named changes."""

    gives: dict[str, Shared] | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


@read
def list_peers(call: Call, session: Session) -> Response:
    return one_page(call, neighbours(session), place_in_list, tuple[int, str, str], peer_json)


@read
def one_peer(call: Call, session: Session) -> PeerJson:
    return peer_json(neighbour(session, call.path["id"]))


@flow
async def invite(call: Call) -> PeerJson:
    asked = call.body(Invitation)
    actor = await flows.invite(call.app, call.principal, asked.address, gives_of(call, asked.gives))
    found = await call.app.db.aread(neighbours)
    return next(peer_json(one) for one in found if one.actor == actor)


@flow
def accept(call: Call) -> PeerJson:
    asked = call.body(Answer)
    flows.accept(call.app, call.principal, _asked(call).actor, gives_of(call, asked.gives))
    return peer_json(_asked(call))


@flow
def change(call: Call) -> PeerJson:
    asked, found = call.body(Change), _asked(call)
    if not isinstance(asked.gives, UnsetType):
        gives = {**found.gives, **gives_of(call, asked.gives)}
        flows.share(call.app, call.principal, found.actor, gives)
    if not isinstance(asked.paused, UnsetType):
        flows.pause(call.app, call.principal, found.actor, on=asked.paused)
    return peer_json(_asked(call))


@flow
def end(call: Call) -> None:
    """Ends an exchange, takes an invitation back, or refuses an offer: whichever there is."""
    found = _asked(call)
    if found.state in (ACTIVE, PAUSED):
        flows.stop(call.app, call.principal, found.actor)
    elif found.state == OFFERED_BY_US:
        flows.withdraw(call.app, call.principal, found.actor)
    else:
        flows.refuse(call.app, call.principal, found.actor)


def gives_of(call: Call, asked: dict[str, Shared]) -> dict[str, Any]:
    """Settings as peerings keep them; everything where nothing was said. Raises Invalid (no such room)."""
    known = {scope.name for feature in call.app.house.features for scope in feature.peer_scopes}
    wrong = {f"gives.{name}": _("This room shares nothing.") for name in asked if name not in known}
    if wrong:
        raise Invalid(fields=wrong)
    return {name: sharing(one.mode, one.tags) for name, one in asked.items()} or dict(SHARE_EVERYTHING)


def peer_json(one: Neighbour) -> PeerJson:
    """A neighbour as programs read it."""
    return PeerJson(
        id=one.id,
        actor=one.actor,
        url=one.url,
        name=one.name,
        state=one.state,  # type: ignore[arg-type]
        gives=dict(one.gives),
        takes=dict(one.takes),
        since=one.since,
        last_exchange_in=one.traffic.last_in,
        last_exchange_out=one.traffic.last_out,
        queue=one.traffic.queue,
        failures=one.traffic.failures,
        last_error=one.traffic.last_error,
        paused_here=one.is_paused_here,
        paused_there=one.is_paused_there,
        has_new_keys=one.has_new_keys,
    )


def _asked(call: Call) -> Neighbour:
    with call.app.db.read() as session:
        return neighbour(session, call.path["id"])


MEETING = (
    *(ActorNotFound, AddressRefused, BadRequest, Blocked, CannotPeerWithMyself),
    *(flows.NotANode, RemoteTrouble, TooManyRequests),
)
ONE = "/api/v1/peers/{id:uuid}"
DOORS = (
    api(
        "GET",
        "/api/v1/peers",
        "api.peers.list",
        list_peers,
        needs=MANAGE,
        scope=READ,
        query=Paged,
        answer=PeerList,
        refusals=(BadCursor,),
        summary="Nodes that this one exchanges with, or that one of both asked.",
    ),
    api(
        "POST",
        "/api/v1/peers",
        "api.peers.create",
        invite,
        needs=MANAGE,
        scope=WRITE,
        body=Invitation,
        answer=PeerJson,
        status=201,
        refusals=MEETING,
        summary="Offer a peering; where the other node offered one already, accept it.",
    ),
    api(
        "GET", ONE, "api.peers.one", one_peer, needs=MANAGE, scope=READ, answer=PeerJson, refusals=(NotAPeer,)
    ),
    api(
        "POST",
        f"{ONE}/acceptance",
        "api.peers.accept",
        accept,
        needs=MANAGE,
        scope=WRITE,
        body=Answer,
        answer=PeerJson,
        refusals=(NotAPeer, NothingOffered, Blocked),
        summary="Say yes to what another node offers.",
    ),
    api(
        "PATCH",
        ONE,
        "api.peers.change",
        change,
        needs=MANAGE,
        scope=WRITE,
        body=Change,
        answer=PeerJson,
        refusals=(NotAPeer,),
        summary="Share more or less, pause, go on.",
    ),
    api(
        "DELETE",
        ONE,
        "api.peers.end",
        end,
        needs=MANAGE,
        scope=WRITE,
        status=204,
        refusals=(NotAPeer, NothingOffered),
        summary="End an exchange, take an invitation back, refuse an offer.",
    ),
)
