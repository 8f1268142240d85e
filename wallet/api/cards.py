"""`/api/v1/cards`: found, enrolled, lost, found again, blocked, linked to a person.

A chip's number or a code is asked about in a body, never in an address: addresses end up in logs.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, Door, api, read, write
from kit.web.paging import linked, next_page
from people.service import persons
from wallet import card_refusals, refusals
from wallet.api import bodies
from wallet.api.parties import tap_of
from wallet.api.wallets import BalanceJson, balances_json
from wallet.keyring import card_keys
from wallet.models.card import ACTIVE, PassCard
from wallet.permissions import CARDS, LOAD
from wallet.queries.balances import balances, spendable_here
from wallet.queries.card_pages import WantedCards, cards_after
from wallet.queries.cards import card_by_id, find_card, owner_of
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.linking import link_card, replace_card
from wallet.service.cards.states import block_card, mark_found, mark_lost, unblock_card

PATH = "/api/v1/cards"
ONE = f"{PATH}/{{id:uuid}}"


class CardsQuery(Struct, frozen=True, kw_only=True):
    """Which cards; a page starts after `cursor`."""

    state: Literal["", "active", "lost", "blocked", "replaced"] = ""
    kind: Literal["", "pass", "staff"] = ""
    batch: UUID | None = None
    wallet: UUID | None = None
    person: UUID | None = None
    cursor: Annotated[str, Meta(max_length=100)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class CardJson(Struct, frozen=True):
    """A card, bracelet or phone code, and the wallet that it opens."""

    id: UUID
    number: str
    code: str
    uid: str | None
    kind: str
    chip: str
    state: str
    wallet: UUID
    person: UUID | None
    batch: UUID | None
    created_at: datetime


class CardList(Struct, frozen=True):
    """A page of cards by number; `next` is the address of the following one."""

    items: list[CardJson]
    next: str = ""


class LookUpJson(Struct, frozen=True):
    """What a card is and may pay here. A card that may not pay says its state alone.

    `proved`: its chip proved this very tap. `spendable` is in euro cents.
    """

    card: UUID
    number: str
    state: str
    kind: str
    wallet: UUID
    first_name: str
    proved: bool
    balances: list[BalanceJson]
    spendable: int


@read
def list_cards(call: Call, session: Session) -> Response:
    asked = call.query(CardsQuery)
    wanted = WantedCards(
        asked.state, asked.kind, asked.batch, asked.wallet, asked.person, asked.cursor, asked.limit + 1
    )
    found = cards_after(session, wanted)
    shown = found[: asked.limit]
    after = next_page(call, shown[-1][0].number) if len(found) > asked.limit else ""
    return linked(CardList([_card(card, person) for card, person in shown], after), after)


@read
def get_card(call: Call, session: Session) -> CardJson:
    return _told(session, card_by_id(session, call.path["id"]))


@read
def look_up(call: Call, session: Session) -> LookUpJson:
    found = find_card(session, tap_of(call.body(bodies.TapFields)), card_keys(call.app))
    card, is_active = found.card, found.card.state == ACTIVE
    person = owner_of(session, card) if is_active else None
    held = [one for one in balances(session, card.wallet_id) if not one.has_expired] if is_active else []
    return LookUpJson(
        card=card.id,
        number=card.number,
        state=card.state,
        kind=card.kind,
        wallet=card.wallet_id,
        first_name=person.name.split()[0] if person and person.name.strip() else "",
        proved=found.counter is not None,
        balances=balances_json(held),
        spendable=spendable_here(held),
    )


@write
def enrol(call: Call, session: Session) -> CardJson:
    said = call.body(bodies.CardFields)
    values = {name: getattr(said, name) for name in bodies.CardFields.__struct_fields__}
    return _told(session, enrol_card(session, call.principal, **values))


@write
def lose(call: Call, session: Session) -> CardJson:
    reason = call.body(bodies.MarkFields).reason
    mark_lost(session, call.principal, call.path["id"], reason)
    return _again(call, session)


@write
def recover(call: Call, session: Session) -> CardJson:
    reason = call.body(bodies.MarkFields).reason
    mark_found(session, call.principal, call.path["id"], reason)
    return _again(call, session)


@write
def block(call: Call, session: Session) -> CardJson:
    said = call.body(bodies.BlockFields)
    verb = block_card if said.blocked else unblock_card
    verb(session, call.principal, call.path["id"], said.reason)
    return _again(call, session)


@write
def link(call: Call, session: Session) -> CardJson:
    person = persons.get(session, call.body(bodies.LinkFields).person)
    link_card(session, call.principal, call.path["id"], person.id)
    return _again(call, session)


@write
def replace(call: Call, session: Session) -> CardJson:
    """The old card never pays again; the new one opens its wallet."""
    new = call.body(bodies.ReplaceFields).card
    return _told(session, replace_card(session, call.principal, call.path["id"], new))


def _again(call: Call, session: Session) -> CardJson:
    return _told(session, card_by_id(session, call.path["id"]))


def _told(session: Session, card: PassCard) -> CardJson:
    person = owner_of(session, card)
    return _card(card, person.id if person else None)


def _card(card: PassCard, person: UUID | None) -> CardJson:
    same = ("id", "number", "code", "uid", "kind", "chip", "state", "created_at")
    values: dict[str, Any] = {name: getattr(card, name) for name in same}
    return CardJson(**values, wallet=card.wallet_id, person=person, batch=card.batch_id)


GUARD = {"scope": "cards:read", "needs": CARDS}
TAP = (
    card_refusals.CardAmbiguous,
    card_refusals.CardMessageMalformed,
    card_refusals.CardAltered,
    card_refusals.CardWrong,
    refusals.CardUnknown,
)
CLOSED = (refusals.CardReplaced,)
FOUND = (*CLOSED, refusals.CardBlocked)
TAKEN = (
    *CLOSED,
    card_refusals.CardTaken,
    refusals.CardLost,
    refusals.CardBlocked,
    refusals.WalletHeld,
)


def _act(path: str, run: Any, body: type, summary: str, *no: Any, status: int = 200) -> Door:
    name = f"api.cards.{path.rpartition('/')[2] if path != PATH else 'create'}"
    return api(
        "POST", path, name, run,
        scope="cards:write", needs=CARDS, body=body, answer=CardJson, status=status,
        refusals=(refusals.CardUnknown, *no), summary=summary,
    )  # fmt: skip


DOORS = (
    api("GET", PATH, "api.cards", list_cards, query=CardsQuery, answer=CardList, summary="Cards", **GUARD),
    api(
        "GET", ONE, "api.card", get_card,
        answer=CardJson, refusals=(refusals.CardUnknown,), summary="One card", **GUARD,
    ),
    api(
        "POST", f"{PATH}/lookups", "api.cards.lookups", look_up,
        scope="cards:read", needs=LOAD, body=bodies.TapFields, answer=LookUpJson, refusals=TAP,
        summary="What a card is and may pay here",
    ),
    _act(
        PATH, enrol, bodies.CardFields, "Enrol a card",
        card_refusals.BadCard, card_refusals.CardKnown, status=201,
    ),
    _act(f"{ONE}/loss", lose, bodies.MarkFields, "Declare a card lost", *CLOSED),
    _act(f"{ONE}/recovery", recover, bodies.MarkFields, "Say that it was found", *FOUND),
    _act(f"{ONE}/block", block, bodies.BlockFields, "Block a card or open it again", *CLOSED),
    _act(f"{ONE}/link", link, bodies.LinkFields, "Give a card to a person", *TAKEN),
    _act(
        f"{ONE}/replacement", replace, bodies.ReplaceFields,
        "Put another card in its place", *TAKEN, refusals.SameWallet,
    ),
)  # fmt: skip
