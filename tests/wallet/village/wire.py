"""Engines of several nodes on one wire without a network: real databases, real engines, real envelopes.

The network itself is tested elsewhere (test_transport, test_lanes, the storm of processes). Here a test says
which lines are cut, which answers are lost, and what is said twice.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from kit.auth import Principal
from tests.wallet.village.neighbours import House
from wallet.between.envelope import Said, open_envelope, seal
from wallet.between.port import Village as Port
from wallet.between.times import COMPLETER_FIRST, SECOND
from wallet.cards.reading import Tap
from wallet.federated.driver import Driver
from wallet.federated.engine import Engine, now_ms
from wallet.flows_village import pay
from wallet.ledger.requests import Line
from wallet.village_schemas import Told, VillageSpending

SELLER = Principal(None, "Comptoir", "")


@dataclass
class End:
    """One node's end of the wire: what `Lanes` is to an engine that runs."""

    wire: "Wire"
    me: str

    def tell(self, peer: str, items: Iterable[bytes]) -> None:
        self.wire.post(self.me, peer, tuple(items))

    def reachable(self, peer: str) -> bool:
        return (self.me, peer) not in self.wire.known_cut


@dataclass
class Wire:
    """`cut`: (from, to) that lose what is asked; `deaf`: (from, to) that lose what is answered to it."""

    engines: dict[str, Engine] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    known_cut: set[tuple[str, str]] = field(default_factory=set)
    deaf: set[tuple[str, str]] = field(default_factory=set)
    times: int = 1
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    _going: set["asyncio.Task[None]"] = field(default_factory=set)

    def post(self, sender: str, to: str, items: tuple[bytes, ...]) -> None:
        self.sent += [(sender, to, item) for item in items]
        for _ in range(self.times):
            task = asyncio.get_running_loop().create_task(self._carry(sender, to, items))
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def _carry(self, sender: str, to: str, items: tuple[bytes, ...]) -> None:
        if (sender, to) in self.cut:
            return
        answers = await self.engines[to].hear(said(sender, to, items))
        if answers and (sender, to) not in self.deaf:
            await self.engines[sender].hear(said(to, sender, tuple(answers)))

    async def settle(self) -> None:
        """Until nothing is on its way."""
        while self._going:
            await asyncio.gather(*self._going)


def said(sender: str, to: str, items: tuple[bytes, ...]) -> Said:
    """An envelope that was sealed and opened; keys are another test's subject."""
    body = seal(items, sender, to, kid=f"{sender}/actor#key", at=now_ms(), sign=lambda _bytes: bytes(64))
    return open_envelope(body, to, now_ms(), lambda _kid, _signed, _sig: True)


@asynccontextmanager
async def wired(houses: Iterable[House]) -> AsyncIterator[Wire]:
    """The engines of these nodes, and a wire between them."""
    wire = Wire()
    for house in houses:
        engine: Any = Engine(house.app)
        engine.lanes = End(wire, house.url)
        wire.engines[house.url] = engine
        house.app.ports.give(Port, engine)
    try:
        yield wire
    finally:
        await wire.settle()


async def drive(wire: Wire, house: House, rounds: int = 6) -> None:
    """Let what is not over at a node be driven, as its driver does, a few times: not what was just asked."""
    driver = driver_of(wire, house)
    await asyncio.sleep(COMPLETER_FIRST / SECOND)
    for _ in range(rounds):
        await driver.drive()
        await wire.settle()


def driver_of(wire: Wire, house: House) -> Driver:
    async def leads() -> bool:
        return True

    return Driver(house.app, wire.engines[house.url], leads)


async def tap(house: House, cents: int, key: str, **card: str) -> Told:
    """One tap at a till of this node."""
    spending = VillageSpending(tap=Tap(**card), lines=(Line("Galette", cents),), point="Bar")
    return await pay(house.app, SELLER, spending, key)
