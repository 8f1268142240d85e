"""A process that is killed in the middle of a flow does not hold up whoever asks again under its key."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.claiming import KEY, PATH, client_of
from tests.machine import ROOT

PATIENCE = 60.0


@contextmanager
def claiming(url: str, folder: Path) -> Iterator[None]:
    """Another process has claimed the key while this lasts, then it is killed."""
    command = [sys.executable, "-m", "tests.kit.claiming", url, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        assert "begun\n" in iter(process.stdout.readline, "")
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_next_process_of_a_node_takes_the_key_over_at_once(database_url: str, tmp_path: Path) -> None:
    with claiming(database_url, tmp_path):
        pass
    with client_of(database_url, tmp_path, ends=True) as client:
        assert client.post(PATH, json={}, headers=KEY).status_code == 201
        assert client.post(PATH, json={}, headers=KEY).json() == {"done": True}


@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_beside_a_process_that_lives_it_waits_and_not_after_its_death(
    database_url: str, tmp_path: Path
) -> None:
    with client_of(database_url, tmp_path, ends=True) as client:
        with claiming(database_url, tmp_path):
            for _ in range(3):
                assert client.post(PATH, json={}, headers=KEY).json()["title"] == "still under way"
        until = time.monotonic() + PATIENCE
        while client.post(PATH, json={}, headers=KEY).status_code != 201:
            assert time.monotonic() < until, "the claim of a dead process was kept"
