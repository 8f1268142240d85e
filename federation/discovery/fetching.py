"""Fetches one document, signed and guarded: content type, size, JSON rules, an id equal to its address."""

from collections.abc import Mapping
from typing import Any, Final

from federation.json_guard import STRANGER, VILLAGER, Limits, read_json, read_object
from federation.refusals import NotUnderstood
from federation.signatures import cavage
from federation.signatures.algorithms import SigningKey
from federation.signatures.message import Message
from federation.urls import web_url
from kit import clock
from kit.errors import Gone
from kit.http.answer import ACCEPT_ACTIVITY, Answer
from kit.http.client import GuardedClient

JRD: Final = ("application/jrd+json", "application/json")
DEADLINE: Final = 10.0


class Fetcher:
    """Asks with our signature: some servers answer to nobody else."""

    def __init__(self, client: GuardedClient, key: SigningKey) -> None:
        self._client, self._key = client, key

    def use(self, key: SigningKey) -> None:
        """Ask with another signature from now on."""
        self._key = key

    async def document(self, url: str) -> dict[str, Any]:
        """The ActivityPub object at `url`, whose `id` is that very address.

        Where it names another id, that one is fetched, once, and must name itself. Raises Gone (410),
        RemoteTrouble, a MessageRefused, or NotUnderstood when the ids never meet.
        """
        found = await self._object(url)
        if found.get("id") == url:
            return found
        named = web_url(found.get("id"))
        if named is None:
            raise NotUnderstood(cause=f"{url} has no id")
        again = await self._object(named)
        if again.get("id") != named:
            raise NotUnderstood(cause=f"{named} calls itself {again.get('id')!r}")
        return again

    async def links(self, url: str) -> Mapping[str, Any]:
        """A JSON resource descriptor or NodeInfo index at `url`. Raises RemoteTrouble or MessageRefused."""
        answer = await self._client.get(
            url, accept=", ".join(JRD), max_bytes=STRANGER.size, deadline=DEADLINE
        )
        found = read_json(answer.expect(*JRD).body)
        return found if isinstance(found, dict) else {}

    async def collection(self, url: str, etag: str = "") -> tuple[dict[str, Any] | None, str]:
        """A collection or one of its pages, with its ETag; None when it is what `etag` names still."""
        conditional = {"if-none-match": etag} if etag else {}
        answer = await self._get(url, VILLAGER, conditional)
        if answer.status == 304:
            return None, etag
        limits = Limits(size=VILLAGER.size, keys=100_000)
        return read_object(answer.expect_activity().body, limits), answer.headers.get("etag", "")

    async def _object(self, url: str) -> dict[str, Any]:
        answer = await self._get(url, STRANGER, {})
        if answer.status == 410:
            raise Gone(cause=url)
        return read_object(answer.expect_activity().body, STRANGER)

    async def _get(self, url: str, limits: Limits, headers: Mapping[str, str]) -> Answer:
        asked = url.partition("#")[0]
        return await self._client.get(
            asked,
            accept=ACCEPT_ACTIVITY,
            headers=headers,
            sign=self._sign,
            max_bytes=limits.size,
            deadline=DEADLINE,
        )

    def _sign(self, method: str, url: str, _headers: Mapping[str, str], _body: bytes) -> Mapping[str, str]:
        """For one hop: each redirect is signed anew, for where it goes."""
        return dict(cavage.sign(Message(method, url), self._key, clock.now()))


def trouble_name(error: Exception) -> str:
    """The stable name kept beside an address that failed."""
    return str(getattr(error, "name", type(error).__name__))
