"""A Pass of another node pays at this bar's till: the sale is written when its money came, and only then."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from config.collective import Collective
from kit import clock
from kit.ids import new_id
from pos_api.receipts import receipt_text
from sales import flows
from sales.choices import SalesRules
from sales.models.waiting import SaleReturning, SaleWaiting
from sales.refusals import UnitsShort
from sales.schemas import ByPass, Outside, Selling, Sold, TakingBack
from sales.village import finish, finish_all
from tests.factories.money import ODILE
from tests.sales.counter import Bar, open_bar, unexplained
from tests.wallet.village.neighbours import Village, close, open_village
from tests.wallet.village.test_taps import BAR, HOME, NETWORK, PRIMARY, UID, left
from tests.wallet.village.wire import drive, wired
from wallet.cards.reading import Tap
from wallet.flows_village import pay
from wallet.models.currency import OURS, Currency
from wallet.refusals import Insufficient
from wallet.service.currencies import create_currency
from wallet.service.currency_rules import usual
from wallet.village_schemas import Told


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """The card's home with 10.00 on it, the bar's node, and the primary."""
    friends = ((HOME, BAR), (HOME, PRIMARY), (BAR, PRIMARY))
    village = open_village(tmp_path, new_database_url, NETWORK[:2], friends)
    home = village.houses[HOME]
    home.new_pass(UID)
    home.top_up(home.whose(uid=UID), 1_000)
    village.settle()
    yield village
    close(village.houses.values())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours are waited for as long as a busy machine needs."""
    monkeypatch.setattr("wallet.flows_village.TILL", 60_000)
    monkeypatch.setattr("wallet.flows_village.LOOK_UP_MS", 60_000)
    monkeypatch.setattr("wallet.flows_clearing.TILL", 60_000)


@pytest.fixture
def bar(village: Village) -> Bar:
    app = village.houses[BAR].app
    return open_bar(app, at=clock.now())


def a_sale(bar: Bar, cents: int, by_pass: int) -> Selling:
    sale = new_id()
    return Selling(
        id=sale,
        at=bar.at,
        point=bar.point,
        content=sale.hex,
        lines=(bar.line("Panaché", str(cents // 250)),),
        paid=(Outside(means="cash", amount=cents - by_pass),) if cents > by_pass else (),
        by_pass=ByPass(amount=by_pass, taps=(Tap(uid=UID),)),
        total=cents,
    )


def waiting(village: Village) -> int:
    return village.houses[BAR].read(lambda session: session.query(SaleWaiting).filter_by(why="").count())


def returning(village: Village) -> int:
    return village.houses[BAR].read(lambda session: session.query(SaleReturning).count())


def its_money(village: Village) -> str | None:
    """How the home calls its own money."""
    wanted = select(Currency.name).where(OURS, Currency.nature == "money")
    return village.houses[HOME].read(lambda session: session.scalar(wanted))


async def test_a_neighbours_pass_pays_and_is_given_back(village: Village, bar: Bar) -> None:
    said = a_sale(bar, 750, 500)
    async with wired(village.houses.values()) as wire:
        sold = await flows.sell(bar.app, bar.till, said)
        again = await flows.sell(bar.app, bar.till, said)
        await wire.settle()
        assert unexplained(bar.app, bar.at) == [(0, 0)]
        assert sold.link is not None
        assert again.link == sold.link
        assert sold.link.entry.sale is not None
        (cash, by_pass) = sold.link.entry.sale.payments
        assert (cash.amount, by_pass.amount, by_pass.host) == (250, 500, "127.0.0.1:8201")
        assert (by_pass.name, by_pass.name == by_pass.asset) == (its_money(village), False)
        assert f"Pass {by_pass.name}" in receipt_text(sold.link.entry, Collective(), SalesRules(), 1)
        assert (left(village.houses[HOME]), waiting(village)) == (500, 0)
        undo = new_id()
        back = TakingBack(
            id=undo, at=bar.at, point=bar.point, content=undo.hex, sale=said.id, reason="Erreur"
        )
        done = await flows.take_back(bar.app, bar.till, back)
        await drive(wire, village.houses[BAR])
    note = done.link.entry.sale if done.link else None
    assert note is not None
    assert note.payments[-1].name == by_pass.name
    assert (note.total, left(village.houses[HOME]), returning(village)) == (-750, 1_000, 0)
    assert unexplained(bar.app, bar.at) == [(0, 0)]


async def test_too_little_on_a_neighbours_pass_sells_nothing(village: Village, bar: Bar) -> None:
    said = a_sale(bar, 1_250, 1_250)
    async with wired(village.houses.values()) as wire:
        for _ in range(2):
            with pytest.raises(Insufficient) as refused:
                await flows.sell(bar.app, bar.till, said)
            await wire.settle()
    assert refused.value.missing == 250
    assert (left(village.houses[HOME]), waiting(village), bar.x_report().sales) == (1_000, 0, 0)


async def test_a_neighbours_pass_has_no_hours_of_this_house(village: Village, bar: Bar) -> None:
    """Nobody is asked: hours stand in the ledger of the house that gives them, and nowhere else."""
    hours = bar.app.db.write(lambda session: create_currency(session, ODILE, usual("time", "Bar"), BAR)).id
    bar.sells("Soupe des bénévoles", 100, currency=hours)
    said = replace(a_sale(bar, 250, 250), lines=(bar.line("Soupe des bénévoles", "2"),), total=200)
    said = replace(said, by_pass=ByPass(amount=200, taps=(Tap(uid=UID),)))
    async with wired(village.houses.values()) as wire:
        with pytest.raises(UnitsShort) as refused:
            await flows.sell(bar.app, bar.till, said)
        await wire.settle()
    assert refused.value.fields == {"missing": "200", "payable": "0"}
    assert (left(village.houses[HOME]), waiting(village), bar.x_report().units) == (1_000, 0, ())


async def test_a_node_that_fell_before_it_wrote_the_sale_writes_it_later(
    village: Village, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = a_sale(bar, 500, 500)

    async def falls(*_: object) -> None:
        raise SystemError("the power went")

    async with wired(village.houses.values()) as wire:
        with monkeypatch.context() as now:
            now.setattr("sales.village.asubmit", falls)
            with pytest.raises(SystemError):
                await flows.sell(bar.app, bar.till, said)
        await wire.settle()
        assert (left(village.houses[HOME]), waiting(village), bar.x_report().sales) == (500, 1, 0)
        await finish_all(bar.app)
        assert (waiting(village), bar.x_report().sales) == (0, 1)
        assert await finish(bar.app, said.id) is None
        again = await flows.sell(bar.app, bar.till, said)
    assert again.link is not None
    assert left(village.houses[HOME]) == 500


async def test_who_asks_while_the_neighbours_are_about_to_be_asked_calls_nothing_off(
    village: Village, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is there, the question is not: the job and the till look, and the sale is sold all the same."""
    said = a_sale(bar, 500, 500)

    async def looks_first(*asked: object) -> Told:
        assert await finish(bar.app, said.id) == Sold(link=None)
        await finish_all(bar.app)
        return await pay(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("sales.village.pay", looks_first)
    async with wired(village.houses.values()):
        sold = await flows.sell(bar.app, bar.till, said)
    assert sold.link is not None
    assert (left(village.houses[HOME]), waiting(village), bar.x_report().sales) == (500, 0, 1)
