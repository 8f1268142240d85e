"""Loading every table of every room, so that they may be compared with a database or created in one."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from kit.db import Base

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("config", "kit", "federation", "people", "wallet", "payments", "sales", "agenda", "memberships",
          "presence", "ticketing", "pos_api", "node")  # fmt: skip
MARK = "__tablename__"


def load_models() -> None:
    """Import every module that declares a table: the one that says `__tablename__`."""
    for room in FLOORS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if MARK in path.read_text(encoding="utf-8"):
                importlib.import_module(_module(path))


def tables_by_room() -> Iterator[tuple[str, set[str]]]:
    """Each room that has tables, lower floors first, with their names."""
    load_models()
    for room in FLOORS:
        mappers = [
            mapper for mapper in Base.registry.mappers if mapper.class_.__module__.split(".")[0] == room
        ]
        if names := {table.name for mapper in mappers for table in mapper.tables}:
            yield room, names


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
