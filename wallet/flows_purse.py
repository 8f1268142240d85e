"""What a Pass may pay here, said before anything is paid: what is here, and what other nodes hold for it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.app import App
from kit.ports import PortMissing
from wallet.between.port import Village
from wallet.cards.reading import Tap
from wallet.flows_village import find, held_at
from wallet.models.card import CardTap, PassCard
from wallet.models.currency import Currency
from wallet.pairing import pairing_of
from wallet.queries.balances import Balance, balances
from wallet.queries.cards import owner_of
from wallet.queries.village_directory import Whose
from wallet.queries.village_sources import Purse
from wallet.refusals import CardReplayed, CardUnproved

EURO_NATURES = frozenset({"gift", "money"})
CENTS = 2


@dataclass(frozen=True)
class Holding:
    """What the Pass holds of one currency; `host` keeps it, "" for this node. `pays` prices in euro here."""

    asset: UUID
    name: str
    symbol: str
    scale: int
    nature: str
    amount: int
    host: str
    pays: bool


@dataclass(frozen=True)
class Filled:
    """A card in use. `who`: its holder's first name, when the card is ours and linked; `home`: its node.

    `silent`: nodes that may hold money for it and did not answer in time. `unproved`: the chip proves
    its taps and did not prove this one, or did for another payment: it pays nothing, and nothing is said of
    what it holds.
    """

    card: UUID | None
    home: str
    who: str
    holdings: Sequence[Holding]
    silent: Sequence[str]
    unproved: type[CardUnproved | CardReplayed] | None = None

    @property
    def payable(self) -> int:
        """Cents of euro that it can pay here now."""
        return sum(one.amount for one in self.holdings if one.pays)


async def fill_purse(app: App, tap: Tap) -> Filled:
    """The card of a tap, and what it holds for this node. Raises CardUnknown, CardLost, …, as `find`."""
    purse = await find(app, tap)
    if purse.card.must_prove:
        return _unproved(purse.card, CardUnproved)
    issuers = sorted({one.issuer for one in purse.sources}) if _speaks(app) else []
    answers = await asyncio.gather(*(held_at(app, one, purse.sources) for one in issuers))
    told = dict(zip(issuers, answers, strict=True))
    elsewhere = {one.currency: (told.get(one.issuer) or {}).get(one.asset, 0) for one in purse.sources}
    silent = sorted({one.issuer for one in purse.sources if told.get(one.issuer) is None})
    return await app.db.aread(lambda session: _filled(session, purse, elsewhere, silent))


def _unproved(card: Whose, why: type[CardUnproved | CardReplayed]) -> Filled:
    return Filled(card=card.card, home="", who="", holdings=[], silent=[], unproved=why)


def _is_used(session: Session, card: Whose) -> bool:
    """Whether this proof, or a later one, moved money already."""
    if card.counter is None:
        return False
    last = session.scalar(select(func.max(CardTap.counter)).where(CardTap.card_id == card.card))
    return last is not None and card.counter <= last


def _speaks(app: App) -> bool:
    try:
        app.ports.take(Village)  # type: ignore[type-abstract]
    except PortMissing:
        return False
    return True


def _filled(session: Session, purse: Purse, elsewhere: dict[UUID, int], silent: list[str]) -> Filled:
    card = purse.card
    if _is_used(session, card):
        return _unproved(card, CardReplayed)
    here = balances(session, card.wallet_here) if card.wallet_here else []
    own = pairing_of(session).own
    far = session.scalars(select(Currency).where(Currency.id.in_(elsewhere)))
    return Filled(
        card=card.card,
        home="" if card.home == own else card.home,
        who=_first_name(session, card.card),
        holdings=[
            *_together(one for one in here if one.currency.issuer == own and not one.has_expired),
            *(_far(one, elsewhere[one.id]) for one in far if elsewhere[one.id] > 0),
        ],
        silent=silent,
    )


def _together(lots: Iterable[Balance]) -> list[Holding]:
    """The lots of one currency are one balance."""
    found: dict[UUID, Holding] = {}
    for lot in lots:
        before = found[lot.currency.id].amount if lot.currency.id in found else 0
        found[lot.currency.id] = _holding(lot.currency, before + lot.free, "")
    return [one for one in found.values() if one.amount > 0]


def _far(currency: Currency, amount: int) -> Holding:
    return _holding(currency, amount, currency.issuer)


def _holding(currency: Currency, amount: int, host: str) -> Holding:
    pays = currency.at_par and currency.nature in EURO_NATURES and currency.scale == CENTS
    return Holding(
        asset=currency.id,
        name=currency.name,
        symbol=currency.symbol,
        scale=currency.scale,
        nature=currency.nature,
        amount=amount,
        host=host,
        pays=pays,
    )


def _first_name(session: Session, card_id: UUID | None) -> str:
    card = session.get(PassCard, card_id) if card_id else None
    owner = owner_of(session, card) if card else None
    return (owner.name.split() or [""])[0] if owner else ""
