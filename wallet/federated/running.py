"""The engine in a running node: put together, started, stopped."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from federation.exchange import exchange_of
from kit.app import App
from kit.ids import new_id
from kit.ports import PortMissing
from wallet.between.messages import Beat, encode
from wallet.between.port import Village
from wallet.federated.driver import Driver
from wallet.federated.engine import Engine, now_ms
from wallet.federated.lanes import Lanes, lanes_for
from wallet.federated.ports import VillageEngine
from wallet.pairing import pairing_of

VERSION = 1


class Running:
    """What `start_village` began, to be ended by `stop_village`."""

    def __init__(self, lanes: Lanes, driving: "asyncio.Task[None]", friends: "Friends") -> None:
        self.lanes, self.driving, self.friends = lanes, driving, friends


class Friends:
    """The peers to keep in touch with, read again now and then."""

    def __init__(self, app: App) -> None:
        self._db = app.db
        self.origins: frozenset[str] = frozenset()

    def __call__(self) -> Iterable[str]:
        return self.origins

    async def refresh(self) -> None:
        """Read them again."""
        self.origins = frozenset(
            await self._db.aread(lambda session: list(pairing_of(session).peers(session)))
        )


async def start_village(app: App) -> None:
    """Begin to speak about money with other nodes; without the room of exchange there are none."""
    try:
        exchange = exchange_of(app)
    except PortMissing:
        return
    engine, friends = Engine(app), Friends(app)
    lanes = lanes_for(app, hear=engine.hear, friends=friends, beat=_beat)
    engine.lanes = lanes
    app.ports.give(VillageEngine, engine)
    app.ports.give(Village, engine)
    await friends.refresh()
    await lanes.start()
    driver = Driver(app, engine, exchange.delivery.is_leader)
    driving = asyncio.create_task(_drive(driver, friends), name="wallet.village")
    app.ports.give(Running, Running(lanes, driving, friends))


async def stop_village(app: App) -> None:
    """End it; what was not said is said again at the next start."""
    with suppress(PortMissing):
        running = app.ports.take(Running)
        running.driving.cancel()
        with suppress(asyncio.CancelledError):
            await running.driving
        await running.lanes.stop()


async def _drive(driver: Driver, friends: Friends) -> None:
    refreshing = asyncio.create_task(_refresh(friends))
    try:
        await driver.run()
    finally:
        refreshing.cancel()


async def _refresh(friends: Friends) -> None:
    while True:
        await asyncio.sleep(5)
        await friends.refresh()


def _beat(_peer: str) -> bytes:
    return encode(Beat(id=new_id(), made=now_ms(), version=VERSION, epoch=1))
