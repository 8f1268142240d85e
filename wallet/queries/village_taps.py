"""Taps of our chips away from home: to whom the last one was told, and our proof of it for each issuer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from wallet.between.card_keys import CHIP, tap_key
from wallet.between.proofs import Tapped, proof_of
from wallet.models.card import CardTap, PassCard
from wallet.models.village_cards import VillageTap
from wallet.pairing import pairing_of

SAME_TAP: Final = timedelta(minutes=10)
"""How long one neighbour may ask about one tap: it looks first, then somebody orders, then it charges."""


def proofs_for(
    session: Session, card: PassCard, counter: int, acceptor: str, handles: Mapping[str, str]
) -> dict[str, str]:
    """By issuer, our word for a tap of our chip at `acceptor`: for every handle but the one at ourselves."""
    own = pairing_of(session).own
    others = {peer: handle for peer, handle in handles.items() if peer != own}
    secrets = pairing_of(session).secrets(session, list(others))
    return {
        peer: proof_of(secret, Tapped(own, tap_key(secret, CHIP, card.uid), counter), others[peer], acceptor)
        for peer, secret in secrets.items()
        if card.uid
    }


def was_told_elsewhere(session: Session, card_id: UUID, counter: int, acceptor: str) -> bool:
    """Whether this read of a chip, or a later one, was told of to another node than `acceptor`."""
    last = session.get(VillageTap, card_id)
    return last is not None and (
        last.counter > counter or (last.counter == counter and last.peer != acceptor)
    )


def is_over(session: Session, card_id: UUID, counter: int, acceptor: str) -> bool:
    """Whether `acceptor` comes too late with this read: later ones moved money or were told of, or it is old.

    It may ask again about the one that it asked about, for a while.
    """
    last = session.get(VillageTap, card_id)
    if last is not None and (last.counter, last.peer) == (counter, acceptor):
        return clock.now() > last.at + SAME_TAP
    moved = session.scalar(select(func.max(CardTap.counter)).where(CardTap.card_id == card_id))
    return counter <= max(-1 if moved is None else moved, -1 if last is None else last.counter)
