"""Loading every table of every room, so that they may be compared with a database or created in one."""

import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = tuple(path.parent.name for path in sorted(ROOT.glob("*/__init__.py")))
NOT_ROOMS = frozenset({"migrations", "tests", "benchmarks"})
MARK = "__tablename__"


def load_models() -> None:
    """Import every module that declares a table: the one that says `__tablename__`."""
    for room in ROOMS:
        if room not in NOT_ROOMS:
            for path in sorted((ROOT / room).rglob("*.py")):
                if MARK in path.read_text(encoding="utf-8"):
                    importlib.import_module(_module(path))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
