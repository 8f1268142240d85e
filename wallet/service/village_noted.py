"""How a change of an agreement is dated, numbered, and noted for people to read."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.i18n import Lazy, lazy
from people.audit import record
from wallet.between.desk import milliseconds
from wallet.models.currency import Currency
from wallet.models.village import VillageAgreement, VillageGrant
from wallet.pairing import pairing_of
from wallet.queries.village_agreements import KIND
from wallet.queries.village_terms import place_of

OFFERED: Final = lazy("Currency offered to a neighbour")
WITHDRAWN: Final = lazy("Offer to a neighbour taken back")
PAUSED: Final = lazy("Money with a neighbour paused")
RESUMED: Final = lazy("Money with a neighbour goes on")
TAKEN: Final = lazy("Currency of a neighbour accepted")
UNTAKEN: Final = lazy("Currency of a neighbour accepted no more")
HEARD: Final = lazy("Neighbour offers a currency")
ANSWERED: Final = lazy("Neighbour accepts our currency")
UNANSWERED: Final = lazy("Neighbour accepts our currency no more")
REFUSED: Final = lazy("Neighbour refused our limits")
GRANTED: Final = lazy("Grant given for when the line is cut")
REVOKED: Final = lazy("Grant for when the line is cut ended")
RECEIVED: Final = lazy("Grant received for when the line is cut")
STOPPED: Final = lazy("Grant for when the line is cut not used any more")

_STEP: Final = timedelta(milliseconds=1)


def touch(session: Session, row: VillageAgreement) -> None:
    """It changed here now: the peer has to hear of it.

    A revision is the time in milliseconds, or one more than the last: it rises even when this node comes back
    from an older copy of its tables.
    """
    now = clock.now()
    row.changed_at = max(now, row.changed_at + _STEP) if row.changed_at else now
    if row.issuer == row.peer:
        row.noted_rev = 0
    else:
        row.rev = max(row.rev + 1, milliseconds(now))
    session.flush()


def note(session: Session, by: Principal, verb: Lazy, row: VillageAgreement, **details: str) -> None:
    """For the journal of the house: who did what about which currency, with whom."""
    currency = session.get_one(Currency, row.currency_id)
    about = f"{currency.name} · {place_of(row.peer)}"
    told = {"asset": row.asset, **details}
    record(session, by, verb, about, kind=KIND, about_id=row.peer, details=told)


def note_grant(session: Session, by: Principal, verb: Lazy, row: VillageGrant, **details: object) -> None:
    """The same for a grant."""
    peer = row.acceptor if row.is_ours else row.issuer
    code = row.asset.rpartition("/")[2]
    told = {"asset": row.asset, "grant": row.id, **details}
    record(session, by, verb, f"{code} · {place_of(peer)}", kind=KIND, about_id=peer, details=told)


def neighbour_of(peer: str) -> Principal:
    """A peer as the one who acts."""
    return Principal(None, place_of(peer), "")


def is_known_peer(session: Session, peer: str) -> bool:
    """Whether we exchange with it now."""
    return peer in pairing_of(session).peers(session)
