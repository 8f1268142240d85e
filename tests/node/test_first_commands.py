"""What somebody types who installs a node, in the order of the guide and in a hurry."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from node.cli import cli


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def test_an_administrator_before_any_table(folder: Path) -> None:
    assert run("init", "--url", "https://cafe.example").exit_code == 0
    assert (folder / "secrets.toml").stat().st_mode & 0o777 == 0o600
    made = run("person", "administrator", "odile@cafe.example", "--name", "Odile")
    assert made.exit_code == 0, made.output
    assert "https://cafe.example/sign-in/link/" in made.output
    assert "Odile" in run("person", "list", "--json").output


def test_the_doctor_looks_and_changes_nothing(folder: Path) -> None:
    run("init", "--url", "https://cafe.example")
    for _ in range(2):
        looked = run("check", "--json")
        assert looked.exit_code == 1
        assert "run: hameau migrate" in looked.output
    assert run("migrate").exit_code == 0
    assert "up to date" in run("check", "--json").output


def test_nothing_is_overwritten(folder: Path) -> None:
    run("init", "--url", "https://cafe.example")
    before = (folder / "secrets.toml").read_text(encoding="utf-8")
    assert run("init", "--url", "https://other.example").exit_code == 1
    assert (folder / "secrets.toml").read_text(encoding="utf-8") == before
