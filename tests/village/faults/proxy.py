"""A proxy between nodes that loses, delays, doubles, swaps and tears what they say, as its weather draws.

It listens where a node says that it is, and the node listens elsewhere (`HAMEAU_SERVER_PORT`). Who sends is
read from the `User-Agent` of each request, so that each direction between two nodes has its own weather;
requests that name no node, as a till's do, pass unharmed.
"""

import asyncio
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.village.faults.weather import Fault, Kind, Way, Weather
from tests.village.faults.wire import Ended, Message, read_message

SWAP_WITHIN = 0.5
"""Seconds after which a held request goes on although none overtook it."""
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Broken(Exception):
    """The line to the client ends here: it gets nothing more."""

    def __init__(self, last_words: bytes = b"", *, hard: bool = False) -> None:
        self.last_words, self.hard = last_words, hard


@dataclass(frozen=True)
class Gate:
    """Where a node says that it is, and where it listens in truth."""

    origin: str
    public: int
    hidden: int


class FaultProxy:
    """Several gates on one event loop in a thread of its own; a context manager."""

    def __init__(self, weather: Weather, gates: list[Gate]) -> None:
        self.weather, self.gates = weather, gates
        self._passed: defaultdict[Way, int] = defaultdict(int)
        self._tasks: set[asyncio.Task[None] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._open.wait(60):
            raise RuntimeError("the proxy did not open its ports")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._ended = asyncio.Event()
        servers = [
            await asyncio.start_server(self._at(gate), "127.0.0.1", gate.public, limit=1 << 20)
            for gate in self.gates
        ]
        self._open.set()
        await self._ended.wait()
        for server in servers:
            server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    def _at(self, gate: Gate) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            passage, task = Passage(self.weather, gate, self._passed), asyncio.current_task()
            self._tasks.add(task)  # a client that leaves lets go of it, and the node has not answered yet
            try:
                await passage.serve(reader, writer)
            finally:
                passage.close()
                writer.close()
                self._tasks.discard(task)

        return serve


class Passage:
    """One connection of a client and, behind it, one to the node."""

    def __init__(self, weather: Weather, gate: Gate, passed: defaultdict[Way, int]) -> None:
        self._weather, self._gate, self._passed = weather, gate, passed
        self._behind: Line | None = None

    def close(self) -> None:
        if self._behind:
            self._behind[1].close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Exchange after exchange, until one side leaves or a fault breaks the line."""
        with suppress(Ended, OSError):
            while True:
                request = await read_message(reader)
                try:
                    answer = await self._exchange(request, writer)
                except Broken as broken:
                    await _break(writer, broken)
                    return
                writer.write(answer.whole)
                await writer.drain()

    async def _exchange(self, request: Message, client: asyncio.StreamWriter) -> Message:
        """The answer that the client gets. Raises Broken, Ended, OSError."""
        way = (request.sender, self._gate.origin)
        fault = self._weather.draw(way)
        if fault.kind is Kind.LOST or self._weather.is_cut(*way):
            await self._silence(fault, way, client)
        if fault.kind is Kind.RESET:
            raise Broken(hard=True)
        if fault.kind is Kind.LATE:
            await asyncio.sleep(fault.seconds)
        if fault.kind is Kind.SWAPPED:
            await self._overtaken(way)
        if fault.kind is Kind.TORN_REQUEST:
            await self._tear(request)
        answer = await self._answered(request, fault)
        self._passed[way] += 1
        if fault.kind is Kind.UNANSWERED or self._weather.is_cut(*reversed(way)):
            await self._silence(fault, (way[1], way[0]), client)
        if fault.kind is Kind.TORN_ANSWER:
            raise Broken(answer.half)
        self._weather.answered[way, request.path] += 1
        return answer

    async def _silence(self, fault: Fault, way: Way, client: asyncio.StreamWriter) -> None:
        """Nothing comes, for as long as the fault or the cut lasts; then the line falls. Raises Broken."""
        await asyncio.sleep(fault.seconds)
        while self._weather.is_cut(*way) and not client.is_closing():
            await asyncio.sleep(0.05)
        raise Broken

    async def _overtaken(self, way: Way) -> None:
        """Wait until another request on the same way was answered."""
        passed = self._passed[way]
        for _ in range(int(SWAP_WITHIN / 0.01)):
            if self._passed[way] > passed:
                return
            await asyncio.sleep(0.01)

    async def _tear(self, request: Message) -> None:
        """Half of the request reaches the node, then the line falls on both sides. Raises Broken."""
        _, writer = await self._line()
        writer.write(request.half)
        await writer.drain()
        writer.write_eof()
        await asyncio.sleep(0.05)
        self.close()
        self._behind = None
        raise Broken

    async def _answered(self, request: Message, fault: Fault) -> Message:
        """Ask the node, twice at once when the fault says so; the first line's answer counts."""
        if fault.kind is not Kind.DOUBLED:
            return await _ask(await self._line(), request)
        again = await asyncio.open_connection("127.0.0.1", self._gate.hidden)
        try:
            answers = await asyncio.gather(_ask(await self._line(), request), _ask(again, request))
        finally:
            again[1].close()
        return answers[int(fault.seconds * 1000) % 2]

    async def _line(self) -> Line:
        """The connection to the node, opened at first use."""
        if self._behind is None:
            self._behind = await asyncio.open_connection("127.0.0.1", self._gate.hidden, limit=1 << 20)
        return self._behind


async def _ask(line: Line, request: Message) -> Message:
    reader, writer = line
    writer.write(request.whole)
    await writer.drain()
    return await read_message(reader, to_head=request.head.startswith(b"HEAD "))


async def _break(client: asyncio.StreamWriter, broken: Broken) -> None:
    """Say the last words, then close: with a reset when hard, else as a program that ended would."""
    if broken.last_words:
        client.write(broken.last_words)
        await client.drain()
    if broken.hard:
        held: socket.socket = client.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.transport.abort()
