"""A line made longer: what is said to a port arrives at another one so much later, both ways.

`python -m benchmarks.slow_line PORT TARGET MILLISECONDS`: half of the milliseconds on the way there, half on
the way back. It passes bytes on as they come and knows nothing of what they say.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class End(asyncio.Protocol):
    """One end of a connection; what it hears, the other end says later."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._early = seconds, list[bytes]()
        self.other: End | None = None
        self.line: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.line = transport
        for data in self._early:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._later(End.say, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._later(End.close)

    def _later(self, act: Any, *what: bytes) -> None:
        if self.other:
            asyncio.get_running_loop().call_later(self._seconds, act, self.other, *what)

    def say(self, data: bytes) -> None:
        if self.line:
            self.line.write(data)
        else:
            self._early.append(data)

    def close(self) -> None:
        if self.line:
            self.line.close()


class Near(End):
    """The end of whoever calls: it opens the other one."""

    def __init__(self, target: int, seconds: float) -> None:
        super().__init__(seconds)
        self._target = target

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.other = End(self._seconds)
        self.other.other = self
        self._opening = asyncio.create_task(self._open(self.other))

    async def _open(self, far: End) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: far, "127.0.0.1", self._target)
        except OSError:
            self.close()


async def serve(port: int, target: int, milliseconds: float) -> None:
    """Pass on until ended."""
    make = partial(Near, target, milliseconds / 2000)
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def slow_line(port: int, target: int, milliseconds: float) -> Iterator[None]:
    """A process that serves meanwhile."""
    command = [sys.executable, "-m", "benchmarks.slow_line", str(port), str(target), str(milliseconds)]
    process = Popen(command, cwd=ROOT, stdout=PIPE)
    try:
        if process.stdout is None or process.stdout.readline() != b"open\n":
            raise RuntimeError("the line did not open")
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
