"""The ledger in a real database: people load, pay, give back, and what they did stands."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from kit.app import App
from kit.auth import Principal
from kit.ids import new_id
from wallet.checks import CHECKS
from wallet.feature import prepare
from wallet.flows import cash_out, correct, give, refund, spend, top_up
from wallet.ledger.requests import Holder
from wallet.ledger.shapes import Line
from wallet.models.currency import Currency
from wallet.queries.balances import balances, circulation, history
from wallet.refusals import AlreadyReversed, IdConflict, Insufficient, OverCap, OverCharge
from wallet.schemas import CashOut, Correction, Gift, Refunding, Spending, TopUp
from wallet.service.wallets import new_wallet

BY = Principal(name="Odile")


@pytest.fixture
def money(app: App) -> App:
    prepare(app)
    return app


def _currency(app: App, nature: str, reach: str) -> UUID:
    key = new_id()
    row = Currency(
        id=key, code=nature, issuer=app.settings.node.url, nature=nature, reach=reach, scale=2, at_par=True,
        created_at=datetime.now(UTC), archived_at=None,
        name=nature, symbol="€", icon="coins", where_spent="Ici.", gift_days=None,
    )  # fmt: skip
    app.db.write(lambda session: session.add(row))
    return key


def _wallet(app: App) -> UUID:
    return app.db.write(lambda session: new_wallet(session).id)


def _held(app: App, wallet: UUID) -> dict[str, int]:
    with app.db.read() as session:
        return {one.currency.nature: one.amount for one in balances(session, wallet)}


def _broken(app: App) -> list[tuple[str, str]]:
    with app.db.read() as session:
        return [(where, why) for check in CHECKS for where, why in check.run(session) if why]


def test_an_evening(money: App) -> None:
    euro, gift = _currency(money, "money", "local"), _currency(money, "gift", "issuer_only")
    colette = _wallet(money)
    top_up(money, BY, TopUp(asset=euro, amount=2000, wallet=colette))
    give(money, BY, Gift(asset=gift, amount=301, wallet=colette))
    dinner = Spending(lines=(Line("Soupe", 450), Line("Pain", 250)), payers=(Holder(colette),))
    paid = spend(money, BY, dinner)
    assert _held(money, colette) == {"money": 1601}
    refund(money, BY, Refunding(transfer=paid.id, amount=250))
    assert _held(money, colette) == {"money": 1851}
    with pytest.raises(OverCharge):
        refund(money, BY, Refunding(transfer=paid.id, amount=600))
    refund(money, BY, Refunding(transfer=paid.id))
    assert _held(money, colette) == {"money": 2000, "gift": 301}
    cash_out(money, BY, CashOut(asset=euro, amount=500, wallet=colette))
    with pytest.raises(OverCap):
        cash_out(money, BY, CashOut(asset=euro, amount=5001, wallet=colette))
    with pytest.raises(Insufficient) as refusal:
        spend(money, BY, Spending(lines=(Line("Tout", 9000),), payers=(Holder(colette),)))
    assert refusal.value.missing == 9000 - 1801
    with pytest.raises(AlreadyReversed):
        correct(money, BY, Correction(transfer=paid.id, reason="erreur"))
    with money.db.read() as session:
        amounts = [line.amount for line in history(session, colette).lines]
        assert amounts == [-500, 301, 149, 250, -399, -301, 301, 2000]
        held = {one.currency.nature: one.in_wallets for one in circulation(session)}
        assert held == {"money": 1500, "gift": 301}
    assert _broken(money) == []


def test_the_same_key_gets_the_same_receipt(money: App) -> None:
    euro, colette = _currency(money, "money", "local"), _wallet(money)
    first = top_up(money, BY, TopUp(asset=euro, amount=2000, wallet=colette), "tap-1")
    assert top_up(money, BY, TopUp(asset=euro, amount=2000, wallet=colette), "tap-1") == first
    with pytest.raises(IdConflict):
        top_up(money, BY, TopUp(asset=euro, amount=2001, wallet=colette), "tap-1")
    assert _held(money, colette) == {"money": 2000}
