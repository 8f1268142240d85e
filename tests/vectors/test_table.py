"""tests/README.md says, of every vector file and of every group in it, which test reads it or why none."""

import json

import pytest

from tests.vectors.folder import FOLDER, REPOSITORY, load

TABLE = (REPOSITORY / "tests/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir() if path.name != "README.md"))
def test_file_is_in_the_table(name: str) -> None:
    assert f"`{name}`" in TABLE


@pytest.mark.parametrize("group", load("fediverse-pasture-inputs.json")["inputs"])
def test_group_is_in_the_table(group: str) -> None:
    assert f"`{group}`" in TABLE


def test_files_are_json_with_their_origin() -> None:
    for path in FOLDER.glob("*.json"):
        assert {"origin", "licence"} <= set(json.loads(path.read_text(encoding="utf-8")))
