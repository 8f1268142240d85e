"""JSON API of follows: who follows this node, whom it follows."""

from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from federation.blocks import Blocked
from federation.discovery.finding import ActorNotFound
from federation.follows import flows, queries
from federation.follows.service import CannotFollowMyself, NotFollowed
from federation.permissions import MANAGE
from kit.errors import BadRequest, TooManyRequests
from kit.http.errors import AddressRefused, RemoteTrouble
from kit.web import Call, api, flow, read

READ, WRITE = "follows:read", "follows:write"
Way = Literal["followers", "following"]


class Follow(Struct):
    """One follow: `actor` is the other side's address, `state` is "asked", "accepted" or "refused"."""

    actor: str
    name: str
    url: str
    state: str
    since: datetime


class Follows(Struct):
    """Both lists, each from its `after` on."""

    followers: list[Follow]
    following: list[Follow]


class After(Struct):
    """Addresses past which each list goes on."""

    followers_after: str = ""
    following_after: str = ""


class Wanted(Struct):
    """Whom to follow: an address, `@name@host`, or the bare address of a site."""

    actor: str


class Address(Struct):
    """The actor's address, as listed."""

    actor: str


@read
def list_follows(call: Call, session: Session) -> Follows:
    asked = call.query(After)
    return Follows(
        [_shape(one) for one in queries.followers(session, asked.followers_after)],
        [_shape(one) for one in queries.followings(session, asked.following_after)],
    )


@flow
async def follow(call: Call) -> Follow:
    row = await flows.follow(call.app, call.body(Wanted).actor)
    return Follow(row.actor_uri, "", row.actor_uri, row.state, row.asked_at)


@flow
async def unfollow(call: Call) -> None:
    await flows.unfollow(call.app, call.query(Address).actor)


FOLLOW_REFUSALS = (
    *(ActorNotFound, AddressRefused, BadRequest, Blocked),
    *(CannotFollowMyself, RemoteTrouble, TooManyRequests),
)


def _shape(one: queries.Follow) -> Follow:
    return Follow(one.actor, one.name, one.url, one.state, one.since)


DOORS = (
    api(
        "GET",
        "/api/v1/follows",
        "api.follows.list",
        list_follows,
        needs=MANAGE,
        scope=READ,
        query=After,
        answer=Follows,
        summary="Who follows this node, and whom it follows.",
    ),
    api(
        "POST",
        "/api/v1/follows",
        "api.follows.create",
        follow,
        needs=MANAGE,
        scope=WRITE,
        body=Wanted,
        answer=Follow,
        status=201,
        refusals=FOLLOW_REFUSALS,
        summary="Follow an actor of any server that speaks ActivityPub.",
    ),
    api(
        "DELETE",
        "/api/v1/follows",
        "api.follows.delete",
        unfollow,
        needs=MANAGE,
        scope=WRITE,
        query=Address,
        status=204,
        refusals=(NotFollowed,),
        summary="Follow an actor no more.",
    ),
)
