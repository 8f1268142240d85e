"""The office's cards: listed, found by a tap, one card with all that happened to it, added, switched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.auth import Principal
from kit.errors import Refusal
from kit.i18n import Lazy, lazy
from kit.web import Call, Door, flow, page, read
from wallet.card_refusals import CardAmbiguous
from wallet.card_words import NOTATION_WORDS
from wallet.cards.reading import Tap, meant_by
from wallet.cards.uid import Notation, shown_uid
from wallet.federated.neighbours import Neighbours
from wallet.keyring import card_keys
from wallet.models.card import NTAG424, PASS, STAFF, PassCard
from wallet.pages.office_words import CARD_STATES
from wallet.pages.showing import money_page
from wallet.permissions import CARDS
from wallet.queries.balances import balances
from wallet.queries.batches import batch_by_id
from wallet.queries.cards import (
    Wanted,
    card_by_id,
    count_cards,
    find_card,
    list_cards,
    marks_of,
    owner_of,
    wallet_cards,
)
from wallet.queries.village_known import known_at
from wallet.refusals import CardUnknown
from wallet.service.cards import states
from wallet.service.cards.enrolling import enrol_card

Line = Annotated[str, Meta(max_length=300)]
Verb = Callable[[Session, Principal, UUID, str], PassCard]


class CardsFilter(Struct):
    """Which cards the list shows."""

    q: Annotated[str, Meta(max_length=100)] = ""
    state: Annotated[str, Meta(max_length=20)] = ""
    staff: bool = False
    batch: UUID | None = None
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class TapForm(Struct):
    """What a reader or a hand gave."""

    tap: Annotated[str, Meta(max_length=2000)] = ""


class NewCard(Struct):
    """A card to add."""

    uid: Line = ""
    notation: Notation = "hex"
    number: Line = ""
    code: Annotated[str, Meta(max_length=2000)] = ""
    staff: bool = False
    proves: bool = False


class Why(Struct):
    """Why a card is switched."""

    reason: Line = ""


@read
def cards(call: Call, session: Session) -> Response:
    """Cards by number, with whose they are."""
    return _list(call, session, call.query(CardsFilter))


@flow
def find(call: Call) -> Response:
    """Open the card that was tapped or typed, else list those that a name or a part of a number finds."""
    tap = call.form(TapForm).tap
    with call.app.db.read() as session:
        try:
            card = find_card(session, Tap(text=tap), card_keys(call.app)).card
        except (CardUnknown, CardAmbiguous) as refusal:
            if _is_chip_or_code(tap):
                return _list(call, session, CardsFilter(), refusal, tap)
            return call.see_other("wallet.cards", q=tap[:100])
        except Refusal as refusal:
            return _list(call, session, CardsFilter(), refusal, tap)
    return call.see_other("wallet.card", id=card.id)


@read
def card(call: Call, session: Session) -> Response:
    """One card: its state, whose it is, what it opens, what happened. Raises CardUnknown."""
    return _card_page(call, session, call.path["id"])


@read
def new(call: Call, _session: Session) -> Response:
    """An empty form."""
    return _form(call, {})


@flow
def add(call: Call) -> Response:
    """Add a card; it works from the first tap."""
    try:
        form = call.form(NewCard)
        card_id = call.app.db.write(lambda session: _add(session, call.principal, form))
    except Refusal as refusal:
        return _form(call, call.form_values(), refusal)
    return call.see_other("wallet.card", id=card_id, notice=lazy("The card is ready."))


@dataclass(frozen=True)
class Switch:
    """One press on a card: what it does, what is said after, and the press that undoes it."""

    run: Verb
    done: Lazy
    undo: str


def _staff(session: Session, by: Principal, card_id: UUID, _reason: str) -> PassCard:
    return states.set_staff(session, by, card_id, is_staff=True)


def _not_staff(session: Session, by: Principal, card_id: UUID, _reason: str) -> PassCard:
    return states.set_staff(session, by, card_id, is_staff=False)


SWITCHES = {
    "lost": Switch(states.mark_lost, lazy("This card no longer pays."), "found"),
    "found": Switch(states.mark_found, lazy("This card pays again."), "lost"),
    "block": Switch(states.block_card, lazy("This card is blocked."), "unblock"),
    "unblock": Switch(states.unblock_card, lazy("This card is no longer blocked."), "block"),
    "staff": Switch(_staff, lazy("This is a staff card now."), "not-staff"),
    "not-staff": Switch(_not_staff, lazy("This is no longer a staff card."), "staff"),
}


def _switching(name: str, switch: Switch) -> Door:
    @flow
    def press(call: Call) -> Response:
        card_id: UUID = call.path["id"]
        try:
            reason = call.form(Why).reason
            call.app.db.write(lambda session: switch.run(session, call.principal, card_id, reason).id)
        except CardUnknown:
            raise
        except Refusal as refusal:
            with call.app.db.read() as session:
                return _card_page(call, session, card_id, refusal)
        undo = call.url(f"wallet.card_{switch.undo.replace('-', '_')}", id=card_id)
        return call.see_other("wallet.card", id=card_id, notice=switch.done, undo=undo)

    press.__doc__ = f"One press: {name}. Raises CardUnknown."
    path, door = f"/admin/money/cards/{{id:uuid}}/{name}", f"wallet.card_{name.replace('-', '_')}"
    return page("POST", path, door, press, needs=CARDS)


def _add(session: Session, by: Principal, form: NewCard) -> UUID:
    return enrol_card(
        session,
        by,
        uid=form.uid,
        number=form.number,
        code=form.code,
        kind=STAFF if form.staff else PASS,
        chip=NTAG424 if form.proves else "",
        notation=form.notation,
    ).id


def _is_chip_or_code(text: str) -> bool:
    """Whether a text names a chip or an address: such things never stand in an address of ours."""
    meant = meant_by(Tap(text=text))
    return bool(meant.uids or meant.picc_data or meant.is_mistyped or "/" in text)


def _list(
    call: Call, session: Session, wanted: CardsFilter, refusal: Refusal | None = None, tap: str = ""
) -> Response:
    chosen = Wanted(wanted.q, wanted.state, wanted.staff, wanted.batch)
    return money_page(
        call,
        "wallet/cards.html",
        refusal,
        found=None if refusal else list_cards(session, chosen, wanted.page),
        wanted=wanted,
        tap=tap,
        counts=count_cards(session),
        batch=batch_by_id(session, wanted.batch) if wanted.batch else None,
        card_states=CARD_STATES,
    )


def _card_page(call: Call, session: Session, card_id: UUID, refusal: Refusal | None = None) -> Response:
    card = card_by_id(session, card_id)
    known = known_at(session, card.id, card.wallet_id)
    return money_page(
        call,
        "wallet/card.html",
        refusal,
        card=card,
        person=owner_of(session, card),
        held=balances(session, card.wallet_id),
        others=[one for one in wallet_cards(session, card.wallet_id) if one.id != card.id],
        marks=marks_of(session, card.id),
        known=known,
        names=Neighbours(call.app, session, [one.peer for one in known]),
        batch=batch_by_id(session, card.batch_id) if card.batch_id else None,
        card_states=CARD_STATES,
        shown_uid=shown_uid,
        address=call.absolute(f"/c/{card.code}"),
    )


def _form(call: Call, values: dict[str, Any], refusal: Refusal | None = None) -> Response:
    notations = [(name, words) for name, words in NOTATION_WORDS.items()]
    return money_page(call, "wallet/card_new.html", refusal, values=values, notations=notations)


@flow
def prepare(call: Call) -> Response:
    """The form of a new card, with what was just tapped."""
    tap = call.form(TapForm).tap
    is_chip = bool(meant_by(Tap(uid=tap)).uids)
    return _form(call, {"uid": tap} if is_chip else {"code" if "/" in tap else "number": tap})


DOORS = (
    page("GET", "/admin/money/cards", "wallet.cards", cards, needs=CARDS, query=CardsFilter, summary="Cards"),
    page("POST", "/admin/money/cards/find", "wallet.card_find", find, needs=CARDS),
    page("GET", "/admin/money/cards/new", "wallet.card_new", new, needs=CARDS),
    page("POST", "/admin/money/cards/new", "wallet.card_prepare", prepare, needs=CARDS),
    page("POST", "/admin/money/cards", "wallet.card_add", add, needs=CARDS, summary="Add a card"),
    page("GET", "/admin/money/cards/{id:uuid}", "wallet.card", card, needs=CARDS, summary="One card"),
    *(_switching(name, switch) for name, switch in SWITCHES.items()),
)
