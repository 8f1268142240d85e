"""Kill -9 at any moment: no event lost, doubled or half written."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from node.demo.steps import Evening, village_stands
from node.demo.village import DemoNode
from tests.village import storm
from tests.village.storm import Author, integrity_of, rage, shown_of, wait_for_calm
from tests.villages import village_at

ROUNDS = int(os.environ.get("HAMEAU_KILL_ROUNDS", "20"))
ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_lost_in_a_storm(tmp_path: Path) -> None:
    seed = int(os.environ.get("HAMEAU_KILL_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"HAMEAU_KILL_SEED={seed}")  # noqa: T201 - shown when the test fails, to run the same storm again
    with village_at(tmp_path) as nodes:
        village_stands(Evening(nodes))
        authors = [Author(node, number) for number, node in enumerate(nodes)]
        for author in authors:
            author.start()
        rage(nodes, ROUNDS, random.Random(seed))  # noqa: S311 - no secret here
        for author in authors:
            author.done.set()
        for author in authors:
            author.join(300)
            assert not author.is_alive()
        wait_for_calm(nodes)
        for author in authors:
            _must_hold(author)
        for node in nodes:
            assert integrity_of(node) == ["ok"]
            assert _verified(node)["ok"], node.name


def _must_hold(author: Author) -> None:
    """Every acknowledged event once, as it was last acknowledged; of the others, once or not at all."""
    assert author.refused == []
    assert len(author.known) >= min(ROUNDS, 10), "the storm must have had something to destroy"
    shown = shown_of(author.node, author.node)
    names = [name for _, name, _ in shown]
    assert len(names) == len(set(names))
    expected = {(name, status) for name, status in author.known.values() if status != "draft"}
    more = {(name, status) for _, name, status in shown} - expected
    assert {(name, status) for _, name, status in shown} >= expected
    assert more == set(), "events that nobody published"


def _verified(node: DemoNode) -> dict[str, object]:
    command = [sys.executable, "-m", "node", "verify", "--config", str(node.config), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found: dict[str, object] = json.loads(done.stdout)
    return found


LOST = [("http://a/events/1", "Orage 0 1", "published")]


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ([], "lacks"),
        ([*LOST, *LOST], "twice"),
        ([("http://a/events/1", "Orage 0 1", "cancelled")], "its owner does not"),
        ([*LOST, ("http://a/events/2", "Orage 0 2", "draft")], "its owner does not"),
    ],
)
def test_the_storm_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: list[storm.Shown], said: str
) -> None:
    owner, other = DemoNode("escargotiere", 1, tmp_path), DemoNode("grange", 2, tmp_path)
    seen = {(owner.port, owner.port): LOST, (other.port, owner.port): there}
    monkeypatch.setattr(storm, "shown_of", lambda node, of: seen.get((node.port, of.port), []))
    monkeypatch.setattr(storm, "CALM_AFTER", 0.0)
    with pytest.raises(AssertionError, match=said):
        wait_for_calm([owner, other])
