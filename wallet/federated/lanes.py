"""Lanes: how this node speaks first with its peers about money. What is queued for one shares an envelope.

Nothing here is durable and nothing decides: what is lost is said again by whoever drives its row, what is
said twice is harmless by its id. Used from the event loop; `tell` and `reachable` from any thread.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog

from federation.delivery.posting import retry_after
from kit import clock
from kit.app import App
from kit.errors import Refusal
from kit.http.answer import Answer
from kit.http.client import GuardedClient
from kit.http.errors import BadAnswer
from kit.http.lines import Manners
from kit.http.urls import parse
from wallet.between.envelope import Said
from wallet.between.packing import MOST_BYTES, fits
from wallet.between.strict import NotHeard
from wallet.between.times import CONNECT, HEARTBEAT, MINUTE, SECOND
from wallet.federated.hedge import PATIENCE, hedged
from wallet.federated.lane import IN_FLIGHT, Counts, Lane
from wallet.federated.voice import Voice, voice_of

log = structlog.get_logger("wallet.village")

RECENT: Final = 10 * MINUTE
"""Milliseconds for which beats go on to a peer that something was said to, or that said something."""
MANNERS: Final = Manners(
    per_origin=2 * IN_FLIGHT + 2, kept_alive=2.5 * HEARTBEAT / SECOND, connect=CONNECT / SECOND
)
"""Each envelope on the way and its second sending have a line; the beats keep one open."""
LONGEST_PAUSE: Final = 10.0
"""Seconds that a peer may make us wait."""

Hear = Callable[[Said], Awaitable[Sequence[bytes]]]


class NotOurPeer(Exception):
    """No peering binds us, or it is blocked: nothing is sent."""


class AskedToWait(Exception):
    """The peer answered 429: the same may be said again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:g} s")


@dataclass(slots=True)
class Flight:
    """One envelope on the way; however it fails, it misses once."""

    lane: Lane
    items: list[bytes]
    left_at: float
    has_missed: bool = False


class Lanes:
    """All lanes of one process. `client` is theirs alone: opened by `start`, closed by `stop`.

    `hear` gets what peers answer and gives back what to say to them next. `friends` names, from memory, the
    origins to keep in touch with; `beat` makes the item that says "I am here" to one of them.
    """

    def __init__(
        self,
        voice: Voice,
        client: GuardedClient,
        *,
        hear: Hear,
        friends: Callable[[], Iterable[str]],
        beat: Callable[[str], bytes],
    ) -> None:
        self._voice, self._client = voice, client
        self._hear, self._friends, self._beat = hear, friends, beat
        self._lanes: dict[str, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    async def start(self) -> None:
        """Begin to speak, in the running event loop."""
        await self._client.__aenter__()
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        self._spawn(self._keep_in_touch())

    async def stop(self) -> None:
        """Say nothing more; what is on the way is let go."""
        if self._loop is None:
            return
        self._loop, tasks = None, list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.__aexit__(None, None, None)

    def tell(self, peer: str, items: Iterable[bytes]) -> None:
        """Say `items` to the node at the origin `peer`, soon. Never blocks. Before `start`: nothing."""
        said = [item for item in items if _fits(peer, item)]
        if said:
            self._call(partial(self._queue, peer, said))

    def reachable(self, peer: str) -> bool:
        """Whether `peer` answered lately, or was not yet seen to miss twice in a row."""
        lane = self._lanes.get(peer)
        return lane is None or lane.is_reachable

    def heard_from(self, peer: str) -> None:
        """`peer` came to our own door: when it was unreachable from here, look again now."""
        self._call(partial(self._look_again, peer))

    def counts(self) -> dict[str, Counts]:
        """What happened on each lane since the process started."""
        return {peer: lane.counts for peer, lane in list(self._lanes.items())}

    def _call(self, act: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None:
            return
        if threading.get_ident() == self._thread:
            act()
        else:
            loop.call_soon_threadsafe(act)

    def _queue(self, peer: str, items: Sequence[bytes]) -> None:
        lane = self._lane(peer)
        if lane.add(items, self._now()):
            log.warning("the oldest of what waits is dropped", peer=peer, so_far=lane.counts.dropped)
        asyncio.get_running_loop().call_soon(self._start, lane)

    def _look_again(self, peer: str) -> None:
        lane = self._lane(peer)
        lane.used_at = self._now()
        if lane.misses:
            lane.is_probing = True
            self._start(lane)

    def _lane(self, peer: str) -> Lane:
        lane = self._lanes.get(peer)
        if lane is None:
            lane = self._lanes[peer] = Lane(peer)
        return lane

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _start(self, lane: Lane) -> None:
        """Let leave what may leave; look again when the rest may."""
        while self._loop is not None and (delay := lane.delay(self._now())) is not None:
            if delay > 0:
                self._start_later(lane, delay)
                return
            beat = self._beat(lane.peer) if lane.is_probing else None
            flight = Flight(lane, lane.take(beat, self._now()), self._now())
            lane.flying += 1
            self._spawn(self._fly(flight))

    def _start_later(self, lane: Lane, delay: float) -> None:
        """One timer for each lane, however often something is queued meanwhile."""
        if not lane.is_timed:
            lane.is_timed = True
            asyncio.get_running_loop().call_later(delay, self._on_time, lane)

    def _on_time(self, lane: Lane) -> None:
        lane.is_timed = False
        self._start(lane)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, flight: Flight) -> None:
        lane = flight.lane
        try:
            said = await self._exchange(flight)
        except AskedToWait as wait:
            lane.give_back(flight.items, wait.seconds, self._now())
        except NotOurPeer:
            if lane.shut():
                log.info("no peering, nothing is sent", peer=lane.peer)
        except (Refusal, NotHeard) as trouble:
            self._missed(flight, trouble)
        else:
            await self._hand_over(lane, said)
        finally:
            lane.flying -= 1
            self._start(lane)

    async def _hand_over(self, lane: Lane, said: Said) -> None:
        """The peer answered; what comes of it here is no fault of its lane."""
        if lane.heard(self._now()):
            log.info("a peer answers again", peer=lane.peer)
        try:
            self.tell(lane.peer, await self._hear(said))
        except Refusal as refusal:
            log.info("an answer is not kept now", peer=lane.peer, why=f"{refusal.name} {refusal.cause}")
        except Exception:
            log.exception("an answer could not be heard", peer=lane.peer)

    async def _exchange(self, flight: Flight) -> Said:
        """Seal, send, and open the answer."""
        lane = flight.lane
        peer = await self._voice.book.at(lane.peer)
        if not peer.is_peer:
            raise NotOurPeer
        url = parse(peer.ledger).url
        body = self._voice.seal(flight.items, peer.origin)
        headers = self._voice.signed("POST", url, body)
        answer = await hedged(
            partial(self._client.post, url, body, headers, max_bytes=MOST_BYTES, deadline=PATIENCE / SECOND),
            on_second=partial(_hedged, lane),
            on_late=partial(self._missed, flight, None),
        )
        return await self._voice.open(_accepted(answer), peer)

    def _missed(self, flight: Flight, trouble: Exception | None) -> None:
        lane = flight.lane
        if trouble is not None:
            log.info("not answered", peer=lane.peer, items=len(flight.items), why=str(trouble)[:200])
        if flight.has_missed:
            return
        flight.has_missed = True
        if lane.miss(flight.left_at, self._now()):
            log.warning("a peer does not answer", peer=lane.peer)

    async def _keep_in_touch(self) -> None:
        while True:
            try:
                self._beat_all()
            except Exception:
                log.exception("no beat this time")
            await asyncio.sleep(HEARTBEAT / SECOND)

    def _beat_all(self) -> None:
        for peer in {*self._friends(), *self._recent()}:
            lane = self._lane(peer)
            if lane.needs_beat(self._now()):
                lane.is_probing = True
                self._start(lane)

    def _recent(self) -> list[str]:
        since = self._now() - RECENT / SECOND
        return [peer for peer, lane in self._lanes.items() if lane.used_at > since]


def lanes_for(
    app: App, *, hear: Hear, friends: Callable[[], Iterable[str]], beat: Callable[[str], bytes]
) -> Lanes:
    """The lanes of a node, to be started, and stopped; in its ports, so that its door finds them.

    Their client is their own: what is delivered to followers never stands before a till.
    """
    node = app.settings.node
    client = GuardedClient(node.url, allow_loopback=node.allow_loopback, version=app.version, manners=MANNERS)
    lanes = Lanes(voice_of(app), client, hear=hear, friends=friends, beat=beat)
    app.ports.give(Lanes, lanes)
    return lanes


def _fits(peer: str, item: bytes) -> bool:
    if fits(item):
        return True
    log.error("an item that no envelope holds", peer=peer, size=len(item))
    return False


def _hedged(lane: Lane) -> None:
    lane.counts.hedged += 1


def _accepted(answer: Answer) -> bytes:
    if answer.status == 429:
        asked = retry_after(answer, clock.now())
        raise AskedToWait(min(LONGEST_PAUSE, asked.total_seconds() if asked else 1.0))
    if answer.status != 200:
        raise BadAnswer(cause=f"status {answer.status}")
    return answer.body
