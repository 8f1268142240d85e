"""A Pass pays at another node's till: real engines and databases, lines cut, answers lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kit.ids import new_id
from tests.factories.money import ODILE
from tests.wallet.village.neighbours import House, Village, close, open_village
from tests.wallet.village.wire import Wire, drive, tap, wired
from wallet.between.times import TILL
from wallet.ledger.shapes import NODE, NOSTRO, SALES
from wallet.models.ledger import LedgerAccount
from wallet.models.village import VillageAgreement, VillageGrant, VillageLine, VillageMirror, VillagePayment
from wallet.refusals import CardLost, IdConflict, Insufficient
from wallet.service.cards.states import mark_lost
from wallet.verify.village_told import told as told_by_neighbours

UID = "04A1B2C3D4E5F6"
HOME, BAR, PRIMARY, FAR = (f"http://127.0.0.1:{port}" for port in (8201, 8202, 8203, 8204))
NETWORK = (HOME, BAR, FAR)


@pytest.fixture
def village(new_database_url: Callable[[], str], tmp_path: Path) -> Iterator[Village]:
    """The card's home, a bar in its village, the primary, and a node of another village that it knows."""
    friends = ((HOME, BAR), (HOME, PRIMARY), (BAR, PRIMARY), (FAR, PRIMARY))
    village = open_village(tmp_path, new_database_url, NETWORK, friends)
    houses = village.houses
    card = houses[HOME].new_pass(UID)
    houses[HOME].top_up(houses[HOME].whose(uid=UID), 1_000)
    assert card is not None
    village.settle()
    yield village
    close(houses.values())


@pytest.fixture
def home(village: Village) -> House:
    return village.houses[HOME]


@pytest.fixture
def bar(village: Village) -> House:
    return village.houses[BAR]


@pytest.fixture
def primary(village: Village) -> House:
    return village.houses[PRIMARY]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The till waits, however busy this machine is: no issuer is taken for silent."""
    monkeypatch.setattr("wallet.flows_village.LOOK_UP_MS", 60_000)
    monkeypatch.setattr("wallet.flows_village.TILL", 60_000)


def as_in_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on it waits as long as a till does."""
    monkeypatch.setattr("wallet.flows_village.TILL", TILL)


def balance(house: House, kind: str, owner: str) -> int:
    """What the accounts of this kind and owner hold at a node."""
    wanted = select(LedgerAccount).where(LedgerAccount.kind == kind, LedgerAccount.owner == owner)
    return house.read(lambda session: sum(one.balance for one in session.scalars(wanted)))


def held(house: House) -> int:
    """What is set aside at a node."""
    return house.read(lambda session: sum(one.held for one in session.scalars(select(LedgerAccount))))


def left(home: House) -> int:
    """What the card still has at home."""
    found = home.whose(uid=UID)
    return balance(home, "wallet", str(found.wallet_here))


def states(house: House) -> list[str]:
    return house.read(lambda session: [one.state for one in session.scalars(select(VillagePayment))])


def agree_on(home: House, bar: House, cents: int) -> None:
    """Both books say that home owes the bar that much, line by line."""
    assert balance(home, NODE, BAR) == cents
    assert balance(bar, NOSTRO, HOME) == -cents
    points = [
        house.read(
            lambda session: [
                (one.seq, one.hash, one.balance)
                for one in session.scalars(select(VillageMirror).where(VillageMirror.issuer == HOME))
            ]
        )
        for house in (home, bar)
    ]
    assert points[0] == points[1]


async def test_one_issuer_is_one_trip(village: Village, home: House, bar: House) -> None:
    async with wired(village.houses.values()) as wire:
        told = await tap(bar, 450, "soir-1", uid=UID)
        await wire.settle()
    assert (told.state, told.left) == ("ok", 550)
    assert len([one for one in wire.sent if one[0] == BAR]) == 1
    assert (left(home), balance(bar, SALES, "main")) == (550, 450)
    agree_on(home, bar, 450)


async def test_the_same_tap_again_takes_nothing_more(village: Village, home: House, bar: House) -> None:
    async with wired(village.houses.values()) as wire:
        first = await tap(bar, 450, "soir-1", uid=UID)
        again = await tap(bar, 450, "soir-1", uid=UID)
        with pytest.raises(IdConflict):
            await tap(bar, 451, "soir-1", uid=UID)
        await wire.settle()
    assert (again.id, again.state) == (first.id, "ok")
    assert left(home) == 550


async def test_everything_arrives_twice_and_counts_once(village: Village, home: House, bar: House) -> None:
    async with wired(village.houses.values()) as wire:
        wire.times = 2
        for evening in range(3):
            assert (await tap(bar, 100, f"soir-{evening}", uid=UID)).state == "ok"
        await wire.settle()
    assert left(home) == 700
    agree_on(home, bar, 300)


async def test_not_enough_takes_nothing(village: Village, home: House, bar: House) -> None:
    async with wired(village.houses.values()):
        for _attempt in range(2):
            with pytest.raises(Insufficient) as refused:
                await tap(bar, 1_001, "soir-1", uid=UID)
            assert refused.value.missing == 1
        home.top_up(home.whose(uid=UID), 500)
        with pytest.raises(Insufficient):  # the answer to this key, for ever
            await tap(bar, 1_001, "soir-1", uid=UID)
    assert (left(home), held(home), balance(bar, SALES, "main")) == (1_500, 0, 0)


async def test_money_of_this_node_alone_needs_nobody(village: Village, bar: House) -> None:
    bar.top_up(bar.whose(uid=UID), 300)
    async with wired(village.houses.values()) as wire:
        told = await tap(bar, 250, "soir-1", uid=UID)
        await wire.settle()
    assert (told.state, wire.sent, balance(bar, SALES, "main")) == ("ok", [], 250)
    assert not [why for _, why in bar.read(lambda session: list(told_by_neighbours(session))) if why]


async def test_a_lost_card_pays_nowhere(village: Village, home: House, bar: House) -> None:
    card = home.whose(uid=UID).card
    assert card is not None
    home.write(lambda session: mark_lost(session, ODILE, card, "Au marché"))
    async with wired(village.houses.values()) as wire:
        told = await tap(bar, 100, "soir-1", uid=UID)
        assert (told.state, told.why) == ("failed", "card_lost")
        village.settle()
        with pytest.raises(CardLost):
            await tap(bar, 100, "soir-2", uid=UID)
        await wire.settle()
    assert left(home) == 1_000


async def test_a_lost_answer_is_cancelled_and_the_money_is_back(
    village: Village, home: House, bar: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_in_life(monkeypatch)
    async with wired(village.houses.values()) as wire:
        wire.deaf.add((BAR, HOME))
        told = await tap(bar, 300, "soir-1", uid=UID)
        assert told.state == "failed"
        await wire.settle()
        wire.deaf.clear()
        await drive(wire, bar)
    assert (states(bar), left(home)) == (["failed"], 1_000)
    agree_on(home, bar, 0)
    assert lines(home) == [300, -300]


async def test_a_charge_that_comes_after_its_cancel_takes_nothing(
    village: Village, home: House, bar: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_in_life(monkeypatch)
    async with wired(village.houses.values()) as wire:
        wire.cut.add((BAR, HOME))
        assert (await tap(bar, 300, "soir-1", uid=UID)).state == "failed"
        charge = next(item for sender, _, item in wire.sent if sender == BAR and b'"charge"' in item[:20])
        wire.cut.clear()
        await drive(wire, bar)
        wire.post(BAR, HOME, (charge,))
        await wire.settle()
    assert (states(bar), left(home), lines(home)) == (["failed"], 1_000, [])


async def test_money_here_and_elsewhere_pays_together(village: Village, home: House, bar: House) -> None:
    """The bar gave the card 2.00 of its own money: 2.00 there and 5.00 at home, set aside, then taken."""
    bar.top_up(bar.whose(uid=UID), 200)
    async with wired(village.houses.values()) as wire:
        told = await tap(bar, 700, "soir-1", uid=UID)
        assert told.state == "ok"
        await wire.settle()
    assert sorted((one.issuer, one.amount) for one in told.parts) == [("", 200), (HOME, 500)]
    assert (left(home), held(home), held(bar)) == (500, 0, 0)
    assert balance(bar, SALES, "main") == 700
    agree_on(home, bar, 500)


async def test_two_other_nodes_pay_together_or_not_at_all(
    village: Village, home: House, bar: House, primary: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    primary.top_up(primary.whose(uid=UID), 400)
    village.settle()
    async with wired(village.houses.values()) as wire:
        told = await tap(bar, 1_300, "soir-1", uid=UID)
        assert told.state == "ok"
        await wire.settle()
        assert (left(home), balance(primary, NODE, BAR)) == (0, 300)
        wire.cut.add((BAR, PRIMARY))
        home.top_up(home.whose(uid=UID), 100)
        as_in_life(monkeypatch)
        failed = await two_legs(wire, bar)
        wire.cut.clear()
        await drive(wire, bar)
    assert (failed, left(home), held(home), held(primary)) == ("failed", 100, 0, 0)
    assert balance(primary, NODE, BAR) == 300
    agree_on(home, bar, 1_000)


async def test_a_node_of_another_village_is_paid_by_the_bare_number(
    village: Village, home: House, primary: House
) -> None:
    """Far never heard of home: the primary opens what it asks, and answers for its own money alone."""
    primary.top_up(primary.whose(uid=UID), 400)
    village.settle()
    async with wired(village.houses.values()) as wire:
        told = await tap(village.houses[FAR], 300, "soir-1", uid=UID)
        await wire.settle()
    assert [(one.issuer, one.amount, one.state) for one in told.parts] == [(PRIMARY, 300, "posted")]
    assert (balance(primary, NODE, FAR), left(home)) == (300, 1_000)


async def test_a_silent_home_is_taken_under_its_grant_and_presented_later(
    village: Village, home: House, bar: House
) -> None:
    """Up to 5.00 at once while home cannot be asked; 6.00 is refused, 4.00 is taken, and paid afterwards."""
    grant_between(home, bar, per_tap=500)
    async with wired(village.houses.values()) as wire:
        await tap(bar, 100, "soir-0", uid=UID)
        wire.cut.add((BAR, HOME))
        wire.known_cut.add((BAR, HOME))
        big, small = await tap(bar, 600, "soir-1", uid=UID), await tap(bar, 400, "soir-2", uid=UID)
        assert (big.state, big.why, small.state, small.is_offline) == ("failed", "no_answer", "ok", True)
        assert left(home) == 900
        wire.engines[BAR]._heard_at.clear()  # the bar was started again meanwhile
        again = await tap(bar, 350, "soir-3", uid=UID)
        assert (again.state, again.is_offline) == ("ok", True)
        wire.cut.clear()
        wire.known_cut.clear()
        await drive(wire, bar)
    assert states(bar).count("ok") == 3
    assert left(home) == 150
    agree_on(home, bar, 850)


def grant_between(home: House, bar: House, per_tap: int) -> None:
    """Home lets the bar take its money while it cannot be asked."""
    grant = new_id()
    asset = bar.read(
        lambda session: session.scalars(
            select(VillageAgreement.asset).where(
                VillageAgreement.peer == HOME, VillageAgreement.issuer == HOME
            )
        ).one()
    )
    for house in (home, bar):
        row = VillageGrant(
            id=grant,
            is_ours=house is home,
            issuer=HOME,
            acceptor=BAR,
            asset=asset,
            per_tap=per_tap,
            per_card=2_000,
            per_card_day=2_000,
            node_max=10_000,
            since=0,
            until=2**52,
            hotlist_age=86_400,
            bearer="issuer",
            revoked=False,
            noted=True,
            used=0,
            item=b"",
        )
        house.write(lambda session: session.add(row))  # noqa: B023


async def two_legs(wire: Wire, bar: House) -> str:
    """The primary says what it holds, and is cut off before it is charged."""
    wire.cut.clear()
    carry = wire.post

    def post(sender: str, to: str, items: tuple[bytes, ...]) -> None:
        if to != PRIMARY or not any(b'"charge"' in item[:20] for item in items):
            carry(sender, to, items)

    wire.post = post  # type: ignore[method-assign]
    told = await tap(bar, 150, "soir-2", uid=UID)
    wire.post = carry  # type: ignore[method-assign]
    return told.state


def lines(house: House) -> list[int]:
    wanted = select(VillageLine.delta).order_by(VillageLine.seq)
    return house.read(lambda session: list(session.scalars(wanted)))
