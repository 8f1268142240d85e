"""The pulling worker: every villager at once after a start, then every fifteen minutes, conditionally."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import structlog

from federation.bells import CATCH_UP, bell
from federation.catch_up.reading import first_page, given, items_of, published_by, updates_of
from federation.catch_up.service import due_peers, note_pulled, store_pulled
from federation.discovery.finding import Discovery
from federation.models.actors import RemoteActor
from federation.models.peers import Peer
from federation.urls import same_origin
from kit.db import Database
from kit.errors import Refusal

log = structlog.get_logger("federation.catch_up")

TICK_SECONDS: Final = 15.0
LONGEST_PAUSE: Final = 900.0
MOST_PAGES: Final = 5
PROFILE_FRESH: Final = timedelta(hours=1)
"""How old a villager's name, look and addresses may be when it is pulled from."""


class CatchUpWorker:
    """`may_work` says whether this process is the one that pulls."""

    def __init__(
        self, database: Database, discovery: Discovery, may_work: Callable[[], Awaitable[bool]]
    ) -> None:
        self._db, self._discovery, self._may_work = database, discovery, may_work
        self._fetcher = discovery.fetcher
        self._bell = bell(database, CATCH_UP)
        self._pauses: dict[str, tuple[float, float]] = {}

    async def run(self) -> None:
        """Pull from all at once, then from each when it is due; for ever."""
        self._bell.attach()
        is_first = True
        while True:
            try:
                if await self._may_work():
                    await self.pull_due(even_recent=is_first)
                    is_first = False
            except Exception:
                log.exception("catch_up_stumbled")
            await self._bell.wait(TICK_SECONDS)

    async def pull_due(self, *, even_recent: bool = False) -> int:
        """Pull from villagers that are due; how many activities were new."""
        due = await self._db.aread(lambda session: due_peers(session, even_recent))
        ready = [pair for pair in due if self._is_ready(pair[0].actor_uri)]
        return sum(await asyncio.gather(*(self._pull(peer, actor) for peer, actor in ready)))

    async def _pull(self, peer: Peer, actor: RemoteActor) -> int:
        etags = dict(peer.pull_etags)
        try:
            actor = await self._discovery.actor(actor.uri, fresher_than=PROFILE_FRESH)
            found = await self._published(actor, etags) + await self._coming(actor, etags)
        except Refusal as refusal:
            self._pause(actor.uri)
            log.info("not_pulled", actor=actor.uri, refusal=refusal.name, cause=refusal.cause)
            return 0
        self._pauses.pop(actor.uri, None)
        shared = given(peer.takes, found)
        fresh = await self._db.awrite(lambda session: store_pulled(session, actor.uri, shared))
        await self._db.awrite(lambda session: note_pulled(session, actor.uri, etags))
        return fresh

    async def _published(self, actor: RemoteActor, etags: dict[str, str]) -> list[dict[str, Any]]:
        return published_by(actor.uri, await self._items(actor.outbox, etags))

    async def _coming(self, actor: RemoteActor, etags: dict[str, str]) -> list[dict[str, Any]]:
        return updates_of(actor.uri, await self._items(actor.upcoming, etags))

    async def _items(self, url: str, etags: dict[str, str]) -> list[dict[str, Any]]:
        """Items of a collection's first pages; nothing when it is what it was."""
        if not url:
            return []
        collection, etags[url] = await self._fetcher.collection(url, etags.get(url, ""))
        if collection is None:
            return []
        found = items_of(collection)
        address, page = first_page(collection)
        for _ in range(MOST_PAGES):
            if page is None and address is not None and same_origin(address, url):
                page, _etag = await self._fetcher.collection(address)
            if page is None:
                break
            found += items_of(page)
            address, page = _next_page(page), None
        return found

    def _is_ready(self, actor: str) -> bool:
        return self._pauses.get(actor, (0.0, 0.0))[0] <= time.monotonic()

    def _pause(self, actor: str) -> None:
        """Twice as long each time, up to a quarter of an hour."""
        pause = min(max(self._pauses.get(actor, (0.0, 0.0))[1] * 2, TICK_SECONDS), LONGEST_PAUSE)
        self._pauses[actor] = (time.monotonic() + pause, pause)


def _next_page(page: dict[str, Any]) -> str | None:
    following = page.get("next")
    return following if isinstance(following, str) else None
