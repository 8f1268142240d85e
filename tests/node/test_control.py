"""The control socket: a command reaches the node that runs."""

import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Conflict
from node.control import SOCKET, ControlServer, NodeRefused, ask, ask_running


def double(args: dict[str, Any]) -> dict[str, Any]:
    return {"value": args["value"] * 2}


def refuse(_: dict[str, Any]) -> dict[str, Any]:
    raise Conflict("I cannot book twice.")


def crash(_: dict[str, Any]) -> dict[str, Any]:
    raise LookupError("a secret of the house")


HANDLERS = {"double": double, "refuse": refuse, "crash": crash}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ControlServer]:
    running = ControlServer(tmp_path, HANDLERS)
    yield running
    running.close()


@pytest.mark.usefixtures("server")
def test_a_command_is_answered(tmp_path: Path) -> None:
    assert ask(tmp_path, "double", {"value": 21}) == {"value": 42}


@pytest.mark.usefixtures("server")
def test_only_its_owner_may_come_in(tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("command", "name", "sentence"),
    [
        ("refuse", "conflict", "I cannot book twice."),
        ("crash", "internal", "The running node cannot do this."),
        ("fly", "not_found", "No such command: fly"),
    ],
)
def test_a_refusal_comes_back_by_name(tmp_path: Path, command: str, name: str, sentence: str) -> None:
    with pytest.raises(NodeRefused) as refused:
        ask(tmp_path, command)
    assert (refused.value.cause, refused.value.sentence) == (name, sentence)


def test_nobody_answers_when_no_node_runs(tmp_path: Path) -> None:
    assert ask_running(tmp_path, "double", {"value": 1}) is None


def test_a_socket_left_by_a_killed_node_is_replaced(tmp_path: Path) -> None:
    left = ControlServer(tmp_path, HANDLERS)
    left.shutdown()
    left.server_close()  # as after a kill: the file stays, nobody listens
    assert ask_running(tmp_path, "double", {"value": 1}) is None
    again = ControlServer(tmp_path, HANDLERS)
    assert ask_running(tmp_path, "double", {"value": 1}) == {"value": 2}
    again.close()
    assert not (tmp_path / SOCKET).exists()


def test_a_second_process_stands_by(server: ControlServer, tmp_path: Path) -> None:
    second = ControlServer(tmp_path, {})
    assert not second.is_serving
    second.close()
    assert ask(tmp_path, "double", {"value": 3}) == {"value": 6}
    assert server.is_serving


def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("far" * 30) / ("away" * 20)
    folder.mkdir(parents=True)
    server = ControlServer(folder, HANDLERS)
    assert ask(folder, "double", {"value": 4}) == {"value": 8}
    server.close()


def test_several_commands_at_once(server: ControlServer, tmp_path: Path) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(ask(tmp_path, "double", {"value": n})["value"]))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [n * 2 for n in range(8)]
