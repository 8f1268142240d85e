"""One request, sent a second time when its answer is late: the same bytes on another connection.

Only for what may arrive twice without harm, as envelopes do.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from kit.http.errors import LineEnded, TooSlow
from wallet.between.times import HEDGE, SECOND, TILL

T = TypeVar("T")
PATIENCE: Final = 2 * TILL
"""Milliseconds after which nobody waits any more, not even for an answer that only the ledger needs."""


async def hedged(
    send: Callable[[], Coroutine[Any, Any, T]],
    on_second: Callable[[], None] = lambda: None,
    on_late: Callable[[], None] = lambda: None,
) -> T:
    """The first answer of at most two sendings. `on_late` is called when a till would have given up.

    The second leaves after HEDGE, or at once when the first went on a kept line that had ended. Raises what
    the last sending raised; TooSlow after PATIENCE.
    """
    loop = asyncio.get_running_loop()
    late = loop.call_later(TILL / SECOND, on_late)
    sent = {loop.create_task(send())}
    try:
        async with asyncio.timeout(PATIENCE / SECOND):
            done, _ = await asyncio.wait(sent, timeout=HEDGE / SECOND)
            if not done or isinstance(_failure(done), LineEnded):
                on_second()
                sent = {loop.create_task(send()), *(sent - done)}
            return await _first(sent)
    except TimeoutError:
        raise TooSlow(cause=f"no answer in {PATIENCE} ms") from None
    finally:
        late.cancel()
        for task in sent:
            task.cancel()


async def _first(sent: set[asyncio.Task[T]]) -> T:
    """The first that succeeds; else what the last one raised."""
    waiting = sent
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        good = [task for task in done if task.exception() is None]
        if good or not waiting:
            return (good or list(done))[0].result()


def _failure(done: set[asyncio.Task[T]]) -> BaseException | None:
    return next(iter(done)).exception()
