"""What is known here of a tap before anybody is asked, in one snapshot: the payment, else the card."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.auth import Principal
from wallet.between.shapes import Payment
from wallet.cards.reading import Tap
from wallet.queries.village_directory import Whose, whose
from wallet.queries.village_sources import Purse, here_of, sources_of
from wallet.refusals import CardUnknown, refusal_named
from wallet.service.posting import request_id
from wallet.village_schemas import VillageSpending
from wallet.village_store.waiting import payment_by_id


@dataclass(frozen=True)
class Seen:
    """The payment of this id when it was asked before; else the card, None when nobody here knows it."""

    id: UUID
    payment: Payment | None = None
    purse: Purse | None = None


def look(by: Principal, said: VillageSpending, key: str | None, session: Session) -> Seen:
    """A tap as it is known here. Raises as `purse_of`, but not CardUnknown: the primary may know it."""
    return look_at(session, said.tap, request_id(by, key))


def look_at(session: Session, tap: Tap, payment_id: UUID) -> Seen:
    """The same under the payment's own id."""
    known = payment_by_id(session, payment_id)
    if known is not None:
        return Seen(payment_id, known)
    try:
        return Seen(payment_id, purse=purse_of(session, tap))
    except CardUnknown:
        return Seen(payment_id)


def purse_of(session: Session, tap: Tap) -> Purse:
    """A card in use and what it may pay with. Raises CardUnknown, CardLost, CardBlocked, CardReplaced, … ."""
    return purse_with(session, whose(session, tap))


def purse_with(session: Session, found: Whose) -> Purse:
    """The same of a card that was found already."""
    if found.state != "active":
        raise refusal_named(f"card_{found.state}")
    return Purse(found, here_of(session, found), sources_of(session, found))
