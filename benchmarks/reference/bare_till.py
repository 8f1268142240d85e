"""A bare Starlette route for one sale at a till: no rule, no trigger, no ORM, the same durable rows.

It reads the sale, moves money between two accounts, chains and signs an entry of the journal, keeps the sale
and its payment, and answers once a group of them is on disk, by `sqlite3`. `python -m
benchmarks.reference.bare_till PORT FILE` serves until a signal.
"""

import hashlib
import hmac
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.reference.bare_tap import Writer
from benchmarks.reference.bare_tap_rows import SALES, TABLES, Movement, move, opened

TILLS = 128
FIRST = 10
KEY = b"of the bare journal"
JOURNAL = """
CREATE TABLE journal (chain TEXT NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, point BLOB, prev TEXT NOT NULL, mac TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (chain, seq)) STRICT;
CREATE INDEX journal_point ON journal (chain, point, seq);
CREATE INDEX journal_kind ON journal (chain, kind, seq);
CREATE TABLE sale (id BLOB PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, series TEXT NOT NULL,
  number INTEGER NOT NULL, at TEXT NOT NULL, till_at TEXT NOT NULL, day TEXT NOT NULL, point BLOB NOT NULL,
  operator TEXT NOT NULL, device BLOB NOT NULL, total INTEGER NOT NULL, UNIQUE (series, number)) STRICT;
CREATE INDEX sale_day ON sale (day, seq);
CREATE INDEX sale_device ON sale (device, seq);
CREATE TABLE sale_payment (seq INTEGER NOT NULL, position INTEGER NOT NULL, sale BLOB NOT NULL,
  means TEXT NOT NULL, amount INTEGER NOT NULL, transfer BLOB NOT NULL, PRIMARY KEY (seq, position)) STRICT;
CREATE INDEX payment_sale ON sale_payment (sale);
CREATE TABLE head (chain TEXT PRIMARY KEY, seq INTEGER NOT NULL, mac TEXT NOT NULL, seal TEXT NOT NULL,
  perpetual INTEGER NOT NULL) STRICT;
CREATE TABLE series (series TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
"""


class SaleRows:
    """What is kept of each sale: it comes to the bytes of its entry."""

    @property
    def tables(self) -> str:
        return TABLES + JOURNAL + opened([wallet(number) for number in range(TILLS)]) + opened([SALES])

    def write(self, connection: sqlite3.Connection, units: Sequence[dict[str, Any]]) -> list[bytes]:
        """Raises ValueError for an id used before."""
        ids = [UUID(sale["id"]).bytes for sale in units]
        move(connection, [
            Movement(key, "spend", sale["content"], wallet(sale["till"]), SALES, sale["total"])
            for key, sale in zip(ids, units, strict=True)
        ])  # fmt: skip
        seq, mac, perpetual = _head(connection)
        numbers = dict(connection.execute("SELECT series, number FROM series").fetchall())
        journal, sales, payments = list[tuple[Any, ...]](), list[tuple[Any, ...]](), list[tuple[Any, ...]]()
        bodies = list[bytes]()
        for key, sale in zip(ids, units, strict=True):
            seq, prev, at, series = seq + 1, mac, str(time.time()), str(sale["till"])
            numbers[series] = number = numbers.get(series, 0) + 1
            body = msgspec.json.encode({**sale, "seq": seq, "prev": prev, "number": number, "at": at})
            mac = hmac.digest(KEY, bytes.fromhex(prev) + body, hashlib.sha256).hex()
            perpetual += sale["total"]
            point, day = UUID(sale["point"]).bytes, sale["at"][:10]
            journal.append(("real", seq, key, "sale", at, day, point, prev, mac, body))
            device = wallet(sale["till"])
            sales.append((key, seq, series, number, at, sale["at"], day, point, "E1", device, sale["total"]))
            payments.append((seq, 0, key, "pass", sale["total"], key))
            bodies.append(body)
        connection.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", journal)
        connection.executemany("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", sales)
        connection.executemany("INSERT INTO sale_payment VALUES (?, ?, ?, ?, ?, ?)", payments)
        seal = hmac.digest(KEY, f"{seq} {mac}".encode(), hashlib.sha256).hex()
        connection.execute(
            "INSERT OR REPLACE INTO head VALUES ('real', ?, ?, ?, ?)", (seq, mac, seal, perpetual)
        )
        connection.executemany("INSERT OR REPLACE INTO series VALUES (?, ?)", list(numbers.items()))
        return bodies


def wallet(number: int) -> bytes:
    """Who pays at the till of that number; the till itself has the same id."""
    return UUID(int=FIRST + number % TILLS).bytes


def _head(connection: sqlite3.Connection) -> tuple[int, str, int]:
    row = connection.execute("SELECT seq, mac, perpetual FROM head").fetchone()
    return tuple(row) if row else (0, "0" * 64, 0)


def main(port: int, file: Path) -> None:
    """Serve until a signal."""
    writers = list[Writer]()

    async def sell(request: Request) -> Response:
        if request.headers["authorization"] != "Bearer till":
            return Response(status_code=401)
        content = await request.body()
        said = msgspec.json.decode(content)
        body = await writers[0].write({**said, "content": hashlib.sha256(content).hexdigest()})
        return Response(body, 201, media_type="application/json")

    def ready(_: Request) -> Response:
        return Response()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writers.append(Writer(file, SaleRows()))
        yield

    routes = [Route("/sales", sell, methods=["POST"]), Route("/ready", ready)]
    app = Starlette(routes=routes, lifespan=lifespan)
    quiet: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}
    uvicorn.run(app, port=port, timeout_keep_alive=300, **quiet)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
