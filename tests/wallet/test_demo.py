"""The demonstration's invented money: on both databases, true to its file, and right to the cent."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.app import App
from kit.demo import DemoSpec
from people import demo as people_demo
from people.models.person import Person
from wallet.checks import CHECKS
from wallet.demo.filling import fill
from wallet.feature import prepare
from wallet.models.card import ACTIVE, LOST, NTAG424, STAFF, PassCard
from wallet.models.ledger import LedgerTransaction
from wallet.queries.balances import balances, circulation
from wallet.queries.cards import cards_of

NAMES = ("escargotiere", "grange", "tournevis", "somebody else")


def filled(app: App, name: str, *, is_primary: bool = False) -> None:
    """Fill the node of `app` with the people and the money of an invented collective."""
    prepare(app)
    spec = DemoSpec(name, date(2026, 11, 21), app.settings.node.url, is_primary=is_primary)

    def unit(session: Session) -> None:
        people_demo.make_team(session, name)
        fill(session, spec)

    app.db.write(unit)


@pytest.mark.parametrize("name", NAMES)
def test_every_balance_is_right(app: App, name: str) -> None:
    filled(app, name, is_primary=name == "tournevis")
    with app.db.read() as session:
        assert [(where, why) for check in CHECKS for where, why in check.run(session) if why] == []
        assert all(one.in_wallets > 0 for one in circulation(session))
        kinds = set(session.scalars(select(LedgerTransaction.kind)))
        assert {"top_up", "gift", "spend", "refund"} <= kinds


def test_there_is_a_card_of_each_kind(app: App) -> None:
    filled(app, "escargotiere")
    with app.db.read() as session:
        cards = session.scalars(select(PassCard)).all()
    assert {LOST, ACTIVE} == {card.state for card in cards}
    assert {8, 14} == {len(card.uid) for card in cards if card.uid}
    assert any(card.kind == STAFF for card in cards)
    assert any(card.chip == NTAG424 for card in cards)
    assert any(card.uid is None for card in cards)


def test_a_member_finds_money_vouchers_and_hours(app: App) -> None:
    filled(app, "escargotiere")
    with app.db.read() as session:
        colette = session.scalars(select(Person).where(Person.name == "Colette Aubry")).one()
        (card,) = cards_of(session, colette.id)
        natures = [one.currency.nature for one in balances(session, card.wallet_id)]
    assert natures == ["gift", "money", "time", "loyalty"]


@pytest.mark.parametrize("is_primary", [True, False])
def test_only_the_primary_holds_the_network_currency(app: App, *, is_primary: bool) -> None:
    filled(app, "tournevis", is_primary=is_primary)
    with app.db.read() as session:
        reaches = {one.currency.reach for one in circulation(session)}
    assert ("network" in reaches) is is_primary
