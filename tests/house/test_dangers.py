"""docs/protocol.md names the test behind each danger: all are there, and there are twenty-six."""

import re

from tests.house import tree

ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:tests/[\w/]+/)?test_\w+\.py)::(test_\w+)`")


def rows() -> dict[int, str]:
    text = (tree.ROOT / "docs/protocol.md").read_text(encoding="utf-8")
    return {int(number): tests for number, tests in ROW.findall(text)}


def test_every_danger_has_its_row() -> None:
    assert list(rows()) == list(range(1, 27))


def test_every_named_test_exists() -> None:
    named = [found for tests in rows().values() for found in NAMED.findall(tests)]
    missing = [f"{file}::{test}" for file, test in named if not is_there(file, test)]
    assert not missing, f"docs/protocol.md names tests that are not there: {missing}"


def is_there(file: str, test: str) -> bool:
    path = tree.ROOT / (file if "/" in file else f"tests/federation/{file}")
    return path.is_file() and re.search(rf"def {test}\b", path.read_text(encoding="utf-8")) is not None
