"""The villages founded here as Group actors, the list of their members, and how WebFinger finds them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from config.collective import Collective
from federation import proofs
from federation.documents.actor import group_document
from federation.documents.card import GroupCard
from federation.documents.context import AS2, activity_context
from federation.exchange import exchange_of
from federation.models.villages import MEMBER, Village
from federation.pages.answers import activity_answer, wants_activity
from federation.standing import standing_of
from federation.villages.queries import NoSuchVillage, roster_of
from federation.villages.terms import charter_hash, roster_document
from kit.choices import read_choice
from kit.web import Call, protocol, read

LONGEST_EXCERPT = 300


def group_names(session: Session) -> Mapping[str, str]:
    """User name to address of every village founded here."""
    own = standing_of(session)
    query = select(Village.slug, Village.uri).where(Village.founder == own.actor)
    return dict(session.execute(query).all())


@read
def group(call: Call, session: Session) -> Response:
    """A village founded here; a browser is sent to the public page of the village."""
    village = _village(call, session)
    if not wants_activity(call):
        return call.see_other("/village")
    if village.founder != standing_of(session).actor:
        raise NoSuchVillage(cause="another node keeps this village")
    card = exchange_of(call.app).identity.card(read_choice(session, Collective))
    return activity_answer(call, group_document(card, _card(village)), seconds=60)


@read
def members(call: Call, session: Session) -> Response:
    """Who is in it: our own list, signed now; or that of another founder, in the words that it signed."""
    village = _village(call, session)
    if village.founder != standing_of(session).actor:
        return activity_answer(call, village.roster or _empty(call))
    identity = exchange_of(call.app).identity
    document = {"@context": activity_context()} | roster_document(roster_of(session, village))
    signed = proofs.prove(document, identity.keys.proof_key(identity.actor), village.changed_at)
    return activity_answer(call, signed, seconds=60)


@read
def nothing(call: Call, session: Session) -> Response:
    """The Group never speaks and nobody follows it: the node that founded it does."""
    _village(call, session)
    return activity_answer(call, _empty(call))


def _village(call: Call, session: Session) -> Village:
    """One that this node is in. Raises NoSuchVillage."""
    query = select(Village).where(Village.slug == call.path["slug"], Village.state == MEMBER)
    village = session.scalar(query)
    if village is None:
        raise NoSuchVillage
    return village


def _card(village: Village) -> GroupCard:
    text = village.charter
    return GroupCard(
        slug=village.slug,
        name=village.name,
        since=village.since,
        summary=text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…",
        epoch=village.epoch,
        charter=f"{village.uri}/members",
        charter_hash=charter_hash(text),
    )


def _empty(call: Call) -> dict[str, Any]:
    return {
        "@context": AS2,
        "id": call.absolute(call.request.url.path),
        "type": "OrderedCollection",
        "totalItems": 0,
        "orderedItems": [],
    }


HERE = "/villages/{slug}"
DOORS = (
    protocol("GET", HERE, "federation.village", group, refusals=(NoSuchVillage,), summary="A village."),
    protocol("GET", f"{HERE}/members", "federation.village_members", members, refusals=(NoSuchVillage,)),
    protocol("GET", f"{HERE}/outbox", "federation.village_outbox", nothing, refusals=(NoSuchVillage,)),
    protocol("GET", f"{HERE}/followers", "federation.village_followers", nothing, refusals=(NoSuchVillage,)),
)
