"""Top-ups and vouchers sold by somebody else: quoted, held, paid, fulfilled with the sale or not at all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy.orm import Session

from kit.app import App
from kit.choices import save_choice
from kit.errors import Refusal
from kit.features import Sellable
from kit.ids import new_id
from tests.factories.money import DUSK, ODILE, Till, at, open_till
from tests.people.browsers import OFFICE
from wallet import flows, refusals
from wallet.choices import MoneyRules
from wallet.feature import WALLET
from wallet.queries.balances import balances
from wallet.schemas import TopUp
from wallet.sellables import LoadAsked, LoadHeld
from wallet.service.cards.enrolling import enrol_card
from wallet.service.cards.states import mark_lost
from wallet.service.currencies import archive_currency


class PaymentRefused(Exception):
    """The card terminal said no."""


class Seller:
    """A stand-in for the till: it knows sellables by their kind, and keeps what it holds as JSON."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[str, Sellable] = {one.kind: one for one in WALLET.sellables}
        self.kept: dict[UUID, tuple[str, bytes]] = {}
        self.till_roll: list[tuple[str, int]] = []

    def sell(self, kind: str, request: LoadAsked, pay: Callable[[int], None] = lambda _price: None) -> None:
        """The whole round. Raises what the room or the payment says."""
        held = self._app.db.write(lambda session: self._known[kind].hold(session, request))
        self.kept[request.id] = (kind, msgspec.json.encode(held))
        try:
            pay(held.quoted.price)
        except PaymentRefused:
            self.give_up(request.id)
            raise
        self.finish(request.id)

    def finish(self, line: UUID) -> None:
        """Fulfil and write the sale in one unit."""
        kind, held = self._held(line)

        def unit(session: Session) -> None:
            self._known[kind].fulfil(session, held)

        self._app.db.write(unit)
        self.till_roll.append((held.quoted.label, held.quoted.price))

    def give_up(self, line: UUID) -> None:
        kind, held = self._held(line)
        self._app.db.write(lambda session: self._known[kind].release(session, held))

    def quote(self, kind: str, request: LoadAsked) -> Any:
        with self._app.db.read() as session:
            return self._known[kind].quote(session, request)

    def _held(self, line: UUID) -> tuple[str, LoadHeld]:
        kind, kept = self.kept[line]
        return kind, msgspec.json.decode(kept, type=LoadHeld)


@pytest.fixture
def till(app: App) -> Till:
    """A café with four currencies, Lou's wallet and Sam's."""
    return open_till(app)


@pytest.fixture
def seller(app: App, till: Till) -> Seller:
    """Whoever sells for others, at the café."""
    return Seller(app)


def held(app: App, wallet: UUID) -> list[tuple[str, int]]:
    with app.db.read() as session:
        return [(one.currency.nature, one.amount) for one in balances(session, wallet)]


def test_top_up_is_sold(app: App, till: Till, seller: Seller) -> None:
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_000, wallet=till.lou, point="Bar")
    assert seller.quote("top_up", asked).price == 2_000, "no fee is ever part of it"
    paid: list[int] = []
    seller.sell("top_up", asked, paid.append)
    assert (paid, [price for _, price in seller.till_roll]) == ([2_000], [2_000])
    assert held(app, till.lou) == [("money", 2_000)]


def test_finished_twice_is_loaded_once(app: App, till: Till, seller: Seller) -> None:
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_000, wallet=till.lou)
    seller.sell("top_up", asked)
    seller.finish(asked.id)
    assert held(app, till.lou) == [("money", 2_000)]
    other = msgspec.structs.replace(asked, amount=2_001)
    with pytest.raises(refusals.IdConflict):
        seller.sell("top_up", other)


def test_voucher_is_sold_and_ends_when_it_was_said(app: App, till: Till, seller: Seller) -> None:
    asked = LoadAsked(id=new_id(), asset=till.gift, amount=30_000, wallet=till.sam)
    with at(DUSK):
        seller.sell("gift", asked)
    with at(DUSK + timedelta(days=9)):
        seller.finish(asked.id)
    with app.db.read() as session:
        (voucher,) = balances(session, till.sam)
    assert (voucher.amount, voucher.expires_at) == (30_000, DUSK + timedelta(days=365))


def test_refused_payment_leaves_no_trace(app: App, till: Till, seller: Seller) -> None:
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_000, wallet=till.lou)

    def refuse(_price: int) -> None:
        raise PaymentRefused

    with pytest.raises(PaymentRefused):
        seller.sell("top_up", asked, refuse)
    assert (held(app, till.lou), seller.till_roll) == ([], [])
    seller.finish(asked.id)
    assert held(app, till.lou) == [("money", 2_000)]
    with pytest.raises(refusals.AlreadyClosed):
        seller.give_up(asked.id)


def test_sale_that_fails_takes_the_money_back(app: App, till: Till, seller: Seller) -> None:
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_000, wallet=till.lou)
    sellable = WALLET.sellables[0]

    def unit(session: Session) -> None:
        sellable.fulfil(session, sellable.hold(session, asked))
        raise PaymentRefused

    with pytest.raises(PaymentRefused):
        app.db.write(unit)
    assert held(app, till.lou) == []
    seller.sell("top_up", asked)
    assert held(app, till.lou) == [("money", 2_000)]


def test_card_that_was_lost_while_paying(app: App, till: Till, seller: Seller) -> None:
    card = app.db.write(lambda session: enrol_card(session, OFFICE).id)
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_000, card=card)

    def lose(_price: int) -> None:
        app.db.write(lambda session: mark_lost(session, OFFICE, card) and None)

    with pytest.raises(refusals.CardLost):
        seller.sell("top_up", asked, lose)
    assert seller.till_roll == []


def test_wallet_that_is_full_is_known_before_anyone_pays(app: App, till: Till, seller: Seller) -> None:
    rules = MoneyRules(top_up_most=5_000, wallet_most=6_000)
    app.db.write(lambda session: save_choice(session, rules))
    flows.top_up(app, ODILE, TopUp(asset=till.local, amount=4_000, wallet=till.lou))
    paid: list[int] = []
    asked = LoadAsked(id=new_id(), asset=till.local, amount=2_001, wallet=till.lou)
    with pytest.raises(refusals.OverCap):
        seller.sell("top_up", asked, paid.append)
    with pytest.raises(refusals.OverCap):
        seller.quote("top_up", msgspec.structs.replace(asked, amount=5_001))
    assert paid == []


def test_what_cannot_be_sold_is_refused_by_name(app: App, till: Till, seller: Seller) -> None:
    wrong: list[tuple[str, UUID, int, type[Refusal]]] = [
        ("top_up", till.gift, 100, refusals.WrongNature),
        ("top_up", till.hours, 100, refusals.WrongNature),
        ("gift", till.local, 100, refusals.WrongNature),
        ("top_up", new_id(), 100, refusals.CurrencyUnknown),
        ("top_up", till.local, 0, refusals.BadAmount),
        ("gift", till.gift, 2**53, refusals.BadAmount),
    ]
    for kind, asset, amount, refusal in wrong:
        with pytest.raises(refusal):
            seller.quote(kind, LoadAsked(id=new_id(), asset=asset, amount=amount, wallet=till.lou))
    with pytest.raises(refusals.WalletUnknown):
        seller.sell("top_up", LoadAsked(id=new_id(), asset=till.local, amount=100, wallet=new_id()))
    app.db.write(lambda session: archive_currency(session, OFFICE, till.local) and None)
    with pytest.raises(refusals.CurrencyArchived):
        seller.quote("top_up", LoadAsked(id=new_id(), asset=till.local, amount=100, wallet=till.lou))
