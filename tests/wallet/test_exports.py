"""The ledger as files: beancount and a plain table add it up again to the same figures."""

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from kit.app import App
from tests.factories.money import an_evening, open_till
from tests.wallet.exported import Balances, Written, balances, write_file
from wallet.exports import beancount
from wallet.exports.kinds import EXPORTS
from wallet.exports.names import Standing, account_name, amount_text, commodity, one_line
from wallet.exports.table import COLUMNS, table

ADDED_UP = """
import json, sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
accounts = realization.iter_children(realization.realize(entries))
found = [(real.account, position.units.currency, str(position.units.number))
         for real in accounts for position in real.balance]
print(json.dumps({"found": found, "errors": [str(error.message) for error in errors]}))
"""


@pytest.fixture
def written(app: App, tmp_path: Path) -> Written:
    """The journal of an evening, for beancount."""
    an_evening(app, open_till(app))
    return write_file(app.db, beancount.journal, tmp_path / "ledger.beancount")


def added_up(path: Path) -> tuple[Balances, list[str]]:
    """What beancount itself finds in each account, and what it complains about."""
    answer = subprocess.run(
        [sys.executable, "-c", ADDED_UP, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(answer.stdout)
    return {(account, unit): Decimal(number) for account, unit, number in told["found"]}, told["errors"]


def bean_check(path: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("bean-check")
    return subprocess.run([program, str(path)], capture_output=True, text=True, timeout=60, check=False)


def test_beancount_finds_the_same_balances(app: App, written: Written) -> None:
    checked = bean_check(written.path)
    assert checked.returncode == 0, checked.stderr
    found, errors = added_up(written.path)
    assert not errors
    assert found == {key: value for key, value in balances(app.db).items() if value}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("times", "said"), [(1, "does not balance"), (2, "Balance failed")])
def test_beancount_finds_a_planted_cent(written: Written, times: int, said: str) -> None:
    planted = written.changed("50.00 LOCAL", "50.01 LOCAL", times)
    checked = bean_check(planted.path)
    assert checked.returncode != 0
    assert said in checked.stderr


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_wrong_last_balance_is_found(written: Written) -> None:
    """Beancount forgives a cent in its balances unless it is told not to."""
    text = written.path.read_text(encoding="utf-8")
    line = next(
        line for line in text.splitlines() if " balance Income:Sales:Main" in line and "LOCAL" in line
    )
    amount = line.split()[3]
    off = str(Decimal(amount) + Decimal("0.01"))
    assert bean_check(written.changed(line, line.replace(amount, off)).path).returncode != 0


def test_the_table_adds_up_to_the_same_balances(app: App) -> None:
    told = an_evening(app, open_till(app))
    with app.db.read() as session:
        text = b"".join(table(session)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    found: Balances = defaultdict(Decimal)
    for row in rows:
        for side, sign in (("debit", 1), ("credit", -1)) if row["op"] == "transfer" else ():
            place = Standing(row[f"{side}_kind"], row[side], row[f"{side}_lot"])
            found[account_name(place), commodity(row["currency"])] += sign * Decimal(row["amount"])
    assert found == balances(app.db)
    (no,) = [row for row in rows if row["verdict"] == "declined"]
    assert (no["id"], no["why"], no["amount"]) == (str(told["no"].id), "insufficient", "")
    assert {row["id"] for row in rows} == {str(receipt.id) for receipt in told.values()}
    assert {row["labels"] for row in rows if row["id"] == str(told["spend"].id)} == {
        "Café “allongé” · =Soupe\nà l’oignon"
    }


def test_days_are_those_of_the_collective(app: App, written: Written) -> None:
    text = written.path.read_text(encoding="utf-8")
    assert '2026-11-21 * "refund' in text, "one in the morning in Paris is the next day"
    assert 'reason: "Trop salé"' in text


def test_nothing_written_is_a_file_too(app: App, tmp_path: Path) -> None:
    for export in EXPORTS:
        written = write_file(app.db, export.run, tmp_path / export.kind)
        assert written.path.read_bytes()
    assert bean_check(tmp_path / "beancount").returncode == 0


def test_names_of_accounts_and_currencies_are_those_that_both_programs_read() -> None:
    assert account_name(Standing("issuance", "main")) == "Equity:Issuance:Main"
    odd = account_name(Standing("opening", "Fête d’été: 2025"))
    assert odd.startswith("Equity:Opening:X-Fete-d-ete-2025-")
    assert account_name(Standing("wallet", "c0ffee", "ab12")) == "Liabilities:Wallets-Lots:C0ffee:Ab12"
    twins = {account_name(Standing("opening", owner)) for owner in ("été", "ete", "Ete", "e-te", "é t é")}
    assert len(twins) == 5
    assert commodity("local-2") == "LOCAL-2"
    odd_codes = ["2026", "x", "true", "local_2", "a" * 40, "a" * 39 + "b"]
    codes = {commodity(code) for code in odd_codes}
    assert len(codes) == len(odd_codes)
    assert all(len(code) <= 24 and code[0].isalpha() for code in codes)


def test_amounts_and_words_are_exact_and_harmless() -> None:
    assert [amount_text(n, 2) for n in (1850, -5, 0)] == ["18.50", "-0.05", "0.00"]
    assert (amount_text(12, 0), amount_text(-1, 6)) == ("12", "-0.000001")
    assert one_line('a; b | "c" \\ d,\n\x07e') == "a b c d e"
