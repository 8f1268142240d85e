"""The files of the checkout, as the laws of the house look at them."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {"var", "dist", "build", "node_modules", "__pycache__", "test-results"}
TEXT = {
    *(
        ".py",
        ".md",
        ".toml",
        ".html",
        ".txt",
        ".xml",
        ".css",
        ".js",
        ".json",
        ".svg",
        ".po",
        ".sh",
        ".yml",
        ".yaml",
    ),
    *(".mako", ".cfg", ".ini", ""),
}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, without caches, environments and the demo's data."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        is_hidden = path.name.startswith(".") and path.name not in {".ci", ".gitignore"}
        if is_hidden or path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def named(path: Path) -> str:
    """The path as people write it, from the root."""
    return path.relative_to(ROOT).as_posix()


def under(*folders: str, suffix: str) -> list[Path]:
    """Files with this suffix inside these top-level folders."""
    return [path for path in files() if path.suffix == suffix and _top(path) in folders]


def texts() -> list[Path]:
    """Files that people read and write."""
    return [path for path in files() if path.suffix in TEXT]


@cache
def packages() -> tuple[str, ...]:
    """Top-level Python packages, by name."""
    return tuple(
        sorted(_top(path) for path in files() if path.parent.parent == ROOT and path.name == "__init__.py")
    )


def product() -> list[Path]:
    """The Python files that run in a node: packages, without tests and measurements."""
    rooms = [name for name in packages() if name not in {"tests", "benchmarks"}]
    return under(*rooms, suffix=".py")


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=named(path))


@cache
def lines(path: Path) -> int:
    """How many lines a file has."""
    return path.read_bytes().count(b"\n")


@cache
def pyproject() -> dict[str, Any]:
    """The project's one configuration file."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _top(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]
