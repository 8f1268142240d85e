"""What the QR code of a Pass opens: whose card it is as a house, and what its holder may do.

The code is the secret of whoever holds the card. It shows what an unclaimed card holds, as the card itself
would pay with it; never a name, nor what a person holds, nor anything of a lost, blocked or team card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound, Refusal
from kit.limits import take
from kit.web import Call, flow, page
from people.identity import client_of
from wallet.cards.reading import Tap
from wallet.keyring import card_keys
from wallet.models.card import ACTIVE, STAFF, PassCard
from wallet.pages.mine import private
from wallet.pages.showing import money_page
from wallet.queries.balances import Balance, balances, spendable_here
from wallet.queries.cards import Found, find_card, owner_of
from wallet.queries.personal import is_easy_to_guess

SOME_TIME, HOUR = timedelta(minutes=10), timedelta(hours=1)
OPENED, MISSED = 60, 20
"""Card pages that one place may open in ten minutes; codes that lead nowhere, in an hour."""
QUIET = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}


@dataclass(frozen=True)
class Seen:
    """`state`: mine, taken, team, open (nobody's), lost, blocked, replaced, unknown."""

    state: str
    card: PassCard | None = None
    is_mine: bool = False
    held: Sequence[Balance] = ()
    here: int = 0
    is_guessable: bool = False


@flow
def show(call: Call) -> Response:
    """The page of the card that this address means, by its code or by the tap that its chip proves."""
    client, address = client_of(call), _address(call)
    call.app.db.write(lambda session: take(session, f"card-page:{client}", OPENED, SOME_TIME))
    with call.app.db.read() as session:
        seen = _seen(session, call, address)
        if seen.card is not None:
            return _page(call, seen, address)
    call.app.db.write(lambda session: take(session, f"card-miss:{client}", MISSED, HOUR))
    return _page(call, seen, address)


def _address(call: Call) -> str:
    asked = call.request.url
    return f"{asked.path}?{asked.query}" if asked.query else asked.path


def _page(call: Call, seen: Seen, address: str) -> Response:
    unknown = NotFound() if seen.card is None else None
    response = private(money_page(call, "wallet/card_public.html", unknown, seen=seen, said=address))
    response.headers.update(QUIET)
    return response


def _seen(session: Session, call: Call, address: str) -> Seen:
    try:
        found = find_card(session, Tap(code=address), card_keys(call.app))
    except Refusal:
        return Seen("unknown")
    owner = owner_of(session, found.card)
    if owner is not None and owner.id == call.principal.person_id:
        return Seen(found.card.state if found.card.state != ACTIVE else "mine", found.card, is_mine=True)
    return _strange(session, found, owner.id if owner else None)


def _strange(session: Session, found: Found, owner: UUID | None) -> Seen:
    card = found.card
    if card.state != ACTIVE:
        return Seen(card.state, card)
    if card.kind == STAFF:
        return Seen("team", card)
    if owner is not None:
        return Seen("taken", card)
    if found.counter is None and is_easy_to_guess(session, card, card.code):
        return Seen("open", card, is_guessable=True)
    held = balances(session, card.wallet_id)
    return Seen("open", card, held=held, here=spendable_here(held))


DOORS = (
    page("GET", "/c", "wallet.tapped_card", show, summary="A card that was tapped"),
    page("GET", "/c/{code}", "wallet.card_page", show, summary="A card, by its QR code"),
)
