"""From an address, an account or a bare site to an actor; from a key id to its owner."""

from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sqlalchemy.orm import Session

from federation.actors.profile import is_actor
from federation.actors.service import FRESH_FOR, actor_is_gone, note_failure, remember_actor
from federation.discovery.budget import (
    FAILURES_KEPT,
    FailedLately,
    may_refetch_key,
    permit_fetch,
    was_not_refetched,
)
from federation.discovery.directory import Directory, Signer
from federation.discovery.fetching import Fetcher, trouble_name
from federation.discovery.once import OneAtATime
from federation.documents.discovery import APPLICATION, actor_link, split_account
from federation.models.actors import RemoteActor
from federation.reading import id_of, object_of
from federation.refusals import NotUnderstood, UnknownKey
from federation.urls import origin, same_origin, web_url
from kit import clock
from kit.db import Database
from kit.errors import BadRequest, Gone, Refusal
from kit.http.errors import RemoteTrouble, TooSlow, Unreachable
from kit.i18n import lazy

NO_ANSWER: Final = (Unreachable, TooSlow, FailedLately)
LOCAL: Final = ("127.0.0.1", "localhost", "[::1]")


class ActorNotFound(NotUnderstood):
    name = "actor_not_found"
    default = lazy("I find nobody to follow at this address.")


class Discovery:
    """Finds actors, from our tables first."""

    def __init__(self, database: Database, fetcher: Fetcher, directory: Directory) -> None:
        self._db, self.fetcher, self._directory = database, fetcher, directory
        self._actors: OneAtATime[RemoteActor] = OneAtATime()
        self._signers: OneAtATime[Signer] = OneAtATime()

    async def find(self, text: str) -> RemoteActor:
        """The actor meant by an address, `@name@host`, or the bare address of a site.

        Raises BadRequest for another shape, Blocked, TooManyRequests, and ActorNotFound, with a sentence that
        says why, when the address leads nowhere.
        """
        try:
            return await self._find(text.strip())
        except (RemoteTrouble, FailedLately) as trouble:
            raise ActorNotFound(trouble.sentence, cause=f"{trouble.name} {trouble.cause}") from trouble

    async def _find(self, text: str) -> RemoteActor:
        if "://" not in text and "@" in text:
            name, host = split_account(text)
            return await self.actor(await self._by_webfinger(_site(host), f"acct:{name}@{host}"))
        url = text if "://" in text else _site(text.rstrip("/"))
        if web_url(url) is None:
            raise BadRequest(cause=f"{text!r} is no address")
        if urlsplit(url).path in ("", "/") and not urlsplit(url).query:
            return await self.actor(await self._by_origin(origin(url)))
        return await self.actor(url)

    async def actor(self, uri: str, *, fresher_than: timedelta = FRESH_FOR) -> RemoteActor:
        """The actor at `uri`: as remembered if that is recent, else fetched; at most once at a time."""
        known = await self._db.aread(lambda session: session.get(RemoteActor, uri))
        if known is not None and known.gone_at is None and clock.now() - known.fetched_at < fresher_than:
            return known
        return await self._actors.run(uri, lambda: self._fetch_actor(uri))

    async def learn_key(self, key_id: str) -> Signer:
        """Fetch who lists `key_id`, once per key in five minutes, and read our tables again.

        For a key that is not known, and for one that fails to verify (it may have been replaced). Raises
        UnknownKey, Blocked, TooManyRequests.
        """
        return await self._signers.run(key_id, lambda: self._learn_key(key_id))

    async def _learn_key(self, key_id: str) -> Signer:
        if not await self._db.awrite(lambda session: may_refetch_key(session, key_id)):
            return await self._directory.signer(key_id)
        try:
            await self.actor(key_id.partition("#")[0], fresher_than=timedelta())
        except Refusal as refusal:
            if isinstance(refusal, NO_ANSWER):
                await self._db.awrite(lambda session: was_not_refetched(session, key_id))
            if refusal.status in (403, 429, 503):
                raise
            raise UnknownKey(cause=f"{key_id}: {refusal.name} {refusal.cause}") from refusal
        self._directory.forget(key_id)
        return await self._directory.signer(key_id)

    async def look_after(self, uri: str) -> None:
        """Its inbox answered 410: if the actor is gone too, forget it."""
        try:
            await self.actor(uri, fresher_than=timedelta())
        except Gone:
            await self._db.awrite(lambda session: actor_is_gone(session, uri))
        except Refusal:
            return

    async def _fetch_actor(self, uri: str) -> RemoteActor:
        await self._db.awrite(lambda session: permit_fetch(session, uri))
        try:
            document = await self._actor_document(uri)
        except Refusal as refusal:
            reason = trouble_name(refusal)
            await self._db.awrite(lambda session: note_failure(session, uri, reason, FAILURES_KEPT))
            raise
        return await self._db.awrite(lambda session: _remember(session, document))

    async def _actor_document(self, uri: str) -> dict[str, Any]:
        """The actor, or the owner of the key document found there: one level deep."""
        found = await self.fetcher.document(uri)
        if is_actor(found):
            return found
        key = object_of(found, "publicKey") or found
        owner = id_of(key.get("owner")) or id_of(key.get("controller"))
        if owner is None or not same_origin(owner, uri):
            raise ActorNotFound(cause=f"{uri} is a {found.get('type')!r}")
        return await self.fetcher.document(owner)

    async def _by_webfinger(self, site: str, resource: str) -> str:
        await self._db.awrite(lambda session: permit_fetch(session, site))
        query = urlencode({"resource": resource})
        found = actor_link(await self.fetcher.links(f"{site}/.well-known/webfinger?{query}"))
        if found is None:
            raise ActorNotFound(cause=f"{resource} at {site}")
        return found

    async def _by_origin(self, site: str) -> str:
        """FEP-d556 (WebFinger of the origin), FEP-2677 (NodeInfo), else our own usual address."""
        for look in (partial(self._by_webfinger, site, site), partial(self._by_nodeinfo, site)):
            try:
                found = await look()
            except Refusal as refusal:
                if refusal.status in (403, 429):
                    raise
                continue
            if found:
                return found
        return f"{site}/actor"

    async def _by_nodeinfo(self, site: str) -> str:
        index = await self.fetcher.links(f"{site}/.well-known/nodeinfo")
        links = index.get("links")
        for link in links if isinstance(links, list) else []:
            if (
                isinstance(link, dict)
                and link.get("rel") == APPLICATION
                and same_origin(str(link.get("href")), site)
            ):
                return str(link["href"])
        return ""


def _remember(session: Session, document: dict[str, Any]) -> RemoteActor:
    return remember_actor(session, document)


def _site(host: str) -> str:
    """https, but for this machine."""
    is_local = host.startswith(LOCAL)
    return f"http://{host}" if is_local else f"https://{host}"
