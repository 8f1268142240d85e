"""Asking an ASGI application without a socket, from several clients at once."""

import asyncio
import time
from itertools import count
from typing import Any

from benchmarks.bench import Timing


async def ask_for(asgi: Any, path: str, clients: int, seconds: float, *, anew: bool = False) -> Timing:
    """GET `path` again and again from so many clients; every answer must be 200.

    `anew` gives each request an address of its own, so that nothing made before can serve again.
    """
    numbers = count()
    if await _get(asgi, path) != 200:
        raise RuntimeError(f"{path} was not answered")
    each: list[float] = []
    started = time.perf_counter()

    async def client() -> None:
        while time.perf_counter() - started < seconds:
            before = time.perf_counter()
            if await _get(asgi, f"{path}?seen={next(numbers)}" if anew else path) != 200:
                raise RuntimeError(f"{path} was refused")
            each.append(time.perf_counter() - before)

    await asyncio.gather(*(client() for _ in range(clients)))
    return Timing(each, time.perf_counter() - started)


async def _get(asgi: Any, target: str) -> int:
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1:8999"), (b"accept-language", b"fr")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8999),
    }
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: Any) -> None:
        nonlocal status
        status = event.get("status", status)

    await asgi(scope, receive, send)
    return status
