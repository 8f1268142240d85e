"""The door of the bridge: a websocket on loopback, for pages that were let in, one at a time."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from pos_api.reader.pairing import Pairings
from pos_api.reader.watching import CardSeen, ReaderState
from pos_api.reader.words import PATH, PROTOCOL, LineRefused, read_hello, written

PATIENCE: Final = 5.0
"""Seconds that a page has for its first message."""
MOST_LINES: Final = 4
"""Lines of one origin at once."""
MOST_TRIES: Final = 10
WITHIN: Final = 60.0
"""Refused messages of one origin, within so many seconds, before it must wait."""
MOST_ORIGINS: Final = 64
HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
REPLACED: Final = LineRefused("another_till")

Event = Callable[..., None]


class Door:
    """Who speaks with the bridge; what the reader sees goes to the till that came last."""

    def __init__(self, pairings: Pairings, note: Event) -> None:
        self._pairings = pairings
        self._note = note
        self._state = ReaderState("no_reader")
        self._till: ServerConnection | None = None
        self._lines: Counter[str] = Counter()
        self._refused: dict[str, deque[float]] = {}

    def look_at(self, line: ServerConnection, request: Request) -> Response | None:
        """Before anything is said: our own address (not a name bent to loopback), a page, the path."""
        name = _refusal_of(request)
        if name is None and self._lines[_origin_of(line)] >= MOST_LINES:
            name = "too_many_lines"
        if name is None:
            return None
        self._note("refused", name=name)
        return line.respond(_STATUS.get(name, HTTPStatus.FORBIDDEN), f"{name}\n")

    async def serve(self, line: ServerConnection) -> None:
        """One page, from its first message to the end of its line."""
        origin = _origin_of(line)
        self._lines[origin] += 1
        try:
            token = await self._admit(line, origin)
            await self._welcome(line, token)
            async for _ in line:
                raise LineRefused("bad_message")
        except LineRefused as no:
            self._note("refused", name=no.name, origin=origin)
            await line.close(no.code, no.name)
        except ConnectionClosed:
            pass
        finally:
            self._left(line, origin)

    async def tell(self, seen: CardSeen | ReaderState) -> None:
        """What the reader saw, to the till. A card that nobody listens for is forgotten."""
        if isinstance(seen, ReaderState):
            self._state = seen
            self._note("reader", state=seen.state, reader=seen.reader, sentence=seen.sentence)
            await self._send(written(state=seen.state, reader=seen.reader))
        else:
            self._note("card", heard=self._till is not None)
            await self._send(written(uid=seen.uid, url=seen.url))

    async def _admit(self, line: ServerConnection, origin: str) -> str:
        self._must_not_insist(origin)
        try:
            async with asyncio.timeout(PATIENCE):
                said = await line.recv()
            token = self._pairings.admit(origin, read_hello(said))
        except TimeoutError:
            raise LineRefused("too_slow") from None
        except LineRefused:
            self._remember(origin)
            raise
        if token:
            self._note("paired", origin=origin)
        return token

    async def _welcome(self, line: ServerConnection, token: str) -> None:
        before, self._till = self._till, line
        if before is not None:
            await before.close(REPLACED.code, REPLACED.name)
        await line.send(written(hello=PROTOCOL, token=token))
        await line.send(written(state=self._state.state, reader=self._state.reader))
        self._note("till", connected=True, origin=_origin_of(line))

    def _left(self, line: ServerConnection, origin: str) -> None:
        self._lines[origin] -= 1
        self._lines += Counter()
        if self._till is line:
            self._till = None
            self._note("till", connected=False, origin=origin)

    async def _send(self, text: str) -> None:
        if self._till is not None:
            with suppress(ConnectionClosed):
                await self._till.send(text)

    def _must_not_insist(self, origin: str) -> None:
        tries = self._refused.get(origin, deque())
        while tries and time.monotonic() - tries[0] > WITHIN:
            tries.popleft()
        if len(tries) >= MOST_TRIES:
            raise LineRefused("too_many_tries")

    def _remember(self, origin: str) -> None:
        if origin not in self._refused and len(self._refused) >= MOST_ORIGINS:
            self._refused.pop(next(iter(self._refused)))
        self._refused.setdefault(origin, deque(maxlen=MOST_TRIES)).append(time.monotonic())


_STATUS: Final = {"wrong_path": HTTPStatus.NOT_FOUND, "too_many_lines": HTTPStatus.TOO_MANY_REQUESTS}


def _refusal_of(request: Request) -> str | None:
    if not _is_here(request):
        return "host_refused"
    if request.path != PATH:
        return "wrong_path"
    origins = request.headers.get_all("Origin")
    return None if len(origins) == 1 and _is_page(origins[0]) else "origin_refused"


def _is_here(request: Request) -> bool:
    hosts = request.headers.get_all("Host")
    try:
        return len(hosts) == 1 and urlsplit(f"//{hosts[0]}").hostname in HOSTS
    except ValueError:
        return False


def _is_page(origin: str) -> bool:
    """An origin as browsers write it: neither `null` nor a program's own."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    is_bare = not (parts.path or parts.query or parts.fragment)
    return len(origin) <= 300 and parts.scheme in {"https", "http"} and bool(parts.hostname) and is_bare


def _origin_of(line: ServerConnection) -> str:
    request = line.request
    return (request.headers.get("Origin", "") if request is not None else "").lower()
