"""Many small hosts in one process: they take what is posted, some slowly, some never.

`python -m benchmarks.reference.hosts LIVE SLOW SILENT` prints one JSON line (ports by kind, and a port that
tells how many posts each live host took and when the last one came), then serves until it is ended.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

SLOWLY = 1.0
ANSWER = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"


@dataclass
class Told:
    """Posts by port: how many, and when the last one came (monotonic clock of the machine)."""

    posts: dict[int, list[float]] = field(default_factory=dict)

    def note(self, port: int) -> None:
        """One more."""
        count, _ = self.posts.get(port, [0, 0.0])
        self.posts[port] = [count + 1, time.monotonic()]


class Host(asyncio.Protocol):
    """One connection: reads whole posts, answers after `delay` seconds, or never."""

    def __init__(self, told: Told, delay: float | None) -> None:
        self._told, self._delay, self._data = told, delay, b""

    def connection_made(self, transport: Any) -> None:
        self._line = transport
        self._port = transport.get_extra_info("sockname")[1]

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._data) < end + 4 + size:
                return
            self._data = self._data[end + 4 + size :]
            self._take(head)

    def _take(self, head: bytes) -> None:
        if head.startswith(b"get"):
            body = json.dumps(self._told.posts).encode()
            self._line.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            return
        if self._delay is None:
            return
        self._told.note(self._port)
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._line.write, ANSWER)
        else:
            self._line.write(ANSWER)


async def serve(live: int, slow: int, silent: int) -> None:
    """Open everything, say where, wait."""
    told = Told()
    kinds: dict[str, tuple[int, float | None]] = {
        "live": (live, 0.0),
        "slow": (slow, SLOWLY),
        "silent": (silent, None),
        "teller": (1, 0.0),
    }
    places: dict[str, list[int]] = {}
    loop = asyncio.get_running_loop()
    servers = []
    for kind, (count, delay) in kinds.items():
        for _ in range(count):
            server = await loop.create_server(partial(Host, told, delay), "127.0.0.1", 0)
            servers.append(server)
            places.setdefault(kind, []).append(server.sockets[0].getsockname()[1])
    sys.stdout.write(json.dumps(places) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:4])))
