"""What every act on a card leaves behind: a mark on the card, a line in the log, a fact for other rooms."""

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.facts import emit
from kit.i18n import Lazy
from kit.ids import new_id
from people.audit import record
from wallet.cards.number import shown_number
from wallet.facts import CardMarked
from wallet.models.card import CardMark, PassCard

LONGEST = 200


def mark(session: Session, by: Principal, card: PassCard, reason: str = "") -> None:
    """Write down the card's present state and wallet."""
    session.add(
        CardMark(
            id=new_id(),
            card_id=card.id,
            at=clock.now(),
            state=card.state,
            wallet_id=card.wallet_id,
            by_id=by.person_id,
            reason=" ".join(reason.split())[:LONGEST],
        )
    )


def note(session: Session, by: Principal, card: PassCard, verb: Lazy, **details: object) -> None:
    """A line in the log of the back office."""
    record(session, by, verb, shown_number(card.number), kind="pass_card", about_id=card.id, details=details)


def change_state(
    session: Session, by: Principal, card: PassCard, state: str, *, verb: Lazy, reason: str = ""
) -> PassCard:
    """Give the card another state; the same one again changes nothing."""
    if card.state == state:
        return card
    card.state = state
    mark(session, by, card, reason)
    note(session, by, card, verb, reason=reason[:LONGEST])
    session.flush()
    emit(session, CardMarked(card.id, state))
    return card
