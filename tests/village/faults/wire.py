"""Whole HTTP messages, as they stand on the wire: enough to pass on, to lose, to double and to tear."""

import asyncio
import re
from dataclasses import dataclass

LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding:[ \t]*chunked", re.IGNORECASE | re.MULTILINE)
SENDER = re.compile(rb"^user-agent:[^\r\n]*\(\+(https?://[^)\s]+)\)", re.IGNORECASE | re.MULTILINE)
BODILESS = (b" 204 ", b" 304 ")


class Ended(Exception):
    """The other side closed before, or in the middle of, a message."""


@dataclass(frozen=True)
class Message:
    """One request or answer: its head with the empty line, and its body, byte for byte."""

    head: bytes
    body: bytes = b""

    @property
    def whole(self) -> bytes:
        return self.head + self.body

    @property
    def sender(self) -> str:
        """The origin of the node that says so in its `User-Agent`; empty for a till or a browser."""
        found = SENDER.search(self.head)
        return found[1].decode() if found else ""

    @property
    def path(self) -> str:
        """What a request asks for."""
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def half(self) -> bytes:
        """What a line carried that broke in the middle: never the whole."""
        return self.whole[: max(1, len(self.whole) // 2)]


async def read_message(reader: asyncio.StreamReader, *, to_head: bool = False) -> Message:
    """The next message; `to_head`: the answer to a HEAD, which has no body. Raises Ended."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b"\r\n", 1)[0] + b" "
        bodiless = to_head or (head.startswith(b"HTTP/") and any(code in status for code in BODILESS))
        return Message(head, b"" if bodiless else await _body(reader, head))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise Ended from error


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if CHUNKED.search(head):
        return await _chunks(reader)
    length = LENGTH.search(head)
    return await reader.readexactly(int(length[1])) if length else b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """The body in pieces, with their lengths, as it came."""
    read = b""
    while True:
        size = await reader.readuntil(b"\r\n")
        piece = await reader.readexactly(int(size.split(b";")[0], 16) + 2)
        read += size + piece
        if piece == b"\r\n":
            return read
