"""From what a reader or a hand gave to a wallet."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.errors import Refusal
from kit.web import Call
from wallet.cards.reading import Tap
from wallet.keyring import card_keys
from wallet.queries.cards import find_card


@dataclass(frozen=True)
class Tapped:
    """The wallet that a tap opens, or why it opens none."""

    wallet_id: UUID | None
    why: str = ""


def tapped(call: Call, session: Session, text: str) -> Tapped:
    """The wallet of the one card that `text` means, in whatever state the card is."""
    if not text:
        return Tapped(None)
    try:
        return Tapped(find_card(session, Tap(text=text), card_keys(call.app)).card.wallet_id)
    except Refusal as refusal:
        return Tapped(None, refusal.sentence)
