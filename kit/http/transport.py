"""The guard as a transport of httpx: whatever client sends through it, the address rules hold."""

import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from typing import cast

import httpcore2
import httpx2

from kit.http.doors import Doors
from kit.http.errors import LineEnded
from kit.http.lines import Line, Lines, Manners
from kit.http.urls import Target, parse

STALE = (httpcore2.NetworkError, httpcore2.RemoteProtocolError)
"""What a line that was closed by the other side in the meantime gives."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """HTTP/1.1 over checked addresses and kept-alive lines; follows nothing, stores nothing.

    Raises AddressRefused, Unreachable, LineEnded for what breaks on a kept line, Busy, and httpcore's
    own errors for what breaks on a new one. It has no timeout but httpx's `pool`: who sends through it sets a
    deadline around the whole exchange.
    """

    def __init__(self, doors: Doors, tls: ssl.SSLContext, manners: Manners | None = None) -> None:
        self._doors = doors
        self._lines = Lines(doors, tls, manners)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        target: Target = request.extensions.get("target") or parse(str(request.url))
        self._doors.check(target)
        patience = request.extensions.get("timeout", {}).get("pool")
        line = await self._lines.borrow(target, patience=patience)
        try:
            return await self._send(line, target, request)
        except STALE as error:
            # RFC 9110 §9.2.2: only what changes nothing over there may be sent again unasked.
            if not line.was_used:
                raise
            if request.method != "GET":
                raise LineEnded(cause=f"{target.url}: {error!r}") from None
        return await self._send(
            await self._lines.borrow(target, patience=patience, fresh=True), target, request
        )

    async def aclose(self) -> None:
        await self._lines.aclose()

    async def _send(self, line: Line, target: Target, request: httpx2.Request) -> httpx2.Response:
        asked = httpcore2.Request(
            request.method, target.wire, headers=request.headers.raw, content=await request.aread()
        )
        try:
            answer = await line.connection.handle_async_request(asked)
        except BaseException:
            await self._lines.give_back(line)
            raise
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer, line, self._lines), request=request
        )


class _Body(httpx2.AsyncByteStream):
    """The answer's bytes as they come; the line goes back when the answer is closed."""

    def __init__(self, answer: httpcore2.Response, line: Line, lines: Lines) -> None:
        self._answer = answer
        self._line: Line | None = line
        self._lines = lines

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self._parts()) as parts:
            async for part in parts:
                yield part

    def _parts(self) -> AsyncGenerator[bytes, None]:
        return cast(AsyncGenerator[bytes, None], aiter(cast(AsyncIterable[bytes], self._answer.stream)))

    async def aclose(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        try:
            await self._answer.aclose()
        finally:
            await self._lines.give_back(line)
