"""One kept-alive connection of HTTP/1.1 over bare sockets: a request, then its status and body."""

import asyncio
from collections.abc import Mapping


class BareLine:
    """Opened at first use; one exchange at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body. Raises OSError, IncompleteReadError."""
        if self._line is None:
            self._line = await asyncio.open_connection(self._host, self._port, limit=1 << 20)
        reader, writer = self._line
        fields = {"host": f"{self._host}:{self._port}", **headers, "content-length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return await _read(reader)

    def close(self) -> None:
        if self._line:
            self._line[1].close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().find(b"content-length:")
    size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return int(head.split(b" ", 2)[1]), await reader.readexactly(size)
