"""A sale that a neighbour paid is taken back: held first, given back, written; whoever falls in between."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from kit import clock
from kit.ids import new_id
from sales import flows, giving_back
from sales.giving_back import finish_return, finish_returns
from sales.journal.asking import Part
from sales.models.waiting import SaleReturning, SaleWaiting
from sales.refusals import BeingTakenBack, MoreThanSold, NeighbourRefused, TakenBackAlready
from sales.schemas import ChangingMeans, Outside, Sold, TakingBack
from sales.service import ended
from sales.service.recording import asubmit
from sales.verify import chain, repeated
from tests.factories.money import at
from tests.sales.counter import Bar
from tests.sales.looking import entries
from tests.sales.test_neighbours import a_sale, bar, patient, returning, village  # noqa: F401
from tests.wallet.village.neighbours import Village
from tests.wallet.village.test_taps import BAR, HOME, left
from tests.wallet.village.wire import drive, wired
from wallet.between import issuing
from wallet.between.messages import Refund


@pytest.fixture(autouse=True)
def _patient(patient: None) -> None:  # noqa: F811
    """As in the tests of neighbours."""


def taking(bar: Bar, sale: UUID, *parts: tuple[int, str]) -> TakingBack:  # noqa: F811
    back, wanted = new_id(), tuple(Part(*one) for one in parts)
    return TakingBack(
        id=back, at=bar.at, point=bar.point, content=back.hex, sale=sale, reason="Erreur", parts=wanted
    )


async def falls(*_: object) -> None:
    raise SystemError("the power went")


async def falls_after(*asked: Any) -> None:
    await asubmit(*asked)
    raise SystemError("the power went")


FALLS = (
    ("before the neighbour was asked", "refund", falls, 500),
    ("when it had given back", "asubmit", falls, 1_000),
    ("when the credit note was written", "asubmit", falls_after, 1_000),
)


async def test_a_node_that_fell_goes_on(
    village: Village,  # noqa: F811
    bar: Bar,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with wired(village.houses.values()) as wire:
        for when, step, act, at_home in FALLS:
            said = a_sale(bar, 750, 500)
            await flows.sell(bar.app, bar.till, said)
            first, other = taking(bar, said.id), taking(bar, said.id)
            with monkeypatch.context() as now:
                now.setattr(giving_back, step, act)
                with pytest.raises(SystemError):
                    await flows.take_back(bar.app, bar.till, first)
            await wire.settle()
            assert (left(village.houses[HOME]), returning(village)) == (at_home, 1), when
            with pytest.raises(BeingTakenBack):
                await flows.change_means(bar.app, bar.till, corrected(bar, said.id))
            with pytest.raises(BeingTakenBack):
                await flows.take_back(bar.app, bar.till, other)
            await finish_returns(bar.app)
            again = await flows.take_back(bar.app, bar.till, first)
            await drive(wire, village.houses[BAR])
            with pytest.raises(TakenBackAlready):
                await flows.take_back(bar.app, bar.till, other)
            assert again.link is not None
            assert (left(village.houses[HOME]), returning(village)) == (1_000, 0), when
    assert [entry.kind for entry in entries(bar.app)] == ["sale", "credit_note"] * len(FALLS)
    assert bar.x_report().turnover == 0
    assert wrong(bar) == []


def wrong(bar: Bar) -> list[str]:  # noqa: F811
    """What the checks of the journal say; the keys of this wire are not real."""
    with bar.app.db.read() as session:
        return [why for check in (chain, repeated) for _, why in check(session) if why]


def corrected(bar: Bar, sale: UUID) -> ChangingMeans:  # noqa: F811
    operation = new_id()
    return ChangingMeans(
        id=operation, at=bar.at, point=bar.point, content=operation.hex, sale=sale,
        paid=(Outside(means="cheque", amount=250),), reason="Erreur",
    )  # fmt: skip


async def test_a_part_goes_back_to_the_neighbour_and_no_more(village: Village, bar: Bar) -> None:  # noqa: F811
    """7.50 of which a neighbour paid 5.00: two of three come back from the Pass, then the rest."""
    said = a_sale(bar, 750, 500)
    async with wired(village.houses.values()) as wire:
        await flows.sell(bar.app, bar.till, said)
        with pytest.raises(MoreThanSold):
            await flows.take_back(bar.app, bar.till, taking(bar, said.id, (0, "4")))
        assert (left(village.houses[HOME]), returning(village)) == (500, 0)
        one = await flows.take_back(bar.app, bar.till, taking(bar, said.id, (0, "1")))
        await drive(wire, village.houses[BAR])
        assert (payments(one), left(village.houses[HOME])) == ([("pass", -250)], 750)
        rest = await flows.take_back(bar.app, bar.till, taking(bar, said.id))
        await drive(wire, village.houses[BAR])
    assert payments(rest) == [("cash", -250), ("pass", -250)]
    assert left(village.houses[HOME]) == 1_000
    assert wrong(bar) == []


def payments(done: Sold) -> list[tuple[str, int]]:
    note = done.link.entry.sale if done.link else None
    return [(one.means, one.amount) for one in note.payments] if note else []


async def test_a_neighbour_that_is_silent_is_waited_for(
    village: Village,  # noqa: F811
    bar: Bar,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = a_sale(bar, 500, 500)
    async with wired(village.houses.values()) as wire:
        await flows.sell(bar.app, bar.till, said)
        await drive(wire, village.houses[BAR])
        monkeypatch.setattr("wallet.flows_clearing.TILL", 50)
        wire.cut.add((BAR, HOME))
        back = taking(bar, said.id)
        waits = await flows.take_back(bar.app, bar.till, back)
        assert (waits.link, waits.waits_for) == (None, "127.0.0.1:8201")
        assert (bar.x_report().credit_notes, left(village.houses[HOME])) == (0, 500)
        wire.cut.clear()
        await drive(wire, village.houses[BAR])
        await finish_returns(bar.app)
        assert await finish_return(bar.app, back.id) is None
        done = await flows.take_back(bar.app, bar.till, back)
    assert (payments(done), left(village.houses[HOME])) == ([("pass", -500)], 1_000)


async def test_what_a_neighbour_refused_is_told_again_and_forgotten_a_month_later(
    village: Village,  # noqa: F811
    bar: Bar,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = a_sale(bar, 500, 500)
    async with wired(village.houses.values()) as wire:
        await flows.sell(bar.app, bar.till, said)
        await drive(wire, village.houses[BAR])
        with monkeypatch.context() as now:
            now.setitem(issuing._RULES, Refund, refuses)
            back = taking(bar, said.id)
            for _ in range(2):
                with pytest.raises(NeighbourRefused):
                    await flows.take_back(bar.app, bar.till, back)
        done = await flows.take_back(bar.app, bar.till, taking(bar, said.id))
    assert done.link is not None, "what ended holds the sale no longer"
    waits = {"host": "", "body": b"{}", "made_at": clock.now()}
    for why in ("", "over_node"):
        row = SaleWaiting(id=new_id(), why=why, **waits)
        bar.app.db.write(partial(add, row))
    gone = SaleReturning(id=new_id(), sale_id=new_id(), why="over_node", body=b"{}", made_at=clock.now())
    bar.app.db.write(partial(add, gone))
    for days, kept in ((29, [2, 1]), (31, [1, 0])):
        with at(clock.now() + timedelta(days=days)):
            bar.app.db.write(ended.sweep)
        assert rows(village) == kept, "what still waits stays"


def refuses(desk: Any, heard: Any, asked: Any) -> Any:
    return issuing._no(desk, heard, asked, "over_node")


def add(row: SaleWaiting | SaleReturning, session: Session) -> None:
    session.add(row)


def rows(village: Village) -> list[int]:  # noqa: F811
    models = (SaleWaiting, SaleReturning)
    return village.houses[BAR].read(lambda session: [session.query(one).count() for one in models])
