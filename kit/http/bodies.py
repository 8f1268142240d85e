"""Reading an answer's body: never more than asked for, before and after decompression."""

import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import httpx2

from kit.http.errors import AnswerTooLarge, BadAnswer

GZIP = zlib.MAX_WBITS | 16
ACCEPT_ENCODING = "gzip"


class Plain:
    """A body sent as it is."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._parts: list[bytes] = []

    def take(self, part: bytes) -> None:
        """Add bytes. Raises AnswerTooLarge beyond the limit."""
        self._left -= len(part)
        if self._left < 0:
            raise AnswerTooLarge(cause="body beyond its limit")
        self._parts.append(part)

    def whole(self) -> bytes:
        """Everything taken."""
        return b"".join(self._parts)


class Gzipped(Plain):
    """A body in one gzip member (RFC 1952); the limit holds for what is sent and for what it becomes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._inflate = zlib.decompressobj(GZIP)
        self._sent_left = limit + 1024

    def take(self, part: bytes) -> None:
        self._sent_left -= len(part)
        if self._sent_left < 0:
            raise AnswerTooLarge(cause="compressed body beyond its limit")
        try:
            super().take(self._inflate.decompress(part, self._left + 1))
        except zlib.error as error:
            raise BadAnswer(cause=f"gzip: {error}") from None

    def whole(self) -> bytes:
        if not self._inflate.eof or self._inflate.unused_data:
            raise BadAnswer(cause="gzip: cut short, or followed by something else")
        return super().whole()


async def read_body(response: httpx2.Response, limit: int) -> bytes:
    """At most `limit` bytes, decompressed. Raises AnswerTooLarge, BadAnswer (a coding we did not offer)."""
    said = response.headers.get("content-length", "0")
    if said.isdecimal() and int(said) > limit + 1024:
        raise AnswerTooLarge(cause=f"announces {said[:20]} bytes")
    body = _reader(response.headers.get("content-encoding", "").strip().lower(), limit)
    async with aclosing(cast(AsyncGenerator[bytes, None], aiter(response.stream))) as parts:  # type: ignore[arg-type]
        async for part in parts:
            body.take(part)
    return body.whole()


def _reader(coding: str, limit: int) -> Plain:
    if coding in ("", "identity"):
        return Plain(limit)
    if coding in ("gzip", "x-gzip"):
        return Gzipped(limit)
    raise BadAnswer(cause=f"coded as {coding[:40]!r}")
