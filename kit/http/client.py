"""The one HTTP client of the process, for everything remote."""

import ssl
from collections.abc import Coroutine
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from kit.http.answer import Answer
from kit.http.bodies import read_body
from kit.http.doors import Doors
from kit.http.errors import BadAnswer, RedirectedTooFar
from kit.http.lines import Manners
from kit.http.resolving import Resolver, SystemResolver
from kit.http.threads import Bridge
from kit.http.transport import GuardedTransport
from kit.http.urls import Target, join, parse
from kit.http.wish import Headers, Sign, Wish
from kit.http.within import within

T = TypeVar("T")
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 3
DOCUMENT = 1024 * 1024
"""Bytes of the largest answer read unless the caller says otherwise."""
DEADLINE = 10.0
"""Seconds for a whole exchange, redirects included, unless the caller says otherwise."""
PATIENCE = 0.9
"""Part of the deadline spent waiting for a turn, after which this node says that it is busy."""


class GuardedClient:
    """Fetches and posts, over https to public addresses only (`allow_loopback`: also to this machine).

    Open it once per process (`async with`), use it from that event loop; worker threads go through
    `from_thread`. No cookies, no proxy, nothing from the environment, no redirect of a POST.

    Every method raises AddressRefused, Unreachable, TooSlow, AnswerTooLarge, BadAnswer, all of them
    RemoteTrouble; and Busy when this node itself has too much under way. Any HTTP status is an Answer.
    """

    def __init__(
        self,
        node_url: str,
        *,
        allow_loopback: bool = False,
        version: str = "0",
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        manners: Manners | None = None,
    ) -> None:
        """`resolver`, `tls` (roots of trust) and `transport` (no network at all) are for tests."""
        self._agent = f"Hameau/{version} (+{node_url})"
        self._resolver = resolver or SystemResolver()
        self._doors = Doors(self._resolver, allow_loopback=allow_loopback)
        self._transport = transport or GuardedTransport(self._doors, tls or trusted_roots(), manners)
        self._bridge = Bridge()

    async def __aenter__(self) -> Self:
        self._bridge.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bridge.close()
        await self._transport.aclose()
        self._resolver.close()

    async def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        headers: Headers | None = None,
        sign: Sign | None = None,
        max_bytes: int = DOCUMENT,
        deadline: float = DEADLINE,
    ) -> Answer:
        """Fetch `url`, following at most three redirects; `sign` signs each hop anew.

        Raises also RedirectedTooFar.
        """
        wanted = Wish("GET", {"accept": accept, **(headers or {})}, sign, max_bytes, deadline)
        return await within(deadline, url, self._follow(url, wanted))

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Headers | None = None,
        *,
        sign: Sign | None = None,
        max_bytes: int = DOCUMENT,
        deadline: float = DEADLINE,
    ) -> Answer:
        """Send `body` to `url`, once; a redirect is an answer like another, never followed."""
        wanted = Wish("POST", headers or {}, sign, max_bytes, deadline, body)
        return await within(deadline, url, self._ask(url, wanted))

    def from_thread(self, asked: Coroutine[Any, Any, T]) -> T:
        """Run `client.get(…)` or any coroutine on the client's event loop, from another thread.

        Raises what it raises; Unreachable when the client is closed.
        """
        return self._bridge.run(asked)

    async def _follow(self, url: str, wish: Wish) -> Answer:
        target, came_from = parse(url), None
        for _ in range(MOST_REDIRECTS + 1):
            self._doors.check(target, came_from=came_from)
            answer = await self._exchange(target, wish)
            if answer.status not in REDIRECTS:
                return answer
            came_from, target = target, _next(target, answer)
            wish = wish if came_from.origin == target.origin else wish.for_strangers()
        raise RedirectedTooFar(cause=f"{url}: more than {MOST_REDIRECTS}")

    async def _ask(self, url: str, wish: Wish) -> Answer:
        target = parse(url)
        self._doors.check(target)
        return await self._exchange(target, wish)

    async def _exchange(self, target: Target, wish: Wish) -> Answer:
        request = httpx2.Request(
            wish.method,
            target.link,
            headers=wish.headers_for(target, self._agent),
            content=wish.body or None,
            extensions={"timeout": {"pool": wish.deadline * PATIENCE}, "target": target},
        )
        response = await self._transport.handle_async_request(request)
        try:
            return await _answer(target, response, wish.max_bytes)
        finally:
            await response.aclose()


@cache
def trusted_roots() -> ssl.SSLContext:
    """The machine's certificate authorities, whatever the environment says; read once (20 ms)."""
    return httpx2.create_ssl_context(trust_env=False)


def _next(target: Target, answer: Answer) -> Target:
    location = answer.headers.get("location", "")
    if not location:
        raise BadAnswer(cause=f"{target.url}: status {answer.status} without a place to go")
    return join(target, location)


async def _answer(target: Target, response: httpx2.Response, max_bytes: int) -> Answer:
    body = await read_body(response, max_bytes)
    fields = tuple(
        (name.decode("ascii").lower(), value.decode("latin-1")) for name, value in response.headers.raw
    )
    return Answer(target.url, response.status_code, response.headers, fields, body)
