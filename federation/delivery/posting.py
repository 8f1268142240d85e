"""One attempt: sign, post, and once more in the other style when the answer is a refusal."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from federation.delivery.due import Owed
from federation.documents.context import ACTIVITY_JSON
from federation.signatures import cavage, rfc9421
from federation.signatures.algorithms import SigningKey
from federation.signatures.message import Headers, Message
from federation.verified import Style
from kit import clock
from kit.errors import Refusal
from kit.http.answer import Answer

DEADLINE: Final = 20.0
"""Seconds for one whole exchange."""
SIGNERS: Final = 2
"""Threads that sign: RSA takes a third of a millisecond and lets other threads run."""

_OTHER: Final[dict[Style, Style]] = {"rfc9421": "cavage", "cavage": "rfc9421"}


class Poster(Protocol):
    """Posts once, to a checked address, without following redirects. Raises a Refusal when nobody answers."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, deadline: float) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one delivery went. `status` is None when there was no answer; `style` is the one that worked."""

    owed: Owed
    status: int | None
    error: str = ""
    style: Style | None = None
    retry_after: timedelta | None = None


class Courier:
    """Signs with our key and posts."""

    def __init__(self, poster: Poster, key: SigningKey) -> None:
        self._poster, self._key = poster, key
        self._signers = ThreadPoolExecutor(SIGNERS, thread_name_prefix="signer")

    def use(self, key: SigningKey) -> None:
        """Sign with another key from now on."""
        self._key = key

    async def attempt(self, owed: Owed, body: bytes, *, is_villager: bool) -> Attempt:
        """RFC 9421 first to villagers, draft-cavage first to strangers, unless the origin taught better."""
        first = style_of(owed.style, is_villager=is_villager)
        try:
            answer, style = await self._try_both(owed, body, first)
        except Refusal as refusal:
            return Attempt(owed, None, refusal.name)
        if answer.status < 400:
            return Attempt(owed, answer.status, style=style)
        return Attempt(
            owed, answer.status, f"status {answer.status}", retry_after=retry_after(answer, clock.now())
        )

    def close(self) -> None:
        """Sign no more."""
        self._signers.shutdown(wait=False)

    async def _try_both(self, owed: Owed, body: bytes, first: Style) -> tuple[Answer, Style]:
        """A host in trouble (500 and more) is not asked twice once it is known which style it reads."""
        answer = await self._post(owed.inbox, body, first)
        if answer.status < 400 or answer.status in (410, 429) or (owed.style and answer.status >= 500):
            return answer, first
        second = await self._post(owed.inbox, body, _OTHER[first])
        return (second, _OTHER[first]) if second.status < 400 else (answer, first)

    async def _post(self, inbox: str, body: bytes, style: Style) -> Answer:
        loop = asyncio.get_running_loop()
        headers = dict(
            await loop.run_in_executor(self._signers, signed_headers, inbox, body, self._key, style)
        )
        return await self._poster.post(inbox, body, headers, deadline=DEADLINE)


def style_of(remembered: str, *, is_villager: bool) -> Style:
    """The way of signing to begin with."""
    if remembered:
        return "rfc9421" if remembered == "rfc9421" else "cavage"
    return "rfc9421" if is_villager else "cavage"


def signed_headers(inbox: str, body: bytes, key: SigningKey, style: Style) -> Headers:
    """Everything to send beside the body."""
    kind = (("Content-Type", ACTIVITY_JSON),)
    message = Message("POST", inbox, kind, body)
    sign = rfc9421.sign if style == "rfc9421" else cavage.sign
    return (*kind, *sign(message, key, clock.now()))


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date (RFC 9110 §10.2.3); None when it says nothing."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 8:
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta())
