"""What a measurement says: figures with their reference, checks, and the machine that made them."""

import os
import platform
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct


class Result(Struct, frozen=True, omit_defaults=True):
    """One case, in milliseconds; `ratio` is ours divided by the reference. The rest is left out."""

    case: str
    database: str | None = None
    clients: int | None = None
    per_second: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    megabytes: float | None = None
    reference: str | None = None
    reference_per_second: float | None = None
    reference_p50_ms: float | None = None
    reference_megabytes: float | None = None
    ratio: float | None = None


class Report(Struct, frozen=True):
    """One measurement, whole."""

    name: str
    results: list[Result]
    checks: dict[str, bool]
    machine: dict[str, Any]

    @property
    def holds(self) -> bool:
        """Whether every check held and something was measured."""
        return bool(self.results) and all(self.checks.values())

    def as_json(self) -> str:
        """The report on one line."""
        return msgspec.json.encode(self).decode()

    def in_words(self) -> str:
        """The report for a person: a line per case, then the checks."""
        lines = [f"{self.name}"]
        lines += [f"  {_said(result)}" for result in self.results]
        lines += [f"  {'held' if held else 'BROKEN'}: {name}" for name, held in self.checks.items()]
        return "\n".join(lines)


def machine() -> dict[str, Any]:
    """What these figures depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if not facts.exists():
        return platform.processor()
    names = [
        line.partition(":")[2].strip() for line in facts.read_text().splitlines() if "model name" in line
    ]
    return names[0] if names else platform.processor()


def _said(result: Result) -> str:
    said = msgspec.to_builtins(result)
    case = said.pop("case")
    return f"{case}: " + ", ".join(f"{name} {_short(value)}" for name, value in said.items())


def _short(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
