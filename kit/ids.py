"""Identifiers: UUID version 7 (RFC 9562 §5.7), so that they sort by the time they were made."""

import os
from collections.abc import Callable
from uuid import UUID

from kit import clock

_POOL: list[bytes] = []
_DRAWN = 512


def _pooled(count: int) -> bytes:
    """Randomness of the system, drawn for several ids at once: each draw lets other threads run."""
    try:
        return _POOL.pop()
    except IndexError:
        drawn = os.urandom(count * _DRAWN)
        _POOL.extend(drawn[at : at + count] for at in range(count, len(drawn), count))
        return drawn[:count]


_random_bytes: Callable[[int], bytes] = _pooled


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, then randomness."""
    milliseconds = int(clock.now().timestamp() * 1000)
    rest = int.from_bytes(_random_bytes(10), "big")
    value = (milliseconds << 80) | rest
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def use_random_bytes(source: Callable[[int], bytes] | None) -> None:
    """Let `source(n)` give the random part (simulation); None goes back to the system's."""
    global _random_bytes
    _random_bytes = source or _pooled
