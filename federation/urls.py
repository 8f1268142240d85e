"""Addresses that other nodes send: what may be kept, fetched or shown, and who shares an origin."""

from functools import lru_cache
from urllib.parse import urlsplit

LONGEST = 2048
"""Characters; longer addresses are refused everywhere."""

_PORTS = {"http": 80, "https": 443}


def web_url(value: object) -> str | None:
    """`value` when it is a usable absolute http(s) address without user or password, else None."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return None
    if len(value) > LONGEST or not value.isprintable() or " " in value or "\\" in value:
        return None
    return value if _has_plain_host(value) else None


@lru_cache(4096)
def _has_plain_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


@lru_cache(4096)
def origin(url: str) -> str:
    """`scheme://host[:port]` in lower case, default port left out; "" when `url` is not a web address."""
    if web_url(url) is None:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{authority(url)}"


@lru_cache(4096)
def authority(url: str) -> str:
    """`host[:port]` of an absolute address as RFC 9421 §2.2.3 normalises it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def same_origin(one: str, other: str) -> bool:
    """Whether both are web addresses of one scheme, host and port."""
    first = origin(one)
    return first != "" and first == origin(other)
