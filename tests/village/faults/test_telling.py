"""A failure on another machine brings what its nodes complained of, and what they said."""

import sqlite3
from contextlib import closing
from pathlib import Path

from node.demo.village import DemoNode
from tests.telling import LINES, logs_of, told
from tests.village.faults.nodes import Sheltered, ShelteredNode
from tests.village.faults.weather import Weather

WELL = "timestamp=1 level=info event=answered method=GET path=/actor status=200 ms=5.1\n"
REFUSED = (
    "timestamp={} level=info event=refused cause= door=federation.inbox refusal=unknown_actor status=401\n"
)


def a_node(folder: Path) -> ShelteredNode:
    folder.mkdir()
    lines = [REFUSED.format(number) + WELL for number in range(100)]
    (folder / "node.log").write_text("".join(lines))
    with closing(sqlite3.connect(folder / "node.db")) as db:
        db.execute("CREATE TABLE peer (origin TEXT, state TEXT, pulled_at TEXT)")
        db.execute("INSERT INTO peer VALUES ('http://b', 'asked', NULL)")
        db.commit()
    return ShelteredNode("grange", 1, folder)


def test_the_last_complaints_the_last_line_and_what_it_is_to_its_peers(tmp_path: Path) -> None:
    lines = told(a_node(tmp_path / "a").log).splitlines()
    assert lines[:LINES] == [REFUSED.format(number).rstrip() for number in range(100 - LINES, 100)]
    assert lines[LINES] == f"last: {WELL.rstrip()}"
    assert "peers: http://b · asked · None" in lines
    assert any(line.startswith("heard: no such table") for line in lines), "a database of another time"
    assert told(tmp_path / "node.log") == "last: it wrote nothing"


def test_nodes_are_found_in_whatever_a_fixture_gives(tmp_path: Path) -> None:
    node = a_node(tmp_path / "a")
    other = DemoNode("tournevis", 2, tmp_path / "b")
    for given in (node, [node], tmp_path, Sheltered([node], Weather(1))):
        assert list(logs_of(given)) == [node.log]
    assert list(logs_of((node, other))) == [node.log, other.log]
    assert list(logs_of("a word")) == list(logs_of(None)) == []
