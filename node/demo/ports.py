"""Free ports of this machine, for a village that must not disturb another."""

import random
import socket

LOWEST, HIGHEST, TRIES = 20_000, 32_000, 200


class NoFreePorts(Exception):
    """No run of free ports was found."""


def free_port_base(count: int) -> int:
    """The first of `count` free neighbouring ports on 127.0.0.1. Raises NoFreePorts."""
    for _ in range(TRIES):
        base = random.randrange(LOWEST, HIGHEST)  # noqa: S311 - no secret here
        if all(is_free(base + index) for index in range(count)):
            return base
    raise NoFreePorts(f"no {count} free ports between {LOWEST} and {HIGHEST}")


def is_free(port: int) -> bool:
    """Whether nobody listens on that port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
