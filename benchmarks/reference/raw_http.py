"""HTTP over bare asyncio sockets, without any rule: what `delivery` is compared with."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class RawClient:
    """Posts over kept-alive lines to plain http; reads the status and the body's announced bytes."""

    def __init__(self) -> None:
        self._idle: defaultdict[str, list[Line]] = defaultdict(list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lines in self._idle.values():
            for _, writer in lines:
                writer.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, deadline: float) -> int:
        """The answer's status. Raises OSError (TimeoutError after `deadline` seconds) or ValueError."""
        parts = urlsplit(url)
        fields = {"host": parts.netloc, **headers, "content-length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        head = f"POST {parts.path} HTTP/1.1\r\n{lines}\r\n"
        async with asyncio.timeout(deadline):
            return await self._exchange(parts.hostname or "", parts.port or 80, head.encode() + body)

    async def _exchange(self, host: str, port: int, words: bytes) -> int:
        lines = self._idle[f"{host}:{port}"]
        reader, writer = lines.pop() if lines else await asyncio.open_connection(host, port)
        try:
            writer.write(words)
            status = await _read(reader)
        except BaseException:
            writer.close()
            raise
        lines.append((reader, writer))
        return status


async def _read(reader: asyncio.StreamReader) -> int:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        raise ConnectionResetError("closed before any answer") from None
    at = head.lower().find(b"content-length:")
    if at >= 0:
        await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
    return int(head.split(b" ", 2)[1])
