"""`hameau verify` names the first broken row, on a database that is in use."""

from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import load_settings
from kit.db import Database, migrate
from node.commands.data import run_checks
from node.new_files import write_files
from tests.factories.events import published

TAMPERED = (
    ("UPDATE agenda_event SET listed = 0", "events", "the agenda shows it and should not"),
    ("UPDATE agenda_event SET day = '2001-01-01'", "events", "another day"),
    (
        "INSERT INTO inbox_message (activity_id, content_hash, actor, type, verified, body, state, reason,"
        " attempts, received_at, next_at) VALUES ('x', 'hash', 'a', 'Create', '{}', x'7b7d', 'handled', '',"
        " 0, '2026-11-21T00:00:00.000000Z', '2026-11-21T00:00:00.000000Z')",
        "received messages",
        "not the one that was proved",
    ),
)


@pytest.fixture
def node(tmp_path: Path) -> Database:
    """A new node's database with one published event."""
    file = tmp_path / "node.toml"
    write_files(file, url="http://127.0.0.1:8197", database="sqlite:///node.db", port=8197)
    database = Database(load_settings(file).node.database, durable=False)
    migrate.upgrade(database)
    database.write(lambda session: published(session).slug)
    return database


def test_an_untouched_node_is_in_order(node: Database) -> None:
    found = run_checks(str(node.url))
    node.close()
    assert found["ok"]
    assert found["checked"]["events"] == 1


@pytest.mark.parametrize(("act", "what", "why"), TAMPERED)
def test_a_row_changed_by_hand_is_named(node: Database, act: str, what: str, why: str) -> None:
    node.write(lambda session: session.execute(text(act)).close())
    found = run_checks(str(node.url))
    node.close()
    assert not found["ok"]
    assert found["first_broken"]["what"] == what
    assert why in found["first_broken"]["why"]
