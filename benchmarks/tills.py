"""Tills that pay over HTTP, each on its own connection, as soon as its last payment was answered."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.bench import Timing
from benchmarks.reference.bare_line import BareLine

PAID = (200, 201)
PATIENCE = 30.0
"""Seconds after which an answer is not waited for."""
Ask = Callable[[int], tuple[dict[str, str], bytes]]
"""For the till of that number, its next payment: headers and body."""


@dataclass
class Paid:
    """What the tills saw: seconds of each payment that was acknowledged, its answer, and every refusal."""

    each: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)
    whole: float = 0.0

    @property
    def timing(self) -> Timing:
        return Timing(self.each, self.whole)


def pay(port: int, path: str, ask: Ask, tills: int, seconds: float) -> Paid:
    """So many tills pay for so many seconds; those under way then are waited for, and counted."""
    return asyncio.run(_pay(port, path, ask, tills, seconds))


async def _pay(port: int, path: str, ask: Ask, tills: int, seconds: float) -> Paid:
    paid, started = Paid(), time.perf_counter()

    async def till(number: int) -> None:
        line = BareLine("127.0.0.1", port)
        while (before := time.perf_counter()) - started < seconds:
            headers, body = ask(number)
            async with asyncio.timeout(PATIENCE):
                status, answer = await line.post(path, body, headers)
            if status in PAID:
                paid.each.append(time.perf_counter() - before)
                paid.answers.append(answer)
            else:
                paid.refused.append(answer)
        line.close()

    await asyncio.gather(*(till(number) for number in range(tills)))
    paid.whole = time.perf_counter() - started
    return paid


def headers_of(token: str, **more: str) -> Mapping[str, str]:
    """What each request of a till carries."""
    return {"authorization": f"Bearer {token}", "content-type": "application/json", **more}
