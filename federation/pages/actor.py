"""GET /actor, its outbox page by page, its followers as numbers, and one activity."""

import uuid
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.collective import Collective
from federation.delivery.due import Unsealed
from federation.delivery.sealing import seal
from federation.documents.actor import actor_document
from federation.documents.context import AS2
from federation.exchange import Exchange, exchange_of
from federation.follows.queries import count_followers, count_followings
from federation.models.outbox import OutboxActivity
from federation.outbox.queries import PAGE, count_published, public_activity, published
from federation.pages.answers import activity_answer, wants_activity
from federation.pages.signs import note_life
from kit.choices import read_choice
from kit.errors import NotFound
from kit.web import Call, protocol, read


class Page(Struct):
    """`page` asks for items; `before` for those older than one."""

    page: str = ""
    before: uuid.UUID | None = None


@read
def actor(call: Call, session: Session) -> Response:
    """The node's actor; a browser is sent to the home page."""
    if not wants_activity(call):
        return call.see_other("/")
    card = exchange_of(call.app).identity.card(read_choice(session, Collective), logo_of(call))
    return activity_answer(call, actor_document(card), seconds=300)


@read
def outbox(call: Call, session: Session) -> Response:
    """Everything public, newest first, with proofs."""
    exchange, asked = exchange_of(call.app), call.query(Page)
    note_life(call, session)
    address = call.absolute("/outbox")
    if not asked.page and asked.before is None:
        head = _collection(address, count_published(session)) | {"first": f"{address}?page=1"}
        return activity_answer(call, head)
    rows = published(session, asked.before)
    page: dict[str, Any] = {
        "@context": AS2,
        "id": call.absolute(_target(call)),
        "type": "OrderedCollectionPage",
        "partOf": address,
        "orderedItems": [_raw(exchange, row) for row in rows],
    }
    if len(rows) == PAGE:
        page["next"] = f"{address}?page=1&before={rows[-1].id}"
    return activity_answer(call, page)


@read
def followers(call: Call, session: Session) -> Response:
    """How many follow this node; who they are is nobody's business."""
    return activity_answer(call, _collection(call.absolute("/followers"), count_followers(session)))


@read
def following(call: Call, session: Session) -> Response:
    """How many this node follows."""
    return activity_answer(call, _collection(call.absolute("/following"), count_followings(session)))


@read
def activity(call: Call, session: Session) -> Response:
    """One public activity, as it was sent."""
    row = public_activity(session, call.path["id"])
    if row is None:
        raise NotFound
    return activity_answer(call, msgspec.json.decode(_sealed(exchange_of(call.app), row)))


def logo_of(call: Call) -> str:
    """Absolute address of the collective's logo; "" while it has none."""
    return call.absolute(f"/files/{call.collective.logo}") if call.collective.logo else ""


def _collection(address: str, total: int) -> dict[str, Any]:
    return {"@context": AS2, "id": address, "type": "OrderedCollection", "totalItems": total}


def _target(call: Call) -> str:
    return f"{call.request.url.path}?{call.request.url.query}"


def _raw(exchange: Exchange, row: OutboxActivity) -> msgspec.Raw:
    return msgspec.Raw(_sealed(exchange, row))


def _sealed(exchange: Exchange, row: OutboxActivity) -> bytes:
    key = exchange.identity.keys.proof_key(exchange.identity.actor)
    return seal(Unsealed(row.id, row.body, row.sealed, row.created_at), key)


DOORS = (
    protocol("GET", "/actor", "federation.actor", actor, summary="Who this node is."),
    protocol("GET", "/outbox", "federation.outbox", outbox, query=Page, summary="What it published."),
    protocol("GET", "/followers", "federation.followers", followers, summary="How many follow it."),
    protocol("GET", "/following", "federation.following", following, summary="How many it follows."),
    protocol("GET", "/activities/{id:uuid}", "federation.activity", activity, summary="One activity."),
)
