"""Measuring one flush to disk: each commit waits for one, and a disk that answers too fast lies."""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger("kit.db")

ROUNDS = 200
BUDGET = 0.25  # seconds; a slow disk is known after a few rounds, and the node must start
SLOW_MS = 10.0
LYING_MS = 0.03


@dataclass(frozen=True, slots=True)
class DiskProbe:
    """The middle time of one flush, in milliseconds, over so many rounds."""

    p50_ms: float
    rounds: int

    @property
    def warning(self) -> str:
        """What the operator should know, in English, or an empty string."""
        if self.p50_ms > SLOW_MS:
            return (
                f"This disk takes {self.p50_ms:.1f} ms for each flush: payments will queue up (memory card?)."
            )
        if self.p50_ms < LYING_MS:
            return f"This disk says it flushed in {self.p50_ms:.3f} ms: it may lose data at a power cut."
        return ""


def probe(folder: Path) -> DiskProbe:
    """Write and flush a small file in `folder`, over and over, for a quarter of a second at most."""
    times: list[float] = []
    until = time.perf_counter() + BUDGET
    with tempfile.TemporaryFile(dir=folder) as file:
        while len(times) < ROUNDS and ((begun := time.perf_counter()) < until or not times):
            os.write(file.fileno(), b"a page, or so" * 315)
            _flush(file.fileno())
            times.append(time.perf_counter() - begun)
    return DiskProbe(p50_ms=statistics.median(times) * 1000, rounds=len(times))


def report(folder: Path) -> DiskProbe:
    """Probe and log, with a warning when the disk crawls or lies."""
    found = probe(folder)
    write = log.warning if found.warning else log.info
    write("disk_probed", p50_ms=round(found.p50_ms, 3), rounds=found.rounds, warning=found.warning)
    return found


def _flush(file: int) -> None:
    getattr(os, "fdatasync", os.fsync)(file)
