"""From names to IP addresses, away from the event loop; replaced in tests."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

from kit.http.errors import Unreachable

THREADS = 32
"""Own threads: a name server that does not answer must not hold up the rest of the process."""


class Resolver(Protocol):
    """Looks a host name up; an IP address is given back as it is."""

    async def addresses(self, host: str, port: int) -> list[str]:
        """Every address of `host`, preferred first. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Give up the look-ups under way."""
        ...


class SystemResolver:
    """The machine's own resolver (`getaddrinfo`)."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    async def addresses(self, host: str, port: int) -> list[str]:
        if _is_address(host):
            return [host]
        self._threads = self._threads or ThreadPoolExecutor(THREADS, thread_name_prefix="names")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, look_up, host, port)

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


def look_up(host: str, port: int) -> list[str]:
    """Every address of `host` in the order of RFC 6724, without repeats; blocks. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise Unreachable(cause=f"{host}: {error}") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Unreachable(cause=f"{host} has no address")
    return addresses


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
