"""Currencies of other nodes as they stand in our list: brought by their issuer's own word, never by us."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit import clock
from kit.facts import emit
from wallet.between.messages import Terms
from wallet.facts import CurrencyCreated, CurrencyRenamed
from wallet.models.currency import Currency, CurrencyWording
from wallet.queries.village_terms import place_of

ICONS = {"network": "globe-hemisphere-west", "time": "hourglass", "loyalty": "star", "free": "leaf"}


def foreign_currency(session: Session, peer: str, said: Terms) -> Currency:
    """The row of a currency that `peer` issues, with the words of today. The terms were checked before."""
    known = session.get(Currency, said.currency)
    if known is None:
        return _new(session, peer, said)
    if (known.name, known.symbol) != (said.name, said.symbol):
        known.name, known.symbol = said.name, said.symbol
        session.flush()
        _word(session, known)
        emit(session, CurrencyRenamed(known.id))
    return known


def _new(session: Session, peer: str, said: Terms) -> Currency:
    currency = Currency(
        id=said.currency,
        code=said.asset,
        issuer=peer,
        nature=said.nature,
        reach=said.reach,
        scale=said.scale,
        at_par=said.at_par,
        created_at=clock.now(),
        name=said.name,
        symbol=said.symbol,
        icon=ICONS.get(said.reach) or ICONS.get(said.nature, "coins"),
        where_spent=place_of(peer),
        gift_days=None,
        archived_at=None,
    )
    session.add(currency)
    session.flush()
    _word(session, currency)
    emit(session, CurrencyCreated(currency.id))
    return currency


def _word(session: Session, currency: Currency) -> None:
    last = select(func.max(CurrencyWording.number)).where(CurrencyWording.currency_id == currency.id)
    session.add(
        CurrencyWording(
            currency_id=currency.id,
            number=(session.scalar(last) or 0) + 1,
            at=clock.now(),
            name=currency.name,
            symbol=currency.symbol,
            icon=currency.icon,
            where_spent=currency.where_spent,
        )
    )
    session.flush()
