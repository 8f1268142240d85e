"""The same signed posts over bare sockets, with a durable row for each result, written in groups."""

import asyncio
import base64
import hashlib
import sqlite3
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.reference.raw_http import RawClient

IN_FLIGHT = 2


class Rows:
    """Results waiting for the next commit; commits follow one another in a thread."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._waiting: list[tuple[str, int]] = []
        self._open = True

    def add(self, url: str, status: int) -> None:
        """One result."""
        self._waiting.append((url, status))

    def close(self) -> None:
        """Write what is left, then end."""
        self._open = False

    def write(self) -> None:
        """Commit again and again, flushed to the disk as SQLite does with `synchronous=FULL`."""
        connection = sqlite3.connect(self._file, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE kept (url TEXT, status INTEGER) STRICT")
        while self._open or self._waiting:
            rows, self._waiting = self._waiting, []
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO kept VALUES (?, ?)", rows)
            connection.execute("COMMIT")
        connection.close()


async def deliver(urls: Sequence[str], bodies: Sequence[bytes], key: RSAPrivateKey, file: Path) -> None:
    """Every body to every address: two at a time to each host, all hosts side by side."""
    rows = Rows(file)
    writing = asyncio.create_task(asyncio.to_thread(rows.write))
    async with RawClient() as client:
        await asyncio.gather(*(_host(client, url, bodies, key, rows) for url in urls))
    rows.close()
    await writing


async def _host(client: RawClient, url: str, bodies: Sequence[bytes], key: RSAPrivateKey, rows: Rows) -> None:
    waiting = iter(bodies)

    async def line() -> None:
        for body in waiting:
            rows.add(url, await client.post(url, body, signed(url, body, key), deadline=20))

    await asyncio.gather(*(line() for _ in range(IN_FLIGHT)))


def signed(url: str, body: bytes, key: RSAPrivateKey) -> dict[str, str]:
    """Headers of draft-cavage-12: `(request-target) host date digest`."""
    parts = urlsplit(url)
    date = formatdate(usegmt=True)
    digest = f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"
    base = f"(request-target): post {parts.path}\nhost: {parts.netloc}\ndate: {date}\ndigest: {digest}"
    signature = base64.b64encode(key.sign(base.encode(), PKCS1v15(), SHA256())).decode()
    value = (
        'keyId="https://bare.example/actor#main-key",algorithm="rsa-sha256",'
        f'headers="(request-target) host date digest",signature="{signature}"'
    )
    return {"content-type": "application/activity+json", "date": date, "digest": digest, "signature": value}
