"""The commands of a checkout: what a stranger sees on a machine that lacks something."""

import os
import subprocess
from pathlib import Path

from tests.house import tree


def shell(script: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HAMEAU", "CI", "PYTEST"))
    }
    return subprocess.run(
        ["bash", "-c", script],
        cwd=tree.ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_without_python_i_am_told_the_one_line_to_type() -> None:
    said = shell(". bin/_environment; venv=/nonexistent; make_venv", HAMEAU_PYTHON="no-such-python")
    assert said.returncode == 1
    assert "Hameau needs Python 3.11 or newer" in said.stderr
    assert "apt-get install -y python3-venv" in said.stderr


def test_without_venv_i_am_told_the_one_line_to_type(tmp_path: Path) -> None:
    python = tmp_path / "python-without-venv"
    python.write_text('#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\nexit 0\n')
    python.chmod(0o755)
    said = shell(
        "PATH=/usr/bin:/bin; . bin/_environment; venv=/nonexistent; make_venv", HAMEAU_PYTHON=str(python)
    )
    assert said.returncode == 1
    assert "its venv module is missing" in said.stderr


def test_a_moved_checkout_gets_a_new_environment(tmp_path: Path) -> None:
    moved = tmp_path / "venv"
    (moved / "bin").mkdir(parents=True)
    (moved / "bin/python").symlink_to(tree.ROOT / ".venv/bin/python")
    ask = f'. bin/_environment; venv={moved}; if is_usable; then echo keep; else echo "make anew"; fi'
    (moved / "made-at").write_text("/somewhere/else\n")
    assert shell(ask).stdout == "make anew\n"
    (moved / "made-at").write_text(f"{tree.ROOT}\n")
    assert shell(ask).stdout == "keep\n"


def test_what_is_left_out_is_said_loudly_and_fails_in_ci() -> None:
    only = "bin/test tests/house/test_laws.py::test_nothing_is_left_unfinished --noconftest -n0"
    alone = shell(only, HAMEAU_CHROMIUM="no-such-browser")
    in_ci = shell(only, HAMEAU_CHROMIUM="no-such-browser", CI="true")
    assert "!!   Browser tests: no Chromium" in alone.stdout
    assert (alone.returncode, in_ci.returncode) == (0, 1)
    assert "nothing may be left out when CI=true" in in_ci.stdout


def test_a_failing_test_fails_the_command() -> None:
    said = shell("bin/test tests/house/no_such_test.py --noconftest -n0")
    assert said.returncode == 1
    assert "bin/test: FAILED (tests)" in said.stdout


def test_measurements_are_listed_and_unknown_ones_refused() -> None:
    assert "start " in shell("bin/bench list").stdout
    assert shell("bin/bench no-such-measurement").returncode == 2


def test_continuous_integration_runs_the_same_commands() -> None:
    run = (tree.ROOT / ".ci/run").read_text(encoding="utf-8")
    for command in (
        "export CI=true",
        "\nbin/test\n",
        "\nbin/bench all --quick --json\n",
    ):
        assert command in run
