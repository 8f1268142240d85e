"""A sale is taken back in parts: the same means, the last one first, never more than is left of a line."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from kit.ids import new_id
from sales.journal.replay import Replay
from sales.journal.shapes import Link, Sale
from sales.refusals import BadPart, MoreThanSold, TakenBackAlready
from sales.schemas import Outside
from tests.factories.money import Till
from tests.sales.counter import Bar
from tests.sales.looking import broken
from tests.wallet.pockets import held, load, new_pass


def said(link: Link) -> Sale:
    assert link.entry.sale is not None
    return link.entry.sale


def paid(link: Link) -> Sequence[tuple[str, int, bool]]:
    return [(one.asset or one.means, one.amount, one.is_offered) for one in said(link).payments]


def test_one_of_two_beers_then_the_rest(bar: Bar) -> None:
    sale = bar.sell(bar.line("Demi blonde", "2"), bar.line("Soupe"), bar.line("Gobelet", "2"), total=1_080)
    one = said(bar.take_back(sale.entry.id, (0, "1"), (2, "1")))
    assert [(line.label, line.quantity, line.gross) for line in one.lines] == [
        ("Demi blonde", "-1", -300), ("Gobelet", "-1", -100),
    ]  # fmt: skip
    assert (one.total, one.payments[0].amount, one.lines[0].vat) == (-400, -400, -50)
    for wanted, refusal in (((0, "2"), MoreThanSold), ((0, "0.5"), BadPart), ((9, "1"), MoreThanSold)):
        with pytest.raises(refusal):
            bar.take_back(sale.entry.id, wanted)
    rest = bar.take_back(sale.entry.id)
    assert (said(rest).total, rest.entry.parts) == (-680, (0, 1, 2))
    with pytest.raises(TakenBackAlready):
        bar.take_back(sale.entry.id)
    totals = bar.x_report()
    assert (totals.credit_notes, totals.turnover, totals.net, totals.vat, totals.cash) == (2, 0, 0, 0, 0)
    assert all(row.amount == 0 for row in (*totals.by_rate, *totals.by_product, *totals.outside))
    bar.close()
    assert broken(bar.app) == ""


def test_vouchers_and_money_go_back_to_what_they_paid(bar: Bar, money: Till) -> None:
    """5.80 by 2.00 of vouchers, 3.00 on the Pass and 0.80 in cash; the soup goes back, then the beer."""
    card = new_pass(bar.app)
    load(bar.app, money, card, 300, voucher=200)
    lines = (bar.line("Demi blonde"), bar.line("Soupe"))
    sale = bar.sell(*lines, total=580, passes=(card.number,), by_pass=500)
    soup = bar.take_back(sale.entry.id, (1, "1"))
    assert sorted(amount for _, amount, _ in paid(soup)) == [-183, -97]
    assert [amount for _, amount, is_offered in paid(soup) if is_offered] == [-97]
    assert sorted(held(bar.app, card.wallet).values()) == [97, 183]
    totals = bar.x_report()
    assert (totals.turnover, totals.offered, totals.cash) == (197, 103, 80)
    beer = bar.take_back(sale.entry.id, (0, "1"))
    assert sorted(amount for _, amount, _ in paid(beer)) == [-117, -103, -80]
    assert sorted(held(bar.app, card.wallet).values()) == [200, 300]
    assert (bar.x_report().turnover, bar.x_report().offered, bar.x_report().cash) == (0, 0, 0)
    assert broken(bar.app) == ""


def test_a_top_up_goes_back_whole_and_corrected_means_count(bar: Bar, money: Till) -> None:
    card = new_pass(bar.app)
    sale = bar.sell(bar.line("Demi blonde"), bar.top_up(money.local, 1_000, card.number), total=1_300)
    bar.change_means(sale.entry.id, Outside(means="cheque", amount=1_000), Outside(means="cash", amount=300))
    with pytest.raises(BadPart):
        bar.take_back(sale.entry.id, (1, "0.5"))
    note = bar.take_back(sale.entry.id, (1, "1"))
    assert list(paid(note)) == [("cheque", -700, False), ("cash", -300, False)]
    assert sum(held(bar.app, card.wallet).values()) == 0
    with pytest.raises(TakenBackAlready):
        bar.change_means(sale.entry.id, Outside(means="cash", amount=1_300))
    assert broken(bar.app) == ""


def test_whoever_holds_the_key_cannot_take_back_more_than_was_sold(bar: Bar) -> None:
    """Signed or not, a credit note is held against its sale, line by line and means by means."""
    sale = bar.sell(bar.line("Soupe", "3"), bar.line("Demi blonde"), total=1_140)
    note = bar.take_back(sale.entry.id, (0, "2"))
    (line,), (payment,) = said(note).lines, said(note).payments
    taxed = replace(line, net=line.net + 1, vat=line.vat - 1)
    crimes = {
        "it takes back more than was sold": said(note),
        "its lines are not the opposite of what is left of the sale that it names": replace(
            said(note), lines=(replace(taxed, quantity="-1", gross=-280),)
        ),
        "it gives back more than was paid, or otherwise": replace(
            said(bar.take_back(sale.entry.id, (0, "1"))), payments=(replace(payment, means="cheque"),)
        ),
    }
    for why, forged in crimes.items():
        replay = Replay(find={sale.entry.id: sale.entry}.get)
        for link in (sale, note):
            assert replay.broken(link) == ""
        entry = replace(note.entry, id=new_id(), seq=3, sale=replace(forged, number=3))
        assert replay.broken(Link(entry, b"", "")) == why
    whole = replace(note.entry, id=new_id(), seq=3, parts=(), sale=replace(said(note), number=3))
    assert Replay().broken(Link(whole, b"", "")) != ""
