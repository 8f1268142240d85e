"""An operator changes the node's keys; a villager that pinned the old ones follows the statement."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import load_settings
from federation.keys import open_keys
from federation.rotation import follow
from kit import clock
from node.cli import cli
from node.new_files import write_files

RUN = CliRunner()


@pytest.fixture
def node(tmp_path: Path) -> Path:
    file = tmp_path / "node.toml"
    write_files(file, url="http://127.0.0.1:8196", database="sqlite:///node.db", port=8196)
    return file


def told(node: Path, *words: str) -> str:
    answer = RUN.invoke(cli, ["--config", str(node), "keys", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_new_keys_are_vouched_for_by_the_old_ones(node: Path) -> None:
    told(node, "show")
    settings = load_settings(node)
    before = open_keys(settings.data, settings.secret_key, clock.now())
    assert "other nodes are told" in told(node, "rotate")
    after = open_keys(settings.data, settings.secret_key, clock.now())
    assert after.current.fingerprint != before.current.fingerprint
    assert after.current.fingerprint in told(node, "show")
    document = {"id": "http://127.0.0.1:8196/actor", "vil:rotations": list(after.rotations)}
    reached = follow(frozenset(before.current.public), document, clock.now())
    assert reached == frozenset(after.current.public)
