"""A rush at the bar: two thousand payments may wait; the next one is refused by name and leaves no trace."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from kit.db import Database
from kit.db.writer import MAX_WAITING
from kit.errors import Busy
from kit.ids import new_id
from tests.kit.db.batches import wait_until
from tests.kit.db.notes import held
from wallet.ledger.requests import Holder, Load, Spend
from wallet.ledger.shapes import Line
from wallet.models.currency import Currency
from wallet.models.ledger import LedgerTransaction
from wallet.queries.balances import balances
from wallet.service.posting import asubmit, submit
from wallet.service.wallets import new_wallet
from wallet.store.decider import KIND, LedgerDecider

HERE = "https://bar.example"


@pytest.fixture
def bar(db: Database) -> Database:
    db.register_kind(KIND, LedgerDecider(HERE))
    return db


def a_purse(db: Database, amount: int) -> UUID:
    """A wallet that holds this much of the bar's own money."""
    currency = Currency(
        id=new_id(), code="local", issuer=HERE, nature="money", reach="local", scale=2, at_par=True,
        created_at=datetime.now(UTC), archived_at=None, gift_days=None,
        name="Monnaie du bar", symbol="€", icon="coins", where_spent="",
    )  # fmt: skip
    db.write(lambda session: session.add(currency))
    wallet = db.write(lambda session: new_wallet(session).id)
    submit(
        db,
        Load(id=new_id(), content="cash", kind="top_up", asset=currency.id, to=Holder(wallet), amount=amount),
    )
    return wallet


def a_coffee(wallet: UUID) -> Spend:
    return Spend(id=new_id(), content="coffee", payers=(Holder(wallet),), lines=(Line("Café", 1),))


def left(db: Database, wallet: UUID) -> int:
    with db.read() as session:
        return sum(one.amount for one in balances(session, wallet))


def known(db: Database, key: UUID) -> bool:
    with db.read() as session:
        return session.query(LedgerTransaction).filter_by(id=key).count() > 0


async def test_over_two_thousand_waiting_is_refused_and_writes_nothing(bar: Database) -> None:
    wallet = a_purse(bar, 5_000)
    too_late = a_coffee(wallet)
    with held(bar):
        waiting = [asyncio.ensure_future(asubmit(bar, a_coffee(wallet))) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        wait_until(lambda: bar.waiting >= MAX_WAITING)
        with pytest.raises(Busy) as refusal:
            await asubmit(bar, too_late)
    await asyncio.gather(*waiting)
    assert (refusal.value.status, refusal.value.retry_after) == (503, 1)
    assert left(bar, wallet) == 5_000 - MAX_WAITING
    assert not known(bar, too_late.id)


async def test_what_was_refused_may_be_asked_again(bar: Database) -> None:
    wallet = a_purse(bar, 10_000)
    late = a_coffee(wallet)
    with held(bar):
        waiting = [asyncio.ensure_future(asubmit(bar, a_coffee(wallet))) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await asubmit(bar, late)
    await asyncio.gather(*waiting)
    receipt = await asubmit(bar, late)
    assert (receipt.id, receipt.verdict) == (late.id, "posted")
