"""What becomes of a peer's directory of cards when it is no peer any more."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation.facts import PeeringClosed
from federation.urls import origin
from wallet.service.village_cards import forget_directory


def on_peering_closed(session: Session, fact: PeeringClosed) -> None:
    """Its cards are not known here any more. What its members hold here stays theirs."""
    forget_directory(session, origin(fact.uri))


LISTENERS: Mapping[type, tuple[Callable[[Session, Any], None], ...]] = {PeeringClosed: (on_peering_closed,)}
