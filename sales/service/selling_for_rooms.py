"""Lines that other rooms sell through the till: they quote, and fulfil in the unit that writes the sale."""

from uuid import UUID, uuid5

from msgspec.structs import replace
from sqlalchemy.orm import Session

from kit import clock
from kit.app import App
from kit.choices import read_choice
from kit.features import Sellable
from sales.journal.asking import Sell
from sales.journal.shapes import Line
from sales.schemas import LoadLine, RefundLine, Selling
from wallet.choices import MoneyRules
from wallet.flows import DAY
from wallet.ledger.requests import Holder, Unload
from wallet.ledger.shapes import Memo, content_hash
from wallet.models.currency import Currency
from wallet.queries.village_cards import whose
from wallet.refusals import CurrencyUnknown, WrongNature
from wallet.sellables import LoadAsked
from wallet.service.posting import post
from wallet.service.village_wallets import wallet_here


def fulfilled(app: App, session: Session, ask: Sell, said: Selling) -> Sell:
    """The sale with what other rooms gave for it. Raises what they say: OverCap, CardLost, … ."""
    lines = [
        _fulfil(app, session, ask, line, (told, at))
        for at, (line, told) in enumerate(zip(ask.lines, said.lines, strict=True))
    ]
    return replace(ask, lines=tuple(lines))


def _fulfil(app: App, session: Session, ask: Sell, line: Line, asked: tuple[object, int]) -> Line:
    told, at = asked
    line_id = uuid5(ask.id, f"line {at}")
    if isinstance(told, LoadLine):
        return _load(app, session, ask, line, (told, line_id))
    if isinstance(told, RefundLine):
        return _give_back(session, ask, line, (told, line_id))
    return line


def _load(app: App, session: Session, ask: Sell, line: Line, asked: tuple[LoadLine, UUID]) -> Line:
    told, line_id = asked
    sellable = sellable_of(app, told.kind)
    wanted = LoadAsked(
        id=line_id,
        asset=told.asset,
        amount=told.amount,
        wallet=wallet_here(session, whose(session, told.tap)),
        point=ask.stamp.point_name,
    )
    held = sellable.hold(session, wanted)
    sellable.fulfil(session, held)
    return replace(line, label=held.quoted.label, transfer=line_id.hex)


def _give_back(session: Session, ask: Sell, line: Line, asked: tuple[RefundLine, UUID]) -> Line:
    told, line_id = asked
    currency, rules = session.get(Currency, told.asset), read_choice(session, MoneyRules)
    if currency is None:
        raise CurrencyUnknown
    if not currency.at_par:
        raise WrongNature
    found = whose(session, told.tap)
    request = Unload(
        id=line_id,
        content=content_hash("till refund", ask.content),
        asset=told.asset,
        of=Holder(card=found.card, counter=found.counter) if found.card else Holder(found.wallet_here),
        amount=told.amount,
        limit=rules.cash_out_most,
        most=rules.cash_out_day,
        since=clock.now() - DAY,
        memo=Memo(point=ask.stamp.point_name, card=str(found.card or "")),
    )
    post(session, request)
    return replace(line, label=currency.name, transfer=line_id.hex)


def sellable_of(app: App, kind: str) -> Sellable:
    """Who sells this kind. Raises WrongNature when nobody does: the room is not part of this house."""
    for feature in app.house.features:
        for sellable in feature.sellables:
            if sellable.kind == kind:
                return sellable
    raise WrongNature
