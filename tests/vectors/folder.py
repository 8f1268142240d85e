"""Published vectors, read from the folder named by HAMEAU_VECTORS (`../shared/vectors` by default).

They are not part of the repository. Without the folder these tests are left out and the last lines of the run
say so; with CI=true the run is refused.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("HAMEAU_VECTORS") or REPOSITORY / "../shared/vectors").resolve()
HERE = Path(__file__).resolve().parent


def is_there() -> bool:
    return FOLDER.is_dir()


@cache
def load(name: str) -> Any:
    """The data of one vector file."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def pytest_configure(config: pytest.Config) -> None:
    if not is_there() and os.environ.get("CI", "").lower() in {"true", "1"}:
        raise pytest.UsageError("the published vectors are missing: set HAMEAU_VECTORS to their folder")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    is_vector_test = collection_path.parent == HERE and collection_path.name.startswith("test_")
    return True if is_vector_test and not is_there() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not is_there():
        terminalreporter.write_sep("=", "PUBLISHED VECTORS NOT TESTED", red=True, bold=True)
        terminalreporter.write_line(
            "No folder of vectors: set HAMEAU_VECTORS. Signatures were tested against our own only."
        )
