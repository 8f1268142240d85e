"""The bridge at work: a thread that watches the reader, a door for the till's page, until told to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Final

from websockets.asyncio.server import Server, serve

from pos_api.reader.door import Door
from pos_api.reader.pairing import Pairings
from pos_api.reader.troubles import CannotStart
from pos_api.reader.watching import CardSeen, ReaderState, Watch
from pos_api.reader.words import MOST_BYTES

LOOPBACK: Final = "127.0.0.1"
ALIVE: Final = 15.0
"""Seconds between two pings; a page that was closed with its machine asleep is noticed."""


@dataclass(frozen=True)
class Plan:
    """What the bridge was asked to do. `note` is told of each event, by name; never of a card's number."""

    device: str
    port: int
    pairings: Pairings
    note: Callable[..., None]


async def run_bridge(plan: Plan) -> None:
    """Until SIGINT or SIGTERM. Raises CannotStart `port_taken`."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    _on_signals(loop, over)
    door = Door(plan.pairings, plan.note)
    server = await _listen(plan, door)
    plan.note("listening", port=server.sockets[0].getsockname()[1])
    told: asyncio.Queue[CardSeen | ReaderState] = asyncio.Queue()
    watch = Watch(plan.device, lambda seen: _hand_over(loop, told, seen))
    thread = Thread(target=watch.run, name="reader")
    thread.start()
    telling = asyncio.create_task(_tell_all(door, told))
    try:
        await over.wait()
    finally:
        watch.stop()
        telling.cancel()
        server.close()
        await server.wait_closed()
        await asyncio.to_thread(thread.join)


async def _listen(plan: Plan, door: Door) -> Server:
    try:
        return await serve(
            door.serve, LOOPBACK, plan.port, process_request=door.look_at, max_size=MOST_BYTES, max_queue=2,
            compression=None, server_header=None, open_timeout=5, close_timeout=2, ping_interval=ALIVE,
            ping_timeout=ALIVE, logger=_silent(),
        )  # fmt: skip
    except OSError as error:
        taken = f"Port {plan.port} is taken: is the bridge running already? Else: --port with another number."
        raise CannotStart("port_taken", taken) from error


def _silent() -> logging.Logger:
    """The library would tell of each page that does not finish its greeting."""
    logger = logging.getLogger("hameau.reader.line")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


async def _tell_all(door: Door, told: "asyncio.Queue[CardSeen | ReaderState]") -> None:
    while True:
        await door.tell(await told.get())


def _hand_over(
    loop: asyncio.AbstractEventLoop,
    told: "asyncio.Queue[CardSeen | ReaderState]",
    seen: CardSeen | ReaderState,
) -> None:
    with suppress(RuntimeError):  # the loop may be over before the reader's thread is
        loop.call_soon_threadsafe(told.put_nowait, seen)


def _on_signals(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    """The loop's own way to hear signals does not exist on Windows."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: loop.call_soon_threadsafe(over.set))
