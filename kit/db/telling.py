"""Answers from threads to those who wait on an event loop: the loop is woken once for many of them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

Answers = Sequence[tuple["asyncio.Future[Any]", Any]]
"""Who waits, and what they are told; an exception is raised to them."""


def tell_all(answers: Answers) -> None:
    """Tell each of them on their own loop. Who hung up, or whose loop is closed, is told nothing."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for future, answer in answers:
        loops.setdefault(future.get_loop(), []).append((future, answer))
    for loop, told in loops.items():
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(_tell, told)


def _tell(told: Answers) -> None:
    for future, answer in told:
        if future.done():
            continue
        if not isinstance(answer, BaseException):
            future.set_result(answer)
        elif isinstance(answer, StopIteration):  # no future takes it, and the others would never be told
            future.set_exception(RuntimeError("a read or a unit ended with StopIteration"))
        else:
            future.set_exception(answer)
