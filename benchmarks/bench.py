"""What a measurement is given: how long to look, where to write, and where to put its figures."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.report import Report, Result, machine

SCALES = {"quick": 0.3, "usual": 5.0, "long": 30.0}


@dataclass(frozen=True)
class Timing:
    """How long each of some equal pieces of work took, and all of them together, in seconds."""

    each: Sequence[float]
    whole: float

    @property
    def per_second(self) -> float:
        return len(self.each) / self.whole

    def percentile_ms(self, share: float) -> float:
        """The time in milliseconds that this share (0 to 1) of the pieces did not pass."""
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    def figures(self) -> dict[str, float]:
        """The four figures of a result."""
        return {
            "per_second": self.per_second,
            "p50_ms": self.percentile_ms(0.50),
            "p95_ms": self.percentile_ms(0.95),
            "p99_ms": self.percentile_ms(0.99),
        }


@dataclass
class Bench:
    """One run of one measurement."""

    name: str
    folder: Path
    scale: str = "usual"
    results: list[Result] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long one case is looked at."""
        return SCALES[self.scale]

    def among(self, quick: Any, usual: Any, long: Any) -> Any:
        """The size of the work at this scale."""
        return {"quick": quick, "usual": usual, "long": long}[self.scale]

    def say(self, sentence: str) -> None:
        """Progress, for the person who waits."""
        sys.stderr.write(f"{self.name}: {sentence}\n")
        sys.stderr.flush()

    def add(self, case: str, **figures: Any) -> None:
        """Keep one result; figures are the fields of `Result`."""
        rounded = {
            name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()
        }
        result = msgspec.convert({"case": case} | rounded, Result)
        self.results.append(result)
        self.say(f"{case} measured")

    def compare(self, case: str, ours: Timing, reference: Timing, *, to: str, **facts: Any) -> None:
        """Keep one result that stands beside the reference called `to`."""
        ratio = ours.per_second / reference.per_second
        beside = {"reference": to, "reference_per_second": reference.per_second, "ratio": ratio}
        self.add(case, **facts, **ours.figures(), **beside)

    def check(self, name: str, held: bool) -> None:
        """Remember whether a promise held; once broken it stays broken."""
        self.checks[name] = held and self.checks.get(name, True)

    def promise(self, name: str, held: bool) -> None:
        """A figure that was promised. A quick look is too short to judge it, and says nothing of it."""
        if self.scale == "quick":
            self.say(f"not judged by a quick look: {name}")
        else:
            self.check(name, held)

    def report(self) -> Report:
        """Everything that was found."""
        return Report(self.name, self.results, self.checks, machine())


def repeat(work: Callable[[], object], seconds: float, *, at_least: int = 3) -> Timing:
    """Do `work` again and again for about `seconds`, after one time that does not count."""
    work()
    each: list[float] = []
    started = time.perf_counter()
    while (before := time.perf_counter()) - started < seconds or len(each) < at_least:
        work()
        each.append(time.perf_counter() - before)
    return Timing(each, time.perf_counter() - started)


def timed(pieces: Iterable[Callable[[], object]]) -> Timing:
    """Do each piece of work once."""
    each: list[float] = []
    started = time.perf_counter()
    for work in pieces:
        before = time.perf_counter()
        work()
        each.append(time.perf_counter() - before)
    return Timing(each, time.perf_counter() - started)
