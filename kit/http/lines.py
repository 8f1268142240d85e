"""Kept-alive connections, few per origin: a request looks at its own origin's lines and at no other.

httpcore's own pool walks and polls every idle connection for each request, so that 200 hosts cost many
times one (measured: 400 requests per second); here a dead or slow host holds up only itself.
"""

import asyncio
import ssl
from dataclasses import dataclass, field

import httpcore2

from kit.errors import Busy
from kit.http.doors import Doors
from kit.http.errors import Unreachable
from kit.http.stream import connect
from kit.http.urls import Target

PER_ORIGIN = 6
"""Exchanges under way with one origin; more wait for their turn."""
IN_ALL = 256
"""Exchanges under way in the whole process."""
IDLE_IN_ALL = 400
"""Idle lines of the whole process: with those at work, well under the usual 1024 open files."""
KEPT_ALIVE = 4.0
"""Seconds an idle line is kept: less than the 5 s after which common servers close theirs."""
CONNECT = 5.0
"""Seconds for the look-up of a name, and as many for connection and TLS handshake."""
SWEEP = 2.0
"""Seconds between two tidyings of idle lines."""

Connection = httpcore2.AsyncHTTP11Connection


@dataclass(frozen=True)
class Manners:
    """How one client treats an origin: exchanges at once, seconds that an idle line is kept, seconds for the
    look-up of a name and as many to connect."""

    per_origin: int = field(default_factory=lambda: PER_ORIGIN)
    kept_alive: float = field(default_factory=lambda: KEPT_ALIVE)
    connect: float = field(default_factory=lambda: CONNECT)


@dataclass(slots=True)
class Place:
    """What is open towards one origin."""

    turns: asyncio.Semaphore
    idle: list[Connection] = field(default_factory=list)
    users: int = 0


@dataclass(slots=True)
class Line:
    """One connection, lent to one exchange."""

    connection: Connection
    place: Place
    was_used: bool
    """It carried an exchange before, so the other side may have closed it in the meantime."""


class Lines:
    """Every connection of the process. Used from one event loop."""

    def __init__(self, doors: Doors, tls: ssl.SSLContext, manners: Manners | None = None) -> None:
        self._doors = doors
        self._tls = tls
        self._manners = manners or Manners()
        self._places: dict[str, Place] = {}
        self._turns = asyncio.Semaphore(IN_ALL)
        self._idle = 0
        self._sweep_at = 0.0
        self._is_closed = False

    async def borrow(self, target: Target, *, patience: float | None, fresh: bool = False) -> Line:
        """A connection to the target's origin; `fresh` for one that nobody used. To be given back.

        Waits `patience` seconds for a turn. Raises Busy after that; AddressRefused, Unreachable.
        """
        await self._tidy()
        place = self._place(target.origin)
        place.users += 1
        try:
            await self._take_turns(place, patience)
        except BaseException:
            place.users -= 1
            raise
        try:
            connection = None if fresh else await self._idle_connection(place)
            return Line(connection or await self._connect(target), place, connection is not None)
        except BaseException:
            self._leave(place)
            raise

    async def give_back(self, line: Line) -> None:
        """End of an exchange: the line is kept when it is clean, else closed."""
        if is_clean(line.connection) and self._idle < IDLE_IN_ALL and not self._is_closed:
            line.place.idle.append(line.connection)
            self._idle += 1
        else:
            await line.connection.aclose()
        self._leave(line.place)

    async def aclose(self) -> None:
        """Close what is idle; what is at work is closed when given back."""
        self._is_closed = True
        for place in self._places.values():
            await self._drop(place, place.idle)

    def _place(self, origin: str) -> Place:
        if origin not in self._places:
            self._places[origin] = Place(asyncio.Semaphore(self._manners.per_origin))
        return self._places[origin]

    async def _take_turns(self, place: Place, patience: float | None) -> None:
        if not (place.turns.locked() or self._turns.locked()):
            await self._next_turns(place)
            return
        try:
            async with asyncio.timeout(patience):
                await self._next_turns(place)
        except TimeoutError:
            raise Busy(cause="every line is in use") from None

    async def _next_turns(self, place: Place) -> None:
        await place.turns.acquire()
        try:
            await self._turns.acquire()
        except BaseException:
            place.turns.release()
            raise

    def _leave(self, place: Place) -> None:
        self._turns.release()
        place.turns.release()
        place.users -= 1

    async def _idle_connection(self, place: Place) -> Connection | None:
        while place.idle:
            connection = place.idle.pop()
            self._idle -= 1
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _connect(self, target: Target) -> Connection:
        stream = await connect(
            await self._addresses(target),
            target.port,
            tls=self._tls if target.scheme == "https" else None,
            name=target.host,
            seconds=self._manners.connect,
        )
        return Connection(target.wire.origin, stream, self._manners.kept_alive)

    async def _addresses(self, target: Target) -> list[str]:
        try:
            async with asyncio.timeout(self._manners.connect):
                return await self._doors.addresses(target)
        except TimeoutError:
            raise Unreachable(cause=f"{target.host}: the name is not found in time") from None

    async def _tidy(self) -> None:
        """Close idle lines that nobody came back for, and forget origins without any."""
        now = asyncio.get_running_loop().time()
        if now < self._sweep_at:
            return
        self._sweep_at = now + SWEEP
        for origin, place in list(self._places.items()):
            await self._drop(place, [line for line in place.idle if line.has_expired()])
            if not place.users and not place.idle:
                self._places.pop(origin, None)

    async def _drop(self, place: Place, connections: list[Connection]) -> None:
        for connection in list(connections):
            if connection in place.idle:
                place.idle.remove(connection)
                self._idle -= 1
                await connection.aclose()


def is_clean(connection: Connection) -> bool:
    """Whether the exchange ended exactly where its answer said.

    Bytes beyond it would be taken for the next answer; httpcore has no public word for them.
    """
    return connection.is_idle() and not connection._h11_state.trailing_data[0]
