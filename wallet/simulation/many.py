"""Many seeds on every core: how far it is, what was violated, which planted bugs are found and how soon."""

import multiprocessing
import multiprocessing.pool
import os
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from wallet.simulation.bugs import MUTANTS, planted
from wallet.simulation.shapes import Counts, Violation
from wallet.simulation.twin import same_bytes
from wallet.simulation.world import Result, play

MOST_FOR_A_MUTANT: Final = 1_000
"""A planted bug must be found within so many seeds (ledger.md, 4.2)."""


class Found(Struct, frozen=True):
    """How a planted bug was found: after how many seeds, by which invariant; 0 when it survived."""

    name: str
    seeds: int
    invariant: str = ""
    where: str = ""


def play_many(seeds: Sequence[int], mutant: str = "") -> Iterator[Result]:
    """Results as they come, in no order."""
    with _pool() as pool:
        yield from pool.imap_unordered(_play, [(seed, mutant) for seed in seeds])


def find_mutants(names: Sequence[str], first: int = 0, most: int = MOST_FOR_A_MUTANT) -> Iterator[Found]:
    """Each planted bug with the seeds until an invariant caught it, as they come."""
    with _pool() as pool:
        yield from pool.imap_unordered(_find, [(name, first, most) for name in names])


def compare_many(seeds: Sequence[int]) -> Iterator[Result]:
    """The same seeds in memory and in SQLite."""
    with _pool() as pool:
        yield from pool.imap_unordered(_compare, seeds)


def _pool() -> multiprocessing.pool.Pool:
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return multiprocessing.get_context("spawn").Pool(workers)


def _play(given: tuple[int, str]) -> Result:
    seed, mutant = given
    with planted(mutant):
        return play(seed)


def _find(given: tuple[str, int, int]) -> Found:
    name, first, most = given
    with planted(name):
        for number in range(most):
            result = play(first + number)
            if result.invariant:
                return Found(name, number + 1, result.invariant, result.where)
    return Found(name, 0)


def _compare(seed: int) -> Result:
    counts = Counts()
    try:
        counts.commits = same_bytes(seed)
    except Violation as violation:
        return Result(seed, counts, violation.invariant, violation.where)
    return Result(seed, counts)


__all__ = ["MUTANTS", "Found", "compare_many", "find_mutants", "play_many"]
