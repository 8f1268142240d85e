"""A process dies at the moment it is told to, and nowhere else; a public node never starts like that."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings
from kit.faults import at, moment_of

ROOT = Path(__file__).resolve().parents[2]
SAID = """
from kit.faults import at
for number in range(1, 4):
    at("other")
    at("here")
    print(number, flush=True)
"""


def told(kill_at: str | None) -> tuple[str, int]:
    """What a process said before it ended, and how it ended."""
    environment = {name: value for name, value in os.environ.items() if name != "HAMEAU_KILL_AT"}
    if kill_at is not None:
        environment["HAMEAU_KILL_AT"] = kill_at
    command = [sys.executable, "-c", SAID]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.replace("\n", ""), done.returncode


@pytest.mark.parametrize(
    ("kill_at", "said", "status"),
    [
        (None, "123", 0),
        ("", "123", 0),
        ("elsewhere", "123", 0),
        ("here", "", -signal.SIGKILL),
        ("here:1", "", -signal.SIGKILL),
        ("here:3", "12", -signal.SIGKILL),
        ("here:4", "123", 0),
    ],
)
def test_it_dies_at_the_passage_it_is_told(kill_at: str | None, said: str, status: int) -> None:
    assert told(kill_at) == (said, status)


def test_a_moment_costs_nothing_when_nobody_asked() -> None:
    assert moment_of("") is at


@pytest.mark.parametrize("asked", ["here:0", "here:-1", "here:soon"])
def test_a_wrong_number_is_refused(asked: str) -> None:
    with pytest.raises(ValueError, match=r"1|int"):
        moment_of(asked)


def test_a_public_node_refuses_to_start_with_it() -> None:
    settings = {"HAMEAU_SECRET_KEY": "s" * 43, "HAMEAU_KILL_AT": "here"}
    assert load_settings(None, settings | {"HAMEAU_NODE_URL": "http://127.0.0.1:8101"}).is_loopback
    with pytest.raises(SettingsError, match="HAMEAU_KILL_AT"):
        load_settings(None, settings | {"HAMEAU_NODE_URL": "https://cafe.example"})
