"""One deadline around a whole exchange, and one name for everything that can break in it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpcore2
import httpx2

from kit.http.errors import BadAnswer, TooSlow, Unreachable

T = TypeVar("T")

NOT_HTTP = (httpcore2.ProtocolError, httpx2.ProtocolError, httpx2.DecodingError)
BROKEN_LINE = (httpcore2.NetworkError, httpx2.HTTPError, OSError)


async def within(seconds: float, url: str, exchange: Coroutine[Any, Any, T]) -> T:
    """The exchange's result. Raises TooSlow after `seconds` however busy the line was.

    Raises also Unreachable and BadAnswer for what breaks on the line; Refusals pass as they are.
    """
    try:
        async with asyncio.timeout(seconds):
            return await exchange
    except (TimeoutError, httpx2.TimeoutException):
        raise TooSlow(cause=f"{url}: not done in {seconds:g} s") from None
    except NOT_HTTP as error:
        raise BadAnswer(cause=f"{url}: {error}") from None
    except BROKEN_LINE as error:
        raise Unreachable(cause=f"{url}: {error!r}") from None
