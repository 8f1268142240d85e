"""`export`, `import`, `openapi`, `verify`: what a node holds, taken out and brought into another."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.settings import load_settings
from kit.db import Database
from node.cli import cli
from tests.factories.events import published

Run = Callable[..., Result]


def new_node(folder: Path) -> Run:
    """A node's files and tables; the `hameau` command about it."""
    config = folder / "node.toml"

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--config", str(config), *words])

    folder.mkdir()
    made = run("init", "--file", str(config), "--database", f"sqlite:///{folder}/node.db")
    assert made.exit_code == 0, made.output
    config.write_text(config.read_text("utf-8").replace('data = "var"', f'data = "{folder}/var"'), "utf-8")
    assert run("migrate").exit_code == 0
    return run


@pytest.fixture
def first(tmp_path: Path) -> Run:
    return new_node(tmp_path / "first")


@pytest.fixture
def second(tmp_path: Path) -> Run:
    return new_node(tmp_path / "second")


def write_event(tmp_path: Path, name: str) -> None:
    database = Database(load_settings(tmp_path / "first" / "node.toml").node.database)
    database.write(lambda session: published(session, name))
    database.close()


def test_events_travel_in_a_file(tmp_path: Path, first: Run, second: Run) -> None:
    write_event(tmp_path, "Soupe et contes")
    taken = first("export", "events")
    assert taken.exit_code == 0
    assert "SUMMARY:Soupe et contes" in taken.output
    file = tmp_path / "events.ics"
    file.write_bytes(taken.stdout_bytes)
    brought = second("import", "events", str(file))
    assert brought.exit_code == 0, brought.output
    database = Database(f"sqlite:///{tmp_path}/second/node.db", read_only=True)
    with database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT name, status FROM agenda_event").all()
    database.close()
    assert [tuple(row) for row in rows] == [("Soupe et contes", "draft")]


def test_a_file_that_is_none_brings_nothing(tmp_path: Path, first: Run) -> None:
    file = tmp_path / "events.ics"
    file.write_bytes(b"\x00\xff nothing to read here")
    before = first("export", "events").output
    assert first("import", "events", str(file)).exit_code != 0
    assert [line for line in first("export", "events").output.splitlines() if "DTSTAMP" not in line] == [
        line for line in before.splitlines() if "DTSTAMP" not in line
    ]


def test_prices_brought_in_are_written_in_the_journal(tmp_path: Path, first: Run) -> None:
    file = tmp_path / "products.csv"
    for text in ("name,category,prices,vat\nSoupe,À manger,4.00,10\n", "name,prices\nSoupe,4.50\n"):
        file.write_text(text, "utf-8")
        brought = first("import", "products", str(file))
        assert brought.exit_code == 0, brought.output
    assert "Soupe,À manger,4.50,10,piece" in first("export", "products").output
    assert first("verify").exit_code == 0


@pytest.mark.parametrize("word", ["export", "import"])
def test_an_unknown_kind_is_a_usage_error(first: Run, word: str) -> None:
    more = ("secrets",) if word == "export" else ("secrets", "x")
    answer = first(word, *more)
    assert answer.exit_code == 2
    assert "events" in answer.output


def test_the_document_of_the_api_is_printed(first: Run) -> None:
    document = json.loads(first("openapi").output)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/events" in document["paths"]
    assert document["servers"] == [{"url": "http://127.0.0.1:8101"}]


def test_verify_says_it_in_words_and_in_json(tmp_path: Path, first: Run) -> None:
    write_event(tmp_path, "Soupe et contes")
    told = json.loads(first("verify", "--json").output)
    assert told["ok"] is True
    assert told["first_broken"] is None
    assert first("verify").exit_code == 0
    by_address = first("verify", "--database", f"sqlite:///{tmp_path}/first/node.db", "--json")
    assert json.loads(by_address.output) == told


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    answer = CliRunner().invoke(cli, ["--config", str(tmp_path / "nowhere.toml"), "verify"])
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
