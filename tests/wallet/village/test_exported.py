"""Money between nodes in the files for accounting programs: they add it up by themselves."""

from pathlib import Path

from kit.app import App
from tests.factories.money import open_till
from tests.wallet.exported import balances, write_file
from tests.wallet.test_exports import bean_check
from tests.wallet.test_hledger import ask, told_by_hledger
from tests.wallet.village.scene import play
from wallet.between.events import Confirm
from wallet.exports import beancount, hledger, table


def _evening(app: App) -> None:
    scene = play(app, open_till(app).local)
    scene.workshop.decide(Confirm(clearing=scene.asked.id, is_right=True))
    scene.workshop.asks_again(scene.asked)
    scene.workshop.sign()


def test_hledger_finds_what_neighbours_owe_and_are_owed(app: App, tmp_path: Path) -> None:
    _evening(app)
    written = write_file(app.db, hledger.journal, tmp_path / "ledger.journal")
    strict = ask(written.path, "check", "--strict")
    assert strict.returncode == 0, strict.stderr
    found, kept = told_by_hledger(written.path), balances(app.db)
    assert {key: value for key, value in found.items() if value} == {k: v for k, v in kept.items() if v}
    roots = {account.split(":X-")[0] for account, _ in found}
    assert {"Assets:Nodes", "Assets:Nodes:Settled", "Liabilities:Nodes"} <= roots


def test_beancount_and_the_table_name_each_neighbour(app: App, tmp_path: Path) -> None:
    _evening(app)
    journal = write_file(app.db, beancount.journal, tmp_path / "ledger.beancount").path.read_text()
    assert "Assets:Nodes:X-https-tournevis-example-" in journal
    assert "Liabilities:Nodes:X-https-tournevis-example-" in journal
    assert bean_check(tmp_path / "ledger.beancount").returncode == 0
    lines = write_file(app.db, table.table, tmp_path / "ledger.csv").path.read_text()
    assert "https://tournevis.example" in lines
    assert {"taking", "given_back", "charge", "settled"} <= {
        line.split(",")[3] for line in lines.splitlines()
    }
