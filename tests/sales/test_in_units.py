"""Hours and points at the till: paid by a Pass alone, apart from money, given back, worked out again."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from sales.deciding import journal_key
from sales.journal.replay import Replay
from sales.journal.shapes import GENESIS, Link, Sale, UnitSum, read_entry
from sales.models.journal import JournalEntry
from sales.queries.journal import link_of
from sales.refusals import MixedUnits, MoreThanSold, OnlyByPass, OnlyOutsideMeans, UnitsShort
from sales.schemas import LoadLine, Outside, TipLine
from tests.factories.money import ODILE, Till
from tests.sales.counter import Bar, unexplained
from tests.sales.looking import broken
from tests.sales.test_tampering import Thief
from tests.wallet.ledger.raw import Raw
from tests.wallet.pockets import Pass, held, load, new_pass
from wallet import flows
from wallet.cards.reading import Tap
from wallet.refusals import Insufficient
from wallet.schemas import TopUp


@pytest.fixture
def lea(bar: Bar, money: Till) -> Pass:
    """Léa has two hours and 15 points; her soup costs an hour, a tea ten points, a beer three euros."""
    card = new_pass(bar.app)
    bar.sells("Soupe des bénévoles", 100, currency=money.hours)
    bar.sells("Thé", 10, currency=money.points)
    flows.top_up(bar.app, ODILE, TopUp(asset=money.hours, amount=200, card=card.id))
    flows.top_up(bar.app, ODILE, TopUp(asset=money.points, amount=15, card=card.id))
    load(bar.app, money, card, 1_000)
    return card


def said(link: Link) -> Sale:
    assert link.entry.sale is not None
    return link.entry.sale


def apart(sums: tuple[UnitSum, ...]) -> dict[str, tuple[int, int, int]]:
    """By the signs of currencies: sold, taken back, given."""
    return {one.unit.symbol: (one.sold, one.taken_back, one.given) for one in sums}


def entries(bar: Bar) -> int:
    with bar.app.db.read() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_lea_pays_her_soup_with_an_hour(bar: Bar, lea: Pass) -> None:
    link = bar.sell(bar.line("Soupe des bénévoles"), total=100, passes=(lea.number,))
    sale = said(link)
    assert sale.unit is not None
    assert (sale.unit.symbol, sale.unit.scale) == ("h", 2)
    assert [(line.sort, line.gross, line.rate, line.vat) for line in sale.lines] == [("unit", 100, 0, 0)]
    assert [(one.means, one.amount, one.asset) for one in sale.payments] == [("pass", 100, sale.unit.code)]
    assert held(bar.app, lea.wallet) == {"time": 100, "loyalty": 15, "money": 1_000}
    assert broken(bar.app) == ""


def test_five_points_too_few_and_nothing_is_taken(bar: Bar, lea: Pass) -> None:
    with pytest.raises(UnitsShort) as no:
        bar.sell(bar.line("Thé", "2"), total=20, passes=(lea.number,))
    assert no.value.fields == {"missing": "5", "payable": "15"}
    assert "5\u00a0pts" in no.value.sentence
    assert held(bar.app, lea.wallet) == {"time": 200, "loyalty": 15, "money": 1_000}
    assert entries(bar) == 0


def test_neither_cash_nor_euros_on_a_pass_replace_an_hour(bar: Bar, lea: Pass, money: Till) -> None:
    soup, hour = bar.line("Soupe des bénévoles"), {"passes": (lea.number,)}
    refused: list[tuple[type[Exception], tuple[Any, ...], dict[str, Any]]] = [
        (OnlyByPass, (soup,), {"total": 100}),
        (OnlyByPass, (soup,), {"total": 100, "by_pass": 50, **hour}),
        (OnlyByPass, (bar.line("Soupe"),), {"total": 280, "paid": (Outside(means="house", amount=280),)}),
        (MixedUnits, (soup, bar.line("Soupe")), {"total": 380, **hour}),
        (MixedUnits, (soup, bar.line("Thé")), {"total": 110, **hour}),
        (MixedUnits, (soup, TipLine(amount=50)), {"total": 150, **hour}),
    ]
    for refusal, lines, how in refused:
        with pytest.raises(refusal):
            bar.sell(*lines, **how)
    poor = new_pass(bar.app)
    load(bar.app, money, poor, 1_000)
    with pytest.raises(UnitsShort):
        bar.sell(soup, total=100, passes=(poor.number,))
    assert held(bar.app, poor.wallet) == {"money": 1_000}
    assert entries(bar) == 0


def test_half_of_it_given_back_then_the_rest(bar: Bar, lea: Pass) -> None:
    link = bar.sell(bar.line("Soupe des bénévoles", "2"), total=200, passes=(lea.number,))
    with pytest.raises(OnlyOutsideMeans):
        bar.change_means(link.entry.id)
    half = said(bar.take_back(link.entry.id, (0, "1")))
    assert (half.total, half.unit, half.payments[0].amount) == (-100, said(link).unit, -100)
    assert held(bar.app, lea.wallet)["time"] == 100
    assert unexplained(bar.app) == [(0, 0)]
    with pytest.raises(MoreThanSold):
        bar.take_back(link.entry.id, (0, "2"))
    bar.take_back(link.entry.id)
    assert held(bar.app, lea.wallet)["time"] == 200
    assert apart(bar.x_report().units) == {"h": (200, -200, 0)}
    assert broken(bar.app) == ""


def test_a_volunteer_leaves_with_two_hours(bar: Bar, lea: Pass, money: Till) -> None:
    two = LoadLine(kind="give", asset=money.hours, amount=200, tap=Tap(number=lea.number))
    with pytest.raises(OnlyByPass):
        bar.sell(two, total=200)
    given = bar.sell(two, total=200, paid=(Outside(means="house", amount=200),))
    assert held(bar.app, lea.wallet)["time"] == 400
    assert apart(bar.x_report().units) == {"h": (0, 0, 200)}
    bar.sell(bar.line("Soupe des bénévoles", "3"), total=300, passes=(lea.number,))
    with pytest.raises(Insufficient):
        bar.take_back(given.entry.id)
    assert broken(bar.app) == ""


def test_the_z_the_month_and_the_year_keep_hours_apart(bar: Bar, lea: Pass) -> None:
    bar.sell(bar.line("Soupe"), total=280)
    bar.sell(bar.line("Soupe des bénévoles", "2"), total=200, passes=(lea.number,))
    bar.sell(bar.line("Thé"), total=10, passes=(lea.number,))
    day = bar.close().entry.closing
    assert day is not None
    assert (day.totals.turnover, day.totals.sales, day.perpetual) == (280, 1, 280)
    assert [(row.key, row.amount) for row in day.totals.by_means] == [("cash", 280)]
    assert [row.label for row in day.totals.by_product] == ["Soupe"]
    assert not day.totals.outside
    assert apart(day.totals.units) == {"h": (200, 0, 0), "pts": (10, 0, 0)}
    bar.at = bar.at.replace(year=2027)
    bar.sell(bar.line("Soupe"), total=280)
    with bar.app.db.read() as session:
        bodies = session.scalars(select(JournalEntry).where(JournalEntry.kind == "closing"))
        levels = {one.level: one.totals for one in map(closing_of, bodies)}
    assert [apart(levels[one].units) for one in ("month", "year")] == [apart(day.totals.units)] * 2
    assert levels["year"].turnover == 280
    assert broken(bar.app) == ""


def test_in_training_no_hour_moves(bar: Bar, lea: Pass) -> None:
    bar.is_training = True
    link = bar.sell(bar.line("Soupe des bénévoles"), total=100, passes=(lea.number,))
    assert (link.entry.chain, said(link).unit is not None) == ("training", True)
    bar.take_back(link.entry.id)
    assert held(bar.app, lea.wallet)["time"] == 200
    assert apart(bar.x_report().units) == {"h": (100, -100, 0)}
    assert broken(bar.app) == ""


def test_a_tampered_amount_of_hours_is_named_even_under_the_right_key(bar: Bar, lea: Pass) -> None:
    """Whoever could sign would still be told by the sums: each lie about a sale in hours is named."""
    sale = bar.sell(bar.line("Soupe des bénévoles"), total=100, passes=(lea.number,)).entry
    honest = said(Link(sale, b"", ""))
    line, paid = honest.lines[0], honest.payments[0]
    lies: dict[str, Callable[[], Sale]] = {
        "its amount is not quantity by price": lambda: replace(
            honest, lines=(replace(line, gross=50, net=50),), total=50, payments=(replace(paid, amount=50),)
        ),
        "its total is not what was paid": lambda: replace(honest, payments=(replace(paid, amount=50),)),
        "it takes time or points for money": lambda: replace(honest, unit=None),
        "something else than time paid it": lambda: replace(honest, payments=(replace(paid, means="cash"),)),
        "it has money in a sale in time": lambda: replace(honest, lines=(replace(line, sort="product"),)),
    }
    assert Replay().broken(Link(sale, b"", "")) == ""
    for words, lie in lies.items():
        assert words in Replay().broken(Link(replace(sale, sale=lie()), b"", "")), words


def test_who_rewrites_an_hour_in_the_database_is_named(bar: Bar, lea: Pass, database_url: str) -> None:
    """First as a thief, then as somebody who has the key of the journal, too: the sums tell."""
    seq = bar.sell(bar.line("Soupe des bénévoles"), total=100, passes=(lea.number,)).entry.seq
    thief = Thief(Raw(database_url), bar)
    with thief.unguarded():
        thief.rewrite(seq, b'"amount":100', b'"amount":900')
    assert f"real {seq}: its signature does not hold" in broken(bar.app)
    key = journal_key(bar.app.seal)
    with thief.unguarded():
        body = thief.entries()[-1]["body"]
        mac = key.sign(GENESIS, bytes(body))
        thief.raw.run("UPDATE journal_entry SET mac = :m", m=mac)
        seal = key.seal_head("real", seq, mac)
        thief.raw.run("UPDATE journal_head SET mac = :m, seal = :s WHERE chain = 'real'", m=mac, s=seal)
    assert f"real {seq}: its total is not what was paid" in broken(bar.app)
    thief.raw.connection.close()


def test_what_was_sealed_before_there_were_hours_is_read_as_it_was(bar: Bar) -> None:
    """Bytes without the new fields, as every journal of before has them, make the same sums."""
    bar.sell(bar.line("Demi blonde", "2"), total=600)
    bar.take_back(bar.sell(bar.line("Soupe"), total=280).entry.id, (0, "1"))
    bar.close()
    replay = Replay(find=lambda wanted: next(one for one in before if one.id == wanted))
    with bar.app.db.read() as session:
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
        older = [row.body.replace(b',"unit":null', b"").replace(b',"units":[]', b"") for row in rows]
    assert all(b'unit"' not in body and b"units" not in body for body in older)
    before = [read_entry(body) for body in older]
    links = zip(before, older, rows, strict=True)
    assert [replay.broken(Link(entry, body, row.mac)) for entry, body, row in links] == [""] * len(rows)


def closing_of(row: JournalEntry) -> Any:
    return link_of(row).entry.closing
