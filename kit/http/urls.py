"""Remote addresses, taken apart once and normalised: what is checked is what is contacted and signed."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpcore2
import httpx2
import idna

from kit.http.addresses import is_loopback
from kit.http.errors import AddressRefused

LONGEST = 2048
"""Characters of the longest address."""
DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]+)(:[0-9]{1,5})?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Target:
    """One http(s) address in canonical form: lower-case ASCII host, explicit port, no fragment.

    What is derived is kept: the same few thousand inboxes are written to again and again.
    """

    scheme: str
    host: str
    port: int
    path: str
    """Path and query as they go on the request line."""

    @cached_property
    def authority(self) -> str:
        """`host[:port]`, default port left out: the Host header (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @cached_property
    def origin(self) -> str:
        """`scheme://host[:port]` (RFC 6454 §6.2)."""
        return f"{self.scheme}://{self.authority}"

    @cached_property
    def url(self) -> str:
        """The whole address, as it is requested and signed."""
        return self.origin + self.path

    @cached_property
    def is_local(self) -> bool:
        """Whether the address says in itself that it is this machine: a loopback IP or `localhost`."""
        return self.host == "localhost" or self.host.endswith(".localhost") or is_loopback(self.host)

    @cached_property
    def link(self) -> httpx2.URL:
        """The address as httpx names it."""
        return httpx2.URL(self.url)

    @cached_property
    def wire(self) -> httpcore2.URL:
        """The address as httpcore names it."""
        scheme, host, path = self.scheme.encode(), self.host.encode(), self.path.encode()
        return httpcore2.URL(scheme=scheme, host=host, port=self.port, target=path)


@lru_cache(maxsize=4096)
def parse(url: str) -> Target:
    """Take an address apart. Raises AddressRefused unless it is a plain absolute http(s) address.

    Names are normalised by UTS 46 and IDNA 2008 (RFC 5891). Numbers that only some systems read as an
    address (`127.1`, `0x7f000001`, `2130706433`) are refused, as are a user name and a final dot.
    """
    scheme, netloc = _scheme_and_netloc(url)
    try:
        parts = httpx2.URL(url if netloc.isascii() else url.replace(netloc, _ascii_netloc(netloc), 1))
    except httpx2.InvalidURL as error:
        raise AddressRefused(cause=f"{url!r}: {error}") from None
    host = _plain_host(parts.raw_host.decode("ascii"), url)
    port = DEFAULT_PORTS[scheme] if parts.port is None else parts.port
    if not 0 < port < 65536:
        raise AddressRefused(cause=f"{url!r}: port {port}")
    return Target(scheme, host, port, parts.raw_path.decode("ascii"))


def join(base: Target, location: str) -> Target:
    """The address that `location` means when `base` says it (RFC 3986 §5). Raises AddressRefused."""
    try:
        return parse(str(httpx2.URL(base.url).join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise AddressRefused(cause=f"{base.url} sends to {location!r}: {error}") from None


def origin_of(url: str) -> str:
    """`scheme://host[:port]`, normalised. Raises AddressRefused when `url` is not a plain web address."""
    return parse(url).origin


def same_origin(one: str, other: str) -> bool:
    """Whether both are plain web addresses of one scheme, host and port."""
    try:
        return parse(one).origin == parse(other).origin
    except AddressRefused:
        return False


def _scheme_and_netloc(url: str) -> tuple[str, str]:
    if len(url) > LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused(cause=f"{url[:80]!r} is not a plain address")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise AddressRefused(cause=f"{url!r}: {error}") from None
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not _AUTHORITY.fullmatch(parts.netloc):
        raise AddressRefused(cause=f"{url!r}: scheme, host or user name")
    return parts.scheme, parts.netloc


def _ascii_netloc(netloc: str) -> str:
    host, colon, port = netloc.partition(":")
    try:
        return idna.encode(host, uts46=True).decode("ascii") + colon + port
    except idna.IDNAError as error:
        raise AddressRefused(cause=f"{netloc!r}: {error}") from None


def _plain_host(host: str, url: str) -> str:
    with suppress(ValueError):
        if "%" not in host:
            return str(ip_address(host))
    labels = host.split(".")
    is_name = len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    if not is_name or _NUMBER.fullmatch(labels[-1]):
        raise AddressRefused(cause=f"{url!r}: host {host!r}")
    return host
