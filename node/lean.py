"""The environment of a server process: as it is, but quick to start and light to keep."""

import ctypes
import os
from contextlib import suppress
from typing import Final

LEAN: Final = {"MALLOC_ARENA_MAX": "2", "PYTHONOPTIMIZE": "2"}
"""Few heaps for many threads: the C library would keep one per thread and give nothing back. And no
documentation of libraries in memory: five megabytes. (Our rules are never `assert`.)"""
RECOMPILE: Final = "PYTHONDONTWRITEBYTECODE"
"""A server that may not keep its compiled modules compiles them all at each start: seconds, and megabytes."""


def lean_environment(**more: str) -> dict[str, str]:
    """The present environment with `more`; what the operator set himself wins, but for `RECOMPILE`."""
    kept = {name: value for name, value in os.environ.items() if name != RECOMPILE}
    return LEAN | kept | more


def give_back_memory() -> None:
    """Let the C library return what starting up used (glibc only; elsewhere nothing happens)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
