"""JSON API of follows: who follows this node, whom it follows."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from federation.blocks import Blocked
from federation.discovery.finding import ActorNotFound
from federation.follows import flows, queries
from federation.follows.service import CannotFollowMyself, NotFollowed
from federation.permissions import MANAGE
from kit.errors import BadCursor, BadRequest, TooManyRequests
from kit.http.errors import AddressRefused, RemoteTrouble
from kit.web import Call, api, flow, read
from kit.web.paging import Paged, linked, make_cursor, next_page, read_cursor

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
    """Both lists, by address; `next` goes on with what is left of either."""

    followers: list[Follow]
    following: list[Follow]
    next: str = ""


Ends = tuple[str | None, str | None]
"""After which address either list goes on; None when it is over."""
Read = Callable[[Session, str, int], list[queries.Follow]]


class Wanted(Struct):
    """Whom to follow: an address, `@name@host`, or the bare address of a site."""

    actor: str


class Address(Struct):
    """The actor's address, as listed."""

    actor: str


@read
def list_follows(call: Call, session: Session) -> Response:
    asked = call.query(Paged)
    ends: Ends = read_cursor(asked.cursor, Ends) if asked.cursor else ("", "")
    followers, first = _some(session, queries.followers, ends[0], asked.limit)
    following, second = _some(session, queries.followings, ends[1], asked.limit)
    goes_on = next_page(call, make_cursor((first, second))) if (first, second) != (None, None) else ""
    return linked(Follows(followers, following, goes_on), goes_on)


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


def _some(session: Session, read: Read, after: str | None, limit: int) -> tuple[list[Follow], str | None]:
    """Some of one list, and after which address it goes on."""
    if after is None:
        return [], None
    found = [_shape(one) for one in read(session, after, limit + 1)]
    return found[:limit], found[limit - 1].actor if len(found) > limit else None


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
        query=Paged,
        answer=Follows,
        refusals=(BadCursor,),
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
