"""One process owns a SQLite node."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit.db import AlreadyRunning, Database

HOLD = """
import sys, time
from kit.db import Database
Database(sys.argv[1], durable=False)
print("open", flush=True)
time.sleep(60)
"""


def hold(url: str) -> "subprocess.Popen[str]":
    """Another process that owns the database until it is killed."""
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True, cwd=root)
    if process.stdout is None or process.stdout.readline() != "open\n":
        raise RuntimeError("the other process did not open the database")
    return process


def test_a_second_owner_is_refused_by_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'node.db'}"
    other = hold(url)
    with pytest.raises(AlreadyRunning) as refused:
        Database(url, durable=False)
    assert str(other.pid) in refused.value.cause
    Database(url, read_only=True).close()
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    Database(url, durable=False).close()


def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'node.db'}"
    first = Database(url, durable=False)
    with pytest.raises(AlreadyRunning):
        Database(url, durable=False)
    first.close()
    Database(url, durable=False).close()


def test_a_node_lives_in_a_file() -> None:
    with pytest.raises(ValueError, match="file"):
        Database("sqlite://")
