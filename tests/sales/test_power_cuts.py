"""Tills sell at once and their processes are killed: one chain, no fork, no gap, nothing told is lost."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kit.db import Base, Database
from kit.ids import new_id
from migrations.models import load_models
from sales.journal.replay import Replay
from sales.models.journal import JournalEntry, JournalHead
from sales.verify import Walk
from tests.sales.selling_process import KEY, opened

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("HAMEAU_KILL_ROUNDS", "3"))
AT_WORK = 10
"""Sales of each till before anything is cut."""
POINTS = [str(new_id()), str(new_id())]


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on the disk of the repository, not in memory."""
    folder = ROOT / f".durability-{os.getpid()}"
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def cut(url: str, tills: int) -> set[str]:
    """Let so many processes sell, kill them in full work; what they were told."""
    names = list(zip(POINTS, "AB", strict=True))[:tills]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sales.selling_process", url, *named],
            stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for named in names
    ]  # fmt: skip
    first = [process.stdout.readline() for process in running if process.stdout for _ in range(AT_WORK)]
    time.sleep(random.uniform(0.05, 0.4))  # noqa: S311 - no secret here
    told = [line for line in first if line.endswith("\n")]
    for process in running:
        process.kill()
    for process in running:
        told += [line for line in process.stdout or () if line.endswith("\n")]
        process.wait()
    return {line.strip() for line in told}


def look_through(url: str, told: set[str]) -> None:
    """The whole chain, from its first entry to its head; every number of every series; all that was told."""
    database = Database(url, read_only=True)
    with database.read() as session:
        walk = Walk(KEY, Replay())
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).all()
        assert [why for row in rows if (why := walk.broken(row))] == []
        assert walk.broken_end(session.get(JournalHead, "real"), "real") == ""
        assert told <= {str(row.id) for row in rows}
    database.close()
    assert len(told) > 8


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_node_is_killed_while_its_tills_sell(disk: Path, dialect: str) -> None:
    load_models()
    url = f"sqlite:///{disk / 'node.db'}"
    database = opened(url)
    database.define(Base.metadata.create_all)
    database.close()
    told: set[str] = set()
    for _ in range(ROUNDS):
        told |= cut(url, 1)
        look_through(url, told)


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_two_processes_are_killed_while_both_sell(database_url: str, dialect: str) -> None:
    told: set[str] = set()
    for _ in range(max(2, ROUNDS // 2)):
        told |= cut(database_url, 2)
        look_through(database_url, told)
