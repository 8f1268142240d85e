"""What becomes of money with a peer when the exchange begins, pauses, is lost or ends."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from federation.facts import PeeringChanged, PeeringClosed, PeeringOpened, PeeringRenewed
from federation.urls import origin
from kit.choices import ChoiceSaved
from wallet.choices import VillageMoneyRules
from wallet.facts import CurrencyCreated, CurrencyRenamed
from wallet.service import village_agreements as agreements
from wallet.service.village_cards import forget_directory
from wallet.service.village_noting import tell_again


def on_peering_opened(session: Session, fact: PeeringOpened) -> None:
    """What the choices offer to every peer is offered to this one."""
    agreements.follow_peering(session, origin(fact.uri))


def on_peering_changed(session: Session, fact: PeeringChanged) -> None:
    """While it is paused, nothing new is taken either way."""
    agreements.follow_peering(session, origin(fact.uri))


def on_peering_renewed(session: Session, fact: PeeringRenewed) -> None:
    """The peer lost what it knew: it is told once more."""
    agreements.say_again(session, origin(fact.uri))
    tell_again(session, origin(fact.uri))


def on_peering_closed(session: Session, fact: PeeringClosed) -> None:
    """Its cards are not known here any more, nothing is taken. What its members hold here stays theirs."""
    forget_directory(session, origin(fact.uri))
    agreements.follow_peering(session, origin(fact.uri), is_over=True)


def on_currency_created(session: Session, _fact: CurrencyCreated) -> None:
    """A new currency is offered as the choices say."""
    agreements.offer_usual(session)


def on_currency_renamed(session: Session, fact: CurrencyRenamed) -> None:
    """Whoever may take it hears its new name."""
    agreements.say_words(session, fact.currency_id)


def on_choice_saved(session: Session, fact: ChoiceSaved) -> None:
    """What is offered by default now is offered to those who are peers already."""
    if isinstance(fact.value, VillageMoneyRules):
        agreements.offer_usual(session)


LISTENERS: Mapping[type, tuple[Callable[[Session, Any], None], ...]] = {
    PeeringOpened: (on_peering_opened,),
    PeeringChanged: (on_peering_changed,),
    PeeringRenewed: (on_peering_renewed,),
    PeeringClosed: (on_peering_closed,),
    CurrencyCreated: (on_currency_created,),
    CurrencyRenamed: (on_currency_renamed,),
    ChoiceSaved: (on_choice_saved,),
}
