"""What is known of a sale before it is decided, in one snapshot: prices, the card, whether it was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from kit.app import App
from kit.errors import Refusal
from sales.in_units import currency_of
from sales.journal.shapes import Link
from sales.queries.counter import Counter, counter
from sales.schemas import ByPass, Left, Operation, Selling
from sales.service.recording import known
from wallet.cards.reading import Tap
from wallet.queries.at_till import purse_here
from wallet.queries.balances import balances
from wallet.queries.village_cards import whose
from wallet.queries.village_sources import Purse


@dataclass(frozen=True)
class Seen:
    """`link`: the entry, when it was written already, and then what is `left` on the one Pass that paid.

    `currency`: that of time or points which the sale is in, None for euro.
    `purses`: for each tap the card that pays here by itself, None when more must be asked.
    """

    now: Counter
    link: Link | None = None
    left: Sequence[Left] = ()
    purses: Sequence[Purse | None] = ()
    currency: UUID | None = None


class KnownCounter:
    """The last snapshot of prices in this process: read again when the catalogue's number grew."""

    def __init__(self) -> None:
        self.last: Counter | None = None


def look(app: App, said: Selling, session: Session) -> Seen:
    """Everything that is known here of a sale. Raises SaleConflict, MixedUnits."""
    seen = begun(app, said, session)
    taps = said.by_pass.taps if said.by_pass else ()
    if seen.link is not None:
        left = _left(session, seen.link, taps[0]) if len(taps) == 1 else ()
        return Seen(seen.now, seen.link, left)
    currency = currency_of(said.lines, seen.now)
    purses = _purses(session, said.by_pass, currency) if said.by_pass else ()
    return Seen(seen.now, purses=purses, currency=currency)


def begun(app: App, said: Operation, session: Session) -> Seen:
    """Prices, and the entry when it was written already. Raises SaleConflict."""
    keeper = app.ports.take(KnownCounter)
    keeper.last = counter(session, keeper.last)
    return Seen(keeper.last, known(session, said.id, said.content))


def _purses(session: Session, paid: ByPass, currency: UUID | None) -> Sequence[Purse | None]:
    """Of several cards nobody asks how much is on each: they pay one after the other.

    Nor of one that pays in time or points: these stand in this ledger alone, which says it itself.
    """
    needed = paid.amount if len(paid.taps) == 1 and currency is None else 0
    return [purse_here(session, tap, needed) for tap in paid.taps]


def _left(session: Session, link: Link, tap: Tap) -> list[Left]:
    """What is on the Pass now, of the currencies of this node that it paid with, by code.

    Nothing of a card that means nobody any more: the sale stands all the same.
    """
    try:
        wallet = whose(session, tap).wallet_here
    except Refusal:
        return []
    paid = link.entry.sale.payments if link.entry.sale and wallet else ()
    left = {one.asset: 0 for one in paid if one.means == "pass" and one.asset and not one.host}
    for lot in balances(session, wallet) if wallet and left else ():
        if lot.currency.code in left:
            left[lot.currency.code] += lot.free
    return [Left(code, amount) for code, amount in left.items()]
