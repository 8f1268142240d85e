"""Two bare processes for one tap: a till pays at B with money that A keeps, and no rule is looked at.

B keeps what it will ask, asks A in a signed envelope with all that waits (three in flight), A moves the money
and signs its receipts, B keeps them, the till hears of it: the same signed round trips, the same durable rows
in groups, by `sqlite3`, Starlette and bare sockets. `python -m benchmarks.reference.bare_tap` reads one line
of JSON: {"role": "A" or "B", "port", "file", "wallets", "ring": keys}.
"""

import asyncio
import json
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.reference.bare_envelope import PATH, Ring, open_ring
from benchmarks.reference.bare_line import BareLine
from benchmarks.reference.bare_tap_rows import AcceptorRows, IssuerRows, Rows

MOST = 512
IN_FLIGHT = 3
JSON = "application/json"


class Writer:
    """One thread commits together what waits, then tells everyone who waited."""

    def __init__(self, file: Path, rows: Rows) -> None:
        self._queue: queue.SimpleQueue[tuple[Any, asyncio.Future[Any]]] = queue.SimpleQueue()
        self._file, self._rows = file, rows
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._live, daemon=True).start()

    async def write(self, unit: Any) -> Any:
        """What `unit` comes to, when its rows are on disk."""
        done: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put((unit, done))
        return await done

    def _live(self) -> None:
        connection = sqlite3.connect(self._file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(self._rows.tables)
        while True:
            waiting = [self._queue.get()]
            while not self._queue.empty() and len(waiting) < MOST:
                waiting.append(self._queue.get())
            connection.execute("BEGIN IMMEDIATE")
            told = self._rows.write(connection, [unit for unit, _ in waiting])
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, [done for _, done in waiting], told)


def _tell(waiting: Sequence["asyncio.Future[Any]"], told: Sequence[Any]) -> None:
    for done, result in zip(waiting, told, strict=True):
        done.set_result(result)


class Issuer:
    """A: it hears envelopes and moves money."""

    def __init__(self, ring: Ring, file: Path, wallets: Sequence[str]) -> None:
        self._ring, self._file = ring, file
        self._rows = IssuerRows(ring, [UUID(wallet) for wallet in wallets])

    async def open(self) -> None:
        self._writer = Writer(self._file, self._rows)

    async def hear(self, request: Request) -> Response:
        body = await request.body()
        self._ring.check(request.headers, body)
        receipts = await self._writer.write(self._ring.open(body))
        return Response(self._ring.seal(receipts), media_type=JSON)

    def routes(self) -> list[Route]:
        return [Route(PATH, self.hear, methods=["POST"])]


class Acceptor:
    """B: tills ask it, it asks A."""

    def __init__(self, ring: Ring, file: Path) -> None:
        self._ring, self._file, self._rows = ring, file, AcceptorRows(ring)
        self._waiting: list[tuple[bytes, asyncio.Future[bytes]]] = []
        port = int(ring.to.rpartition(":")[2])
        self._lines = [BareLine("127.0.0.1", port) for _ in range(IN_FLIGHT)]

    async def open(self) -> None:
        self._writer = Writer(self._file, self._rows)
        self._wake = asyncio.Event()
        self._lanes = [asyncio.create_task(self._serve(line)) for line in self._lines]

    async def tap(self, request: Request) -> Response:
        if request.headers["authorization"] != "Bearer till":
            return Response(status_code=401)
        sale = await request.body()
        charge = self._charge(msgspec.json.decode(sale))
        ask = msgspec.json.encode(charge)
        await self._writer.write((charge, ask, sale))
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answered))
        self._wake.set()
        return Response(await answered, 201, media_type=JSON)

    async def _serve(self, line: BareLine) -> None:
        """One of those in flight: everything that waits, in one envelope, again and again."""
        while True:
            while not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            part, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            body = self._ring.seal([ask for ask, _ in part])
            _, answer = await line.post(PATH, body, self._ring.sign(body))
            said = self._ring.open(answer)
            await self._writer.write(said)
            _tell([done for _, done in part], said.items)

    def _charge(self, sale: dict[str, Any]) -> dict[str, Any]:
        now = int(time.time() * 1000)
        return {
            "t": "charge", "id": str(uuid4()), "made": now, "asset": f"{self._ring.to}/local", "epoch": 1,
            "handle": sale["card"], "sun": None, "ctr": None, "amount": sale["amount"], "mode": "post",
            "till": "bar-2", "sale": "0" * 64, "exp": now + 600_000,
            "ack": {"seq": 0, "hash": "0" * 64, "balance": 0},
        }  # fmt: skip

    def routes(self) -> list[Route]:
        return [Route("/tap", self.tap, methods=["POST"])]


def main(told: dict[str, Any]) -> None:
    """Serve until a signal."""
    ring, file = open_ring(told["ring"]), Path(told["file"])
    side = Issuer(ring, file, told["wallets"]) if told["role"] == "A" else Acceptor(ring, file)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await side.open()
        yield

    def ready(_: Request) -> Response:
        return Response()

    app = Starlette(routes=[*side.routes(), Route("/ready", ready)], lifespan=lifespan)
    uvicorn.run(
        app,
        port=told["port"],
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=300,
    )


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))
