"""What a person signs of a dispute reaches the neighbour by itself: at once, twice, or when it asks again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from kit.ids import new_id
from tests.factories.money import ODILE
from tests.wallet.village.neighbours import House, Village, close, open_village
from tests.wallet.village.wire import Wire, drive, tap, wired
from wallet.between.messages import Signed, decode
from wallet.flows_disputes import answer_end, contest_line, line_at, offer_end
from wallet.models.village import VillageLine
from wallet.models.village_dispute import VillageDispute

UID = "04A1B2C3D4E5F6"
HOME, BAR = (f"http://127.0.0.1:{port}" for port in (8251, 8252))


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    village = open_village(tmp_path, new_database_url, (HOME, BAR), ((HOME, BAR),))
    home = village.houses[HOME]
    home.new_pass(UID)
    home.top_up(home.whose(uid=UID), 1_000)
    village.settle()
    yield village
    close(village.houses.values())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The till waits, however busy this machine is."""
    monkeypatch.setattr("wallet.flows_village.LOOK_UP_MS", 60_000)
    monkeypatch.setattr("wallet.flows_village.TILL", 60_000)


async def test_a_signature_needs_no_second_question(village: Village) -> None:
    home, bar = village.houses[HOME], village.houses[BAR]
    async with wired(village.houses.values()) as wire:
        dispute = await contested(wire, home, bar)
        offer = await offered(wire, home, bar, dispute)
        wire.sent.clear()
        await answer_end(bar.app, ODILE, offer, False)
        await wire.settle()
        assert [state(house, offer) for house in (home, bar)] == [("refused", "disagreed")] * 2
        offer = await offered(wire, home, bar, dispute)
        wire.sent.clear()
        wire.times = 2
        await answer_end(bar.app, ODILE, offer, True)
        await wire.settle()
        assert [type(decode(item)) for _, _, item in wire.sent] == [Signed]
        assert [state(house, offer) for house in (home, bar)] == [("signed", "")] * 2


async def test_a_signature_that_was_lost_comes_when_it_is_asked_for(village: Village) -> None:
    home, bar = village.houses[HOME], village.houses[BAR]
    async with wired(village.houses.values()) as wire:
        offer = await offered(wire, home, bar, await contested(wire, home, bar))
        wire.cut.add((BAR, HOME))
        await answer_end(bar.app, ODILE, offer, True)
        await wire.settle()
        assert state(home, offer) == ("proposed", "")
        wire.cut.clear()
        await drive(wire, home)
        assert state(home, offer) == ("signed", "")


async def contested(wire: Wire, home: House, bar: House) -> UUID:
    """A payment at the bar that its issuer contests, signed by both."""
    assert (await tap(bar, 500, "soir-1", uid=UID)).state == "ok"
    asset, seq = bar.read(lambda session: session.execute(select(VillageLine.asset, VillageLine.seq)).one())
    kept = home.read(lambda session: line_at(session, BAR, asset, 1, seq))
    dispute = await contest_line(home.app, ODILE, kept, 500, id=new_id(), reason="Twice")
    await drive(wire, home)
    await drive(wire, bar)
    return dispute


async def offered(wire: Wire, home: House, bar: House, dispute: UUID) -> UUID:
    """An end that waits for a person of the bar."""
    offer = await offer_end(home.app, ODILE, dispute, "payer", id=new_id())
    await drive(wire, home)
    assert (state(home, offer), state(bar, offer)) == (("proposed", ""), ("waiting", ""))
    return offer


def state(house: House, named: UUID) -> tuple[str, str]:
    row = house.read(lambda session: session.get_one(VillageDispute, named))
    return row.state, row.why
