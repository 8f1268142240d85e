"""What a tap pays at this node: for most taps, a card of ours with enough on it, two small questions say it.

Neighbours are thought of only when that is not so: their handles and agreements cost a tap more than its
payment does.
"""

from sqlalchemy.orm import Session

from wallet.cards.reading import Tap, meant_by
from wallet.pairing import pairing_of
from wallet.queries.cards import cards_meant
from wallet.queries.village_directory import Whose
from wallet.queries.village_sources import Here, Purse, free_here


def purse_here(session: Session, tap: Tap, amount: int) -> Purse | None:
    """The purse of a card of ours, in use, that can pay `amount` cents here by itself.

    None for any other tap, and for one that must be proven: `wallet.flows_village.find` knows them all.
    """
    meant = meant_by(tap)
    if tap.has_message or meant.picc_data:
        return None
    cards = cards_meant(session, meant)
    if len(cards) != 1 or cards[0].state != "active":
        return None
    card = cards[0]
    free = free_here(session, card.wallet_id) if amount else 0
    if free < amount:
        return None
    found = Whose(home=pairing_of(session).own, state=card.state, card=card.id, wallet_here=card.wallet_id)
    return Purse(found, Here(free), ())
