"""My Pass cards: their state, one that I lost or found again, one more that joins my wallet."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import Refusal
from kit.i18n import _
from kit.limits import take
from kit.web import Call, flow, page, read
from people.identity import client_of
from wallet.cards.number import shown_number, spoken_number
from wallet.claim_refusals import CardMine
from wallet.keyring import card_keys
from wallet.models.card import PassCard
from wallet.pages.mine import me, private
from wallet.pages.my_words import CARD_STATES
from wallet.pages.showing import money_page
from wallet.queries.cards import card_by_id, cards_of, owner_of
from wallet.queries.claims import Claim, claim
from wallet.queries.personal import states_since
from wallet.refusals import CardUnknown
from wallet.service.cards.linking import link_card
from wallet.service.cards.states import mark_found, mark_lost

HOUR = timedelta(hours=1)
TRIES, TRIES_FROM_ONE_PLACE = 20, 60
"""Numbers that one person may try in an hour; more at one address: a family, a festival's network."""


class LinkForm(Struct):
    """What I typed or scanned; `sure` once I have seen what the card brings."""

    card: Annotated[str, Meta(max_length=500)] = ""
    sure: Annotated[str, Meta(max_length=3)] = ""


@read
def my_cards(call: Call, session: Session) -> Response:
    """Those in use first."""
    return _cards_page(call, session, cards_of(session, me(call)))


@flow
def link(call: Call) -> Response:
    """What the card brings, and one question; then it opens my wallet. Refused tries count too."""
    try:
        form = call.form(LinkForm)
        _count_try(call)
        with call.app.db.read() as session:
            found = _claim(session, call, form)
            if form.sure != "yes":
                return private(money_page(call, "wallet/my_card_link.html", claim=found, said=form.card))
        call.app.db.write(lambda session: _join(session, call, form))
    except CardMine as refusal:
        return call.see_other("wallet.my_cards", notice=refusal.sentence)
    except Refusal as refusal:
        return _again(call, refusal)
    return call.see_other("wallet.my_cards", notice=_("This card opens my wallet now."))


@read
def ask_lost(call: Call, session: Session) -> Response:
    """What happens when I declare it lost."""
    return private(money_page(call, "wallet/my_card_lost.html", card=_mine(call, session)))


@flow
def lost(call: Call) -> Response:
    """It pays nothing from now on; I may take that back."""
    card = call.app.db.write(lambda session: _lose(session, call))
    back = call.url("wallet.found_card", id=call.path["id"])
    notice = _("The card %(number)s no longer pays.") % {"number": shown_number(card.number)}
    return call.see_other("wallet.my_cards", notice=notice, undo=back)


@flow
def found(call: Call) -> Response:
    """It pays again."""
    card = call.app.db.write(lambda session: _find(session, call))
    notice = _("The card %(number)s pays again.") % {"number": shown_number(card.number)}
    return call.see_other("wallet.my_cards", notice=notice)


def _cards_page(
    call: Call, session: Session, cards: Sequence[PassCard], refusal: Refusal | None = None
) -> Response:
    response = money_page(
        call,
        "wallet/my_cards.html",
        refusal,
        cards=sorted(cards, key=lambda card: list(CARD_STATES).index(card.state)),
        since=states_since(session, cards),
        states=CARD_STATES,
        spoken_number=spoken_number,
        typed=call.form_values().get("card", ""),
    )
    return private(response)


def _again(call: Call, refusal: Refusal) -> Response:
    """My cards, with what is wrong beside the field; what I typed stays."""
    told = (
        refusal
        if refusal.fields
        else type(refusal)(
            refusal.sentence, fields={"card": refusal.sentence}, retry_after=refusal.retry_after
        )
    )
    with call.app.db.read() as session:
        response = _cards_page(call, session, cards_of(session, me(call)), told)
    if refusal.retry_after is not None:
        response.headers["retry-after"] = str(refusal.retry_after)
    return response


def _count_try(call: Call) -> None:
    """In a transaction of its own: what is refused afterwards stays counted. Raises TooManyRequests."""
    person, place = f"card-guess:{me(call)}", f"card-guess:{client_of(call)}"

    def count(session: Session) -> None:
        take(session, person, TRIES, HOUR)
        take(session, place, TRIES_FROM_ONE_PLACE, HOUR)

    call.app.db.write(count)


def _claim(session: Session, call: Call, form: LinkForm) -> Claim:
    return claim(session, me(call), form.card, card_keys(call.app))


def _join(session: Session, call: Call, form: LinkForm) -> UUID:
    return link_card(session, call.principal, _claim(session, call, form).card.id, me(call)).id


def _mine(call: Call, session: Session) -> PassCard:
    """The card of the address, when it is mine; someone else's does not exist for me. Raises CardUnknown."""
    card = card_by_id(session, call.path["id"])
    owner = owner_of(session, card)
    if owner is None or owner.id != me(call):
        raise CardUnknown(cause="not theirs")
    return card


def _lose(session: Session, call: Call) -> PassCard:
    return mark_lost(session, call.principal, _mine(call, session).id)


def _find(session: Session, call: Call) -> PassCard:
    return mark_found(session, call.principal, _mine(call, session).id)


DOORS = (
    page("GET", "/my/cards", "wallet.my_cards", my_cards, needs="signed_in", summary="My Pass cards"),
    page("POST", "/my/cards/link", "wallet.claim_card", link, needs="signed_in", summary="Link a card to me"),
    page("GET", "/my/cards/{id:uuid}/lost", "wallet.ask_lost", ask_lost, needs="signed_in"),
    page("POST", "/my/cards/{id:uuid}/lost", "wallet.lost_card", lost, needs="signed_in"),
    page("POST", "/my/cards/{id:uuid}/found", "wallet.found_card", found, needs="signed_in"),
)
