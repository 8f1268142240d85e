"""Whose a card is: linked to a person, or put in another card's place. It asks first: neither is undone."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.web import Call, flow, page, read
from people.queries.listing import find_people
from people.service import persons
from wallet.cards.reading import Tap
from wallet.keyring import card_keys
from wallet.models.card import PassCard
from wallet.pages.showing import money_page
from wallet.permissions import CARDS
from wallet.queries.balances import balances
from wallet.queries.cards import card_by_id, find_card, owner_of
from wallet.refusals import CardUnknown
from wallet.service.cards.linking import link_card, replace_card


class Searched(Struct):
    """Words of a name or an address."""

    q: Annotated[str, Meta(max_length=100)] = ""


class LinkForm(Struct):
    """To whom; `sure` once the question was answered."""

    person: UUID
    sure: bool = False


class ReplaceForm(Struct):
    """By which card; `sure` once the question was answered."""

    tap: Annotated[str, Meta(max_length=2000)]
    sure: bool = False


@read
def choose_person(call: Call, session: Session) -> Response:
    """Find whose card this is. Raises CardUnknown."""
    return _choose(call, session, card_by_id(session, call.path["id"]), call.query(Searched).q)


@flow
def link(call: Call) -> Response:
    """Ask, then link the card and move its balances. Raises CardUnknown."""
    card_id: UUID = call.path["id"]
    try:
        form = call.form(LinkForm)
        if not form.sure:
            return _ask_link(call, card_id, form.person)
        call.app.db.write(lambda session: link_card(session, call.principal, card_id, form.person).id)
    except CardUnknown:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return _choose(call, session, card_by_id(session, card_id), "", refusal)
    return call.see_other("wallet.card", id=card_id, notice=_("The card is linked."))


@read
def choose_card(call: Call, session: Session) -> Response:
    """Which card takes its place? Raises CardUnknown."""
    return money_page(call, "wallet/card_replace.html", card=card_by_id(session, call.path["id"]), tap="")


@flow
def replace(call: Call) -> Response:
    """Ask, then put the new card in the old one's place. Raises CardUnknown when there is no old one."""
    with call.app.db.read() as session:
        old = card_by_id(session, call.path["id"])
    try:
        form = call.form(ReplaceForm)
        with call.app.db.read() as session:
            new = find_card(session, Tap(text=form.tap), card_keys(call.app)).card
        if not form.sure:
            return _ask_replace(call, old, new)
        call.app.db.write(lambda session: replace_card(session, call.principal, old.id, new.id).id)
    except Refusal as refusal:
        tap = call.form_values().get("tap", "")
        return money_page(call, "wallet/card_replace.html", refusal, card=old, tap=tap)
    return call.see_other("wallet.card", id=new.id, notice=_("The new card opens the same wallet."))


def _choose(call: Call, session: Session, card: PassCard, q: str, refusal: Refusal | None = None) -> Response:
    people = find_people(session, q=q).persons if q else []
    return money_page(call, "wallet/card_link.html", refusal, card=card, q=q, people=people)


def _ask_link(call: Call, card_id: UUID, person_id: UUID) -> Response:
    with call.app.db.read() as session:
        card = card_by_id(session, card_id)
        return money_page(
            call,
            "wallet/card_link_sure.html",
            card=card,
            person=persons.get(session, person_id),
            held=balances(session, card.wallet_id),
        )


def _ask_replace(call: Call, old: PassCard, new: PassCard) -> Response:
    with call.app.db.read() as session:
        return money_page(
            call,
            "wallet/card_replace_sure.html",
            card=old,
            new=new,
            person=owner_of(session, old),
            held=balances(session, old.wallet_id),
            held_by_new=balances(session, new.wallet_id),
        )


DOORS = (
    page(
        "GET", "/admin/money/cards/{id:uuid}/link", "wallet.card_whose", choose_person, needs=CARDS,
        query=Searched,
    ),
    page("POST", "/admin/money/cards/{id:uuid}/link", "wallet.card_link", link, needs=CARDS),
    page("GET", "/admin/money/cards/{id:uuid}/replace", "wallet.card_other", choose_card, needs=CARDS),
    page("POST", "/admin/money/cards/{id:uuid}/replace", "wallet.card_replace", replace, needs=CARDS),
)  # fmt: skip
