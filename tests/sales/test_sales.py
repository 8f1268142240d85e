"""Sales are written once, with their prices frozen, and what is wrong is refused with nothing written."""

import pytest
from sqlalchemy import func, select

from kit.ids import new_id
from sales.journal.shapes import Sale
from sales.models.journal import JournalEntry
from sales.refusals import SaleConflict, TakenBackAlready, TopUpByPass, UnknownProduct, WrongTotal
from sales.schemas import Outside, ProductLine
from tests.factories.money import Till
from tests.sales.counter import Bar
from tests.wallet.pockets import Pass, held, load, new_pass
from wallet.refusals import Insufficient


def sale_of(link: object) -> Sale:
    sale: Sale = link.entry.sale  # type: ignore[attr-defined]
    return sale


def left(bar: Bar, card: Pass) -> int:
    return held(bar.app, card.wallet).get("money", 0)


def entries(bar: Bar) -> int:
    with bar.app.db.read() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_two_beers_and_a_cup_in_cash(bar: Bar) -> None:
    link = bar.sell(bar.line("Demi blonde", "2"), bar.line("Gobelet", "2"), total=800)
    sale = sale_of(link)
    assert (sale.number, sale.total, link.entry.seq) == (1, 800, 1)
    beer, cup = sale.lines
    assert (beer.gross, beer.net, beer.vat, beer.rate) == (600, 500, 100, 2000)
    assert (cup.sort, cup.gross, cup.vat) == ("deposit", 200, 0)
    totals = bar.x_report()
    assert (totals.turnover, totals.vat, totals.cash) == (600, 100, 800)
    assert [(one.key, one.amount) for one in totals.outside] == [("deposit", 200)]


def test_the_same_operation_twice_is_one_sale(bar: Bar) -> None:
    named = {"id": new_id(), "content": "the same bytes"}
    first = bar.sell(bar.line("Soupe"), total=280, **named)
    again = bar.sell(bar.line("Soupe"), total=280, **named)
    assert (again.mac, entries(bar)) == (first.mac, 1)
    with pytest.raises(SaleConflict):
        bar.sell(bar.line("Soupe"), total=280, id=named["id"], content="other bytes")


def test_a_wrong_total_or_an_unknown_product_writes_nothing(bar: Bar) -> None:
    with pytest.raises(WrongTotal):
        bar.sell(bar.line("Soupe"), total=270)
    with pytest.raises(WrongTotal):
        bar.sell(bar.line("Soupe"), total=280, paid=(Outside(means="cash", amount=200),))
    with pytest.raises(UnknownProduct):
        bar.sell(ProductLine(product=new_id(), price=new_id()), total=0)
    assert entries(bar) == 0


def test_vouchers_first_then_local_money(bar: Bar, money: Till) -> None:
    """2.50 + 2.80 on a card with 5.00 of vouchers and 5.00 of local money leaves 4.70."""
    card = new_pass(bar.app)
    load(bar.app, money, card, 500, voucher=500)
    link = bar.sell(bar.line("Panaché"), bar.line("Soupe"), total=530, passes=(card.number,))
    paid = {one.asset: one.amount for one in sale_of(link).payments}
    assert sorted(paid.values()) == [30, 500]
    assert left(bar, card) == 470
    assert bar.x_report().turnover == 30
    assert bar.x_report().offered == 500


def test_what_is_missing_is_said_and_nothing_is_paid(bar: Bar, money: Till) -> None:
    card = new_pass(bar.app)
    load(bar.app, money, card, 900)
    with pytest.raises(Insufficient) as refused:
        bar.sell(bar.line("Demi blonde", "5"), total=1500, passes=(card.number,))
    assert refused.value.missing == 600
    assert (left(bar, card), entries(bar)) == (900, 0)
    bar.sell(bar.line("Demi blonde", "5"), total=1500, passes=(card.number,), by_pass=900)
    assert left(bar, card) == 0


def test_two_passes_share_and_a_void_gives_back_to_both(bar: Bar, money: Till) -> None:
    one, other = new_pass(bar.app), new_pass(bar.app)
    load(bar.app, money, one, 200)
    load(bar.app, money, other, 500)
    link = bar.sell(
        bar.line("Demi blonde"), bar.line("Panaché"), total=550, passes=(one.number, other.number)
    )
    assert (left(bar, one), left(bar, other)) == (0, 150)
    note = bar.take_back(link.entry.id)
    assert (left(bar, one), left(bar, other)) == (200, 500)
    assert (sale_of(note).total, sale_of(note).number, note.entry.refers) == (-550, 2, link.entry.id)
    assert bar.x_report().turnover == 0
    with pytest.raises(TakenBackAlready):
        bar.take_back(link.entry.id)


def test_beer_and_a_top_up_together(bar: Bar, money: Till) -> None:
    card = new_pass(bar.app)
    link = bar.sell(bar.line("Demi blonde"), bar.top_up(money.local, 1000, card.number), total=1300)
    assert left(bar, card) == 1000
    totals = bar.x_report()
    assert (totals.turnover, totals.cash) == (300, 1300)
    assert [(one.key, one.amount) for one in totals.outside] == [("top_up", 1000)]
    bar.take_back(link.entry.id)
    assert left(bar, card) == 0


def test_a_pass_does_not_pay_for_money_on_a_pass(bar: Bar, money: Till) -> None:
    card, other = new_pass(bar.app), new_pass(bar.app)
    load(bar.app, money, card, 5_000)
    lines = (bar.line("Demi blonde"), bar.top_up(money.local, 1_000, other.number))
    with pytest.raises(TopUpByPass):
        bar.sell(*lines, total=1_300, passes=(card.number,))
    assert (left(bar, card), left(bar, other), entries(bar)) == (5_000, 0, 0)
    bar.sell(*lines, total=1_300, passes=(card.number,), by_pass=300)
    assert (left(bar, card), left(bar, other)) == (4_700, 1_000)


def test_in_training_no_money_moves(bar: Bar, money: Till) -> None:
    card = new_pass(bar.app)
    load(bar.app, money, card, 900)
    bar.is_training = True
    link = bar.sell(bar.line("Demi blonde"), total=300, passes=(card.number,))
    assert (link.entry.chain, sale_of(link).number) == ("training", 1)
    assert left(bar, card) == 900
    bar.is_training = False
    assert bar.x_report().turnover == 0
