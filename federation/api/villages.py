"""JSON API of villages: which ones this node is in, and who else."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.api.peers import MEETING
from federation.peering.service import NotAPeer
from federation.permissions import MANAGE
from federation.villages import flows
from federation.villages.listing import (
    Member,
    VillageView,
    place_in_list,
    place_in_village,
    view,
    villages,
)
from federation.villages.queries import NoSuchVillage, village_by_id
from federation.villages.service import FounderStays, NothingAsked, NotTheFounder
from federation.villages.terms import LONGEST_CHARTER, LONGEST_NAME, charter_hash
from kit.errors import BadCursor
from kit.web import Call, api, flow, read
from kit.web.paging import Paged, one_page

READ, WRITE = "villages:read", "villages:write"
AwareTime = Annotated[datetime, Meta(tz=True)]


class VillageJson(Struct):
    """A village. `state` is what this node is to it; `members` counts nodes."""

    id: UUID
    uri: str
    url: str
    name: str
    slug: str
    founder: str
    is_founder: bool
    state: Literal["member", "asked", "invited", "refused", "left", "removed", "known"]
    epoch: int
    members: int
    charter: str
    charter_hash: str
    since: datetime


class VillageList(Struct):
    items: list[VillageJson]
    next: str = ""


class MemberJson(Struct):
    """A node of a village."""

    id: UUID
    actor: str
    url: str
    name: str
    state: Literal["member", "asked", "invited", "refused", "left", "removed"]
    is_founder: bool
    is_here: bool
    since: datetime


class MemberList(Struct):
    items: list[MemberJson]
    next: str = ""


class Founding(Struct):
    """A village to found."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    charter: Annotated[str, Meta(max_length=LONGEST_CHARTER)] = ""


class Wanted(Struct):
    """The address of a node, or of a village."""

    address: Annotated[str, Meta(min_length=1, max_length=2048)]


@read
def list_villages(call: Call, session: Session) -> Response:
    return one_page(call, villages(session), place_in_list, tuple[bool, str, str], village_json)


@read
def one_village(call: Call, session: Session) -> VillageJson:
    return village_json(_view(call, session))


@read
def list_members(call: Call, session: Session) -> Response:
    members = _view(call, session).members
    return one_page(call, members, place_in_village, tuple[bool, AwareTime, str], _member_json)


@flow
def found(call: Call) -> VillageJson:
    asked = call.body(Founding)
    return _read(call, flows.found(call.app, call.principal, asked.name, asked.charter).id)


@flow
async def invite(call: Call) -> VillageJson:
    village_id: UUID = call.path["id"]
    await flows.invite(call.app, call.principal, village_id, call.body(Wanted).address)
    return await call.app.db.aread(lambda session: _shape(session, village_id))


@flow
async def ask_in(call: Call) -> VillageJson:
    village = await flows.ask_in(call.app, call.principal, call.body(Wanted).address)
    return await call.app.db.aread(lambda session: _shape(session, village.id))


@flow
def join(call: Call) -> VillageJson:
    flows.accept(call.app, call.principal, call.path["id"])
    return _read(call, call.path["id"])


@flow
def leave(call: Call) -> None:
    flows.leave(call.app, call.principal, call.path["id"])


@flow
def admit(call: Call) -> VillageJson:
    flows.admit(call.app, call.principal, call.path["id"], _member(call).actor)
    return _read(call, call.path["id"])


@flow
def remove(call: Call) -> None:
    """Removes a member, takes an invitation back, or refuses a request: whichever there is."""
    member = _member(call)
    verb = flows.turn_down if member.state == "asked" else flows.remove
    verb(call.app, call.principal, call.path["id"], member.actor)


def village_json(shown: VillageView) -> VillageJson:
    """A village as programs read it."""
    village = shown.village
    return VillageJson(
        id=village.id,
        uri=village.uri,
        url=village.uri,
        name=village.name,
        slug=village.slug,
        founder=village.founder,
        is_founder=shown.is_founder,
        state=village.state,  # type: ignore[arg-type]
        epoch=village.epoch,
        members=len(shown.members),
        charter=village.charter,
        charter_hash=charter_hash(village.charter),
        since=village.since,
    )


def _member_json(one: Member) -> MemberJson:
    return MemberJson(
        id=one.id,
        actor=one.actor,
        url=one.url,
        name=one.name,
        state=one.state,  # type: ignore[arg-type]
        is_founder=one.is_founder,
        is_here=one.is_here,
        since=one.since,
    )


def _view(call: Call, session: Session) -> VillageView:
    return view(session, village_by_id(session, call.path["id"]))


def _member(call: Call) -> Member:
    with call.app.db.read() as session:
        member = _view(call, session).member(call.path["member"])
    if member is None:
        raise NotAPeer
    return member


def _read(call: Call, village_id: UUID) -> VillageJson:
    with call.app.db.read() as session:
        return _shape(session, village_id)


def _shape(session: Session, village_id: UUID) -> VillageJson:
    return village_json(view(session, village_by_id(session, village_id)))


ALL = "/api/v1/villages"
ONE = f"{ALL}/{{id:uuid}}"
GUEST = f"{ONE}/members/{{member:uuid}}"
UNKNOWN = (NoSuchVillage,)
DOORS = (
    api(
        "GET",
        ALL,
        "api.villages.list",
        list_villages,
        needs=MANAGE,
        scope=READ,
        query=Paged,
        answer=VillageList,
        refusals=(BadCursor,),
        summary="Villages that this node is in, asked to join, or is invited to.",
    ),
    api(
        "GET",
        ONE,
        "api.villages.one",
        one_village,
        needs=MANAGE,
        scope=READ,
        answer=VillageJson,
        refusals=UNKNOWN,
    ),
    api(
        "GET",
        f"{ONE}/members",
        "api.villages.members",
        list_members,
        needs=MANAGE,
        scope=READ,
        query=Paged,
        answer=MemberList,
        refusals=(*UNKNOWN, BadCursor),
        summary="The nodes of a village.",
    ),
    api(
        "POST",
        ALL,
        "api.villages.found",
        found,
        needs=MANAGE,
        scope=WRITE,
        body=Founding,
        answer=VillageJson,
        status=201,
        summary="Found a village.",
    ),
    api(
        "POST",
        f"{ALL}/requests",
        "api.villages.ask_in",
        ask_in,
        needs=MANAGE,
        scope=WRITE,
        body=Wanted,
        answer=VillageJson,
        status=201,
        refusals=(*MEETING, flows.NotAVillage, flows.KeptHere),
        summary="Ask to join the village at an address.",
    ),
    api(
        "POST",
        f"{ONE}/invitations",
        "api.villages.invite",
        invite,
        needs=MANAGE,
        scope=WRITE,
        body=Wanted,
        answer=VillageJson,
        status=201,
        refusals=(*MEETING, *UNKNOWN, NotTheFounder),
        summary="Invite a node into a village of ours.",
    ),
    api(
        "POST",
        f"{ONE}/membership",
        "api.villages.join",
        join,
        needs=MANAGE,
        scope=WRITE,
        answer=VillageJson,
        refusals=UNKNOWN,
        summary="Say yes to an invitation, or ask again.",
    ),
    api(
        "DELETE",
        f"{ONE}/membership",
        "api.villages.leave",
        leave,
        needs=MANAGE,
        scope=WRITE,
        status=204,
        refusals=(*UNKNOWN, FounderStays),
        summary="Leave a village.",
    ),
    api(
        "POST",
        f"{GUEST}/acceptance",
        "api.villages.admit",
        admit,
        needs=MANAGE,
        scope=WRITE,
        answer=VillageJson,
        refusals=(*UNKNOWN, NotAPeer, NotTheFounder, NothingAsked),
        summary="Let in a node that asks.",
    ),
    api(
        "DELETE",
        GUEST,
        "api.villages.remove",
        remove,
        needs=MANAGE,
        scope=WRITE,
        status=204,
        refusals=(*UNKNOWN, NotAPeer, NotTheFounder, NothingAsked, FounderStays),
        summary="Remove a member, take an invitation back, refuse a request.",
    ),
)
