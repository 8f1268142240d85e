"""`/api/v1/statements/peers`: how far this node and its neighbours have written the same, line by line."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import BadCursor, NotFound
from kit.web import Call, api, read
from kit.web.paging import linked, make_cursor, next_page, read_cursor
from wallet import permissions
from wallet.federated.neighbours import host_of
from wallet.models.village import VillageCheckpoint, VillageLine, VillageMirror
from wallet.queries.village_lines import lines_after, mirror_of
from wallet.queries.village_money import peers_with_money, sides

PATH = "/api/v1/statements/peers"


class PointJson(Struct, frozen=True):
    """A line's number, the SHA-256 of its bytes, the balance after it. `at`: when both had signed, in ms."""

    seq: int
    hash: str
    balance: int
    at: int


class MirrorJson(Struct, frozen=True):
    """What `issuer` owes `holder` of one currency, as far as the lines are known without a gap.

    `seen`: the highest number heard of; `signed`: the last point that both have signed.
    """

    peer: str
    asset: UUID
    code: str
    issuer: str
    holder: str
    epoch: int
    seq: int
    hash: str
    balance: int
    seen: int
    agreed: int
    signed: PointJson | None


class MirrorList(Struct, frozen=True):
    """All of them, by peer and currency."""

    items: list[MirrorJson]
    next: str = ""


class VillageLineJson(Struct, frozen=True):
    """One line. `body` is its exact JSON as the issuer wrote it, `hash` the SHA-256 of these bytes."""

    epoch: int
    seq: int
    kind: str
    reference: str
    amount: int
    balance: int
    at: int
    hash: str
    body: str


class VillageLineList(Struct, frozen=True):
    """A page of lines, oldest first; `next` is the address of the following one."""

    items: list[VillageLineJson]
    next: str = ""


class LinesQuery(Struct, frozen=True):
    """Where a page begins, and how long it is."""

    cursor: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@read
def list_mirrors(call: Call, session: Session) -> MirrorList:
    found = sides(session, call.app.settings.node.url, clock.now())
    return MirrorList([_mirror(one.peer, one.mirror, one.checkpoint) for one in found if one.mirror])


@read
def list_lines(call: Call, session: Session) -> Response:
    """Raises NotFound, BadCursor."""
    asked, me = call.query(LinesQuery), call.app.settings.node.url
    host = call.path["peer"]
    peer = next((one for one in peers_with_money(session, me) if host_of(one) == host), None)
    mirror = mirror_of(session, me, peer, call.path["asset"]) if peer else None
    if mirror is None:
        raise NotFound
    after: tuple[int, int] = read_cursor(asked.cursor, tuple[int, int]) if asked.cursor else (0, 0)
    side = (mirror.issuer, mirror.holder, mirror.asset)
    found = lines_after(session, side, after, asked.limit + 1)
    shown = found[: asked.limit]
    goes_on = len(found) > asked.limit
    following = next_page(call, make_cursor((shown[-1].epoch, shown[-1].seq))) if goes_on else ""
    return linked(VillageLineList([_line(one) for one in shown], following), following)


def _mirror(peer: str, one: VillageMirror, point: VillageCheckpoint | None) -> MirrorJson:
    return MirrorJson(
        peer=peer,
        asset=one.currency_id,
        code=one.asset,
        issuer=one.issuer,
        holder=one.holder,
        epoch=one.epoch,
        seq=one.seq,
        hash=one.hash,
        balance=one.balance,
        seen=one.seen,
        agreed=one.agreed,
        signed=PointJson(point.seq, point.hash, point.balance, point.at) if point else None,
    )


def _line(one: VillageLine) -> VillageLineJson:
    return VillageLineJson(
        one.epoch, one.seq, one.kind, one.ref, one.delta, one.balance, one.at, one.hash, one.body.decode()
    )


GUARD = {"scope": "money:read", "needs": permissions.VILLAGE}
DOORS = (
    api(
        "GET", PATH, "api.mirrors", list_mirrors,
        answer=MirrorList, summary="How far both nodes have written the same", **GUARD,
    ),
    api(
        "GET", f"{PATH}/{{peer}}/{{asset:uuid}}", "api.mirrors.lines", list_lines,
        query=LinesQuery, answer=VillageLineList, refusals=(BadCursor,),
        summary="The lines between this node and a neighbour", **GUARD,
    ),
)  # fmt: skip
