"""A tap of our chip that a neighbour asks about: told once, and to one of them."""

from sqlalchemy.orm import Session

from kit import clock
from wallet.between.desk import milliseconds
from wallet.between.messages import Card, LookUp, Refused
from wallet.models.village_cards import VillageTap
from wallet.queries.village_cards import look_up, prove
from wallet.queries.village_handles import our_card
from wallet.queries.village_taps import is_over


def hear_tap(session: Session, peer: str, asked: LookUp) -> Card | Refused:
    """`look_up` with a chip's message: an old one, or one that another node was told of, is refused by name.

    The same neighbour may ask again about the same read for a while, and gets the same proofs.
    """
    card = our_card(session, peer, asked.card or asked.code)
    counter = prove(session, card, asked.sun) if card is not None else None
    if card is None or not isinstance(counter, int):
        return look_up(session, peer, asked)
    if is_over(session, card.id, counter, peer):
        return Refused(id=asked.id, made=milliseconds(clock.now()), why="card_replayed")
    last = session.get(VillageTap, card.id)
    if last is None:
        last = VillageTap(card_id=card.id)
        session.add(last)
    if (last.counter, last.peer) != (counter, peer):
        last.counter, last.peer, last.at = counter, peer, clock.now()
    session.flush()
    return look_up(session, peer, asked)
