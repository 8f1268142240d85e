"""What was acknowledged is there after kill -9. On a real disk, with every flush."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from kit.db import Database
from tests.kit.db.notes import NOTE, make, texts

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 3
AT_WORK = 10
"""Answers before anything is cut."""
WRITE = """
import sys, threading
from kit.db import Database
from tests.kit.db.notes import add
db, start = Database(sys.argv[1]), sys.argv[2]
lock = threading.Lock()
def payer(name):
    for n in range(10**9):
        answer = db.write(add(f"{start}-{name}-{n}"))
        with lock:
            print(answer, flush=True)
for name in range(8):
    threading.Thread(target=payer, args=(name,)).start()
"""


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on the disk of the repository, not in memory."""
    folder = ROOT / f".durability-{os.getpid()}"
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def acknowledged_before_kill(url: str, start: int) -> set[str]:
    """Let a process write with eight payers, kill it in full work, return what it was told is kept."""
    command = [sys.executable, "-c", WRITE, url, str(start)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if process.stdout is None:
        raise RuntimeError("no output to read")
    first = [process.stdout.readline() for _ in range(AT_WORK)]
    time.sleep(0.05 + start * 0.03)
    process.send_signal(signal.SIGKILL)
    lines = [*first, *process.stdout]
    process.wait()
    return {line.strip() for line in lines if line.endswith("\n")}


def test_kill_loses_nothing_that_was_acknowledged(disk: Path) -> None:
    url = f"sqlite:///{disk / 'node.db'}"
    make(Database(url)).close()
    acknowledged: set[str] = set()
    for start in range(ROUNDS):
        acknowledged |= acknowledged_before_kill(url, start)
        db = Database(url)
        assert acknowledged <= set(texts(db))
        with db.read() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.close()
    assert len(acknowledged) > ROUNDS * 8


def test_each_commit_is_flushed(disk: Path) -> None:
    db = make(Database(f"sqlite:///{disk / 'node.db'}"))
    modes = db.write(
        lambda session: [
            session.scalar(text(f"PRAGMA {name}"))
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "recursive_triggers",
                "trusted_schema",
            )
        ]
    )
    assert modes == ["wal", 2, 1, 1, 0]
    with db.read() as session:
        assert session.scalar(text("PRAGMA query_only")) == 1
        assert session.scalars(select(NOTE.c.seq)).all() == []
    db.close()
