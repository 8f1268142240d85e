"""One TCP or TLS connection as httpcore reads and writes it, straight on an asyncio protocol."""

import asyncio
import ssl
from collections.abc import Iterable
from typing import cast

import httpcore2

from kit.http.errors import Unreachable

HIGH_WATER = 256 * 1024
"""Bytes received and not yet read, beyond which the other side is made to wait."""
OTHERS_WAIT = 2.0
"""Seconds given to one address of a host while others remain to be tried."""
GOODBYE = 1.0
"""Seconds given to a TLS goodbye."""


class WireStream(asyncio.Protocol, httpcore2.AsyncNetworkStream):
    """What is written leaves with the next read: head and body of a small request share one packet.

    No timeout here: the exchange as a whole has a deadline, which slow drops cannot stretch.
    """

    def __init__(self) -> None:
        self._received = bytearray()
        self._unsent: list[bytes] = []
        self._ended = False
        self._was_answered = False
        self._broken: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._was_answered = True
        if len(self._received) > HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._broken = True, exc
        self._wake()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._flush()
        while not self._received and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if not self._received and (self._broken is not None or not self._was_answered):
            raise httpcore2.ReadError(str(self._broken or "closed before any answer"))
        return self._take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._ended:
            raise httpcore2.WriteError("the line is closed")
        self._unsent.append(buffer)

    async def aclose(self) -> None:
        if self._transport is None:
            return
        stuck = self._transport.get_write_buffer_size() > 0
        self._transport.abort() if stuck else self._transport.close()

    def get_extra_info(self, info: str) -> object:
        """`is_readable` while idle means: ended, or bytes nobody asked for; either way not to be reused."""
        return bool(self._received) or self._ended if info == "is_readable" else None

    def _take(self, max_bytes: int) -> bytes:
        taken = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if self._transport is not None and not self._ended and len(self._received) <= HIGH_WATER:
            self._transport.resume_reading()
        return taken

    def _flush(self) -> None:
        if self._unsent and self._transport is not None:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()
            self._was_answered = False

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


async def connect(
    addresses: Iterable[str], port: int, *, tls: ssl.SSLContext | None, name: str, seconds: float
) -> WireStream:
    """Open a connection to the first of these IP addresses that answers, TLS for `name` included.

    `seconds` is for all of them together. Raises Unreachable.
    """
    tries, trouble = list(addresses), ""
    ends = asyncio.get_running_loop().time() + seconds
    for position, address in enumerate(tries):
        left = ends - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(left if position == len(tries) - 1 else min(left, OTHERS_WAIT)):
                return await _open(address, port, tls, name)
        except (OSError, ValueError) as error:
            trouble = f"{trouble} {address}: {error!r}"
    raise Unreachable(cause=f"{name}:{port}{trouble or ': no address'}")


async def _open(address: str, port: int, tls: ssl.SSLContext | None, name: str) -> WireStream:
    loop = asyncio.get_running_loop()
    if tls is None:
        return (await loop.create_connection(WireStream, address, port))[1]
    _, stream = await loop.create_connection(
        WireStream, address, port, ssl=tls, server_hostname=name, ssl_shutdown_timeout=GOODBYE
    )
    return stream
