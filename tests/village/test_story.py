"""`bin/demo --story` holds, says each step with its duration, and its steps fail on a broken village."""

import re
from collections.abc import Iterator

import pytest

from node.demo import forgery, steps, story
from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.steps import Evening
from node.demo.story import STEPS
from node.demo.village import DemoNode, DemoTrouble, start_all, stop_all
from node.new_files import write_files


def test_the_story_holds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(steps, "SOON", steps.LATE)  # how quick this machine is proves nothing
    assert story.tell_story(3) == 0
    told = capsys.readouterr().out.splitlines()
    lines = [line for line in told if re.match(r"✓ +\d+\.\d\d s  ", line)]
    assert [line.partition(" s  ")[2] for line in lines] == [
        "four nodes of two villages start",
        *(title for title, _ in STEPS),
    ]


def test_a_step_that_does_not_hold_ends_the_story(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_evening: Evening) -> None:
        raise DemoTrouble("the lights went out")

    monkeypatch.setattr(story, "STEPS", (("the lights stay on", fails),))
    assert story.tell_story(3) == 1
    told = capsys.readouterr()
    assert "the lights went out" in told.err
    assert "The story holds" not in told.out


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[DemoNode]]:
    """Three nodes that know nothing of each other: a village whose signed messages are all broken."""
    folder, base = tmp_path_factory.mktemp("strangers"), free_port_base(3)
    nodes = [
        DemoNode(key, base + index, folder / key)
        for index, key in enumerate(("escargotiere", "grange", "tournevis"))
    ]
    for node in nodes:
        write_files(node.config, url=node.url, database="sqlite:///node.db", port=node.port)
        text = node.config.read_text(encoding="utf-8")
        node.config.write_text(text.replace('data = "var"', 'data = "."\ndemo = true'), encoding="utf-8")
        fill(node)
    try:
        start_all(nodes)
        yield nodes
    finally:
        stop_all(nodes)


@pytest.mark.parametrize("name", ["village_stands", "publish", "change", "cancel", "sleep_and_catch_up"])
def test_each_step_fails_without_federation(
    strangers: list[DemoNode], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(steps, "SOON", 0.3)
    monkeypatch.setattr(steps, "LATE", 0.3)
    evening = Evening(strangers)
    evening.event = steps.new_event(evening.a, f"{steps.NAME} {name}", days=9)
    with pytest.raises(DemoTrouble, match="not seen within"):
        getattr(steps, name)(evening)


def test_a_lost_database_that_nobody_refills_is_noticed(
    strangers: list[DemoNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "LATE", 0.3)
    shown = {("http://127.0.0.1", "http://127.0.0.1/events/1", "Ce que C savait", "published")}
    seen = iter([shown, shown])
    monkeypatch.setattr(steps, "received", lambda _node: next(seen, set()))
    with pytest.raises(DemoTrouble, match="'s agenda as before"):
        steps.lose_and_refill(Evening(strangers[:2], strangers[2:]))


def test_an_attack_that_gets_through_is_noticed(
    strangers: list[DemoNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgery, "ATTACKS", (("a welcome message", lambda _victim, _target: 202),))
    with pytest.raises(DemoTrouble, match="answered 202 to a welcome message"):
        steps.attacks(Evening(strangers))


def test_an_attack_that_changes_something_is_noticed(
    strangers: list[DemoNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sly(_victim: DemoNode, target: DemoNode) -> int:
        steps.new_event(target, "Une chose fausse", days=11)
        return 401

    monkeypatch.setattr(forgery, "ATTACKS", (("a sly message", sly),))
    with pytest.raises(DemoTrouble, match="changed"):
        steps.attacks(Evening(strangers))
