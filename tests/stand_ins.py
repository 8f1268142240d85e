"""Small real HTTP servers on loopback, one behaviour each: what a test puts at the other end of the line."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Writer = asyncio.StreamWriter


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


Behaviour = Callable[[Asked, Writer], Awaitable[None]]


@dataclass
class StandIn:
    """A server under way: where it is, and everything it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    lines: int = 0
    """Connections accepted so far."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answer(
    body: bytes = b"",
    *,
    status: int = 200,
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Behaviour:
    """Answers every request the same way and keeps the line open."""
    fields = {"content-type": kind, "content-length": str(len(body)), **(headers or {})}

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(_head(status, fields) + body)

    return behave


def redirect(location: str, *, status: int = 302) -> Behaviour:
    """Sends to another address."""
    return answer(status=status, headers={"location": location})


def slow_loris(*, every: float = 0.05) -> Behaviour:
    """An answer that never ends: one byte now and then, always in time for a per-read timeout."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(_head(200, {"content-type": "application/json", "content-length": "100000"}))
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(every)

    return behave


def slow_head(*, every: float = 0.05) -> Behaviour:
    """Headers that never end."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx-pad: ")
        while not writer.is_closing():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(every)

    return behave


async def never(asked: Asked, writer: Writer) -> None:
    """Reads the request and says nothing."""
    await asyncio.sleep(3600)


def late(seconds: float, then: Behaviour) -> Behaviour:
    """Thinks first."""

    async def behave(asked: Asked, writer: Writer) -> None:
        await asyncio.sleep(seconds)
        await then(asked, writer)

    return behave


def endless(part: bytes = b"x" * 65536) -> Behaviour:
    """A body without length that goes on as long as someone reads."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(_head(200, {"content-type": "application/json", "transfer-encoding": "chunked"}))
        while not writer.is_closing():
            writer.write(b"%x\r\n%s\r\n" % (len(part), part))
            await writer.drain()

    return behave


def gzip_bomb(*, size: int = 50_000_000) -> Behaviour:
    """Few bytes on the line, `size` bytes once decompressed."""
    return answer(gzip.compress(b"\0" * size), headers={"content-encoding": "gzip"})


def raw(words: bytes, *, hang_up: bool = True) -> Behaviour:
    """Says exactly this, HTTP or not."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(words)
        if hang_up:
            writer.close()

    return behave


async def hang_up(asked: Asked, writer: Writer) -> None:
    """Closes the line without a word."""
    writer.close()


def by_path(paths: dict[str, Behaviour]) -> Behaviour:
    """One behaviour per path; 404 elsewhere."""

    async def behave(asked: Asked, writer: Writer) -> None:
        await paths.get(asked.path, answer(status=404))(asked, writer)

    return behave


@asynccontextmanager
async def serving(
    behave: Behaviour,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    greeting: bytes = b"",
) -> AsyncIterator[StandIn]:
    """Serve until the block ends; `greeting` is said before anything was asked."""
    stand_in = StandIn(port)
    tasks: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: Writer) -> None:
        tasks.add(asyncio.current_task())
        stand_in.lines += 1
        writer.write(greeting)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _talk(stand_in, behave, reader, writer)
        writer.close()

    server = await asyncio.start_server(talk, host, port, ssl=tls)
    stand_in.port = server.sockets[0].getsockname()[1]
    try:
        yield stand_in
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()


@asynccontextmanager
async def dead_port() -> AsyncIterator[int]:
    """A loopback port where nobody listens: connections are refused at once."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    yield port


async def _talk(stand_in: StandIn, behave: Behaviour, reader: asyncio.StreamReader, writer: Writer) -> None:
    while not writer.is_closing():
        asked = await _read(reader)
        stand_in.asked.append(asked)
        await behave(asked, writer)
        await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


def _head(status: int, fields: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1")
