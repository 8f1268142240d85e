"""hledger adds the exported ledger up again: the same figures, and no cent may be planted."""

import csv
import os
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from kit.app import App
from tests.factories.money import an_evening, open_till
from tests.machine import hledger
from tests.wallet.exported import Balances, Written, balances, write_file
from wallet.exports.hledger import journal


@pytest.fixture
def written(app: App, tmp_path: Path) -> Written:
    """The journal of an evening."""
    an_evening(app, open_till(app))
    return write_file(app.db, journal, tmp_path / "ledger.journal")


def ask(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = hledger()
    assert program is not None, "tests.machine says when it is missing"
    command = [program, "-f", str(path), *words]
    spoken = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=spoken, check=False)


def told_by_hledger(path: Path) -> Balances:
    """Every account, with a line for each commodity."""
    answer = ask(path, "balance", "--flat", "--empty", "--no-total", "--layout=bare", "--output-format=csv")
    assert answer.returncode == 0, answer.stderr
    rows = list(csv.DictReader(answer.stdout.splitlines()))
    return {(row["account"], row["commodity"]): Decimal(row["balance"]) for row in rows}


def test_it_finds_the_same_balances(app: App, written: Written) -> None:
    strict = ask(written.path, "check", "--strict")
    assert strict.returncode == 0, strict.stderr
    found, kept = told_by_hledger(written.path), balances(app.db)
    assert {key: value for key, value in found.items() if value} == {k: v for k, v in kept.items() if v}
    assert {account for account, _ in kept} == {account for account, _ in found}


def test_a_planted_cent_in_one_posting_is_found(written: Written) -> None:
    answer = ask(written.changed('-50.00 "LOCAL"', '-50.01 "LOCAL"').path, "check")
    assert answer.returncode != 0
    assert "balance" in answer.stderr


def test_a_planted_cent_on_both_sides_is_found(written: Written) -> None:
    planted = written.changed('50.00 "LOCAL"', '50.01 "LOCAL"', times=2)
    answer = ask(planted.path, "check")
    assert answer.returncode != 0
    assert "balance assertion" in answer.stderr


def test_a_transaction_that_was_taken_out_is_found(written: Written) -> None:
    pieces = written.path.read_text(encoding="utf-8").split("\n\n")
    written.path.write_text("\n\n".join([*pieces[:2], *pieces[3:]]), encoding="utf-8")
    assert ask(written.path, "check").returncode != 0


def test_a_ledger_without_a_movement_is_a_journal(app: App, tmp_path: Path) -> None:
    empty = write_file(app.db, journal, tmp_path / "empty.journal")
    assert ask(empty.path, "check", "--strict").returncode == 0
