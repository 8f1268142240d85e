"""The money steps of the story notice what is wrong: a payment that passes, another answer, a false row."""

import sqlite3
from collections.abc import Iterator

import pytest

from node.demo import cards, money_steps, power_cut, purse
from node.demo.asking import send
from node.demo.browsing import Visit
from node.demo.filling import fill
from node.demo.ports import free_port_base
from node.demo.steps import Evening
from node.demo.village import DemoNode, DemoTrouble, make_nodes

COFFEE = {"lines": [{"label": "Café", "amount": 120}], "payers": [{"tap": {"number": "BAFMJK67"}}]}


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoNode]:
    """The node that holds the network currency, by itself."""
    village = make_nodes(tmp_path_factory.mktemp("money"), free_port_base(3), 3)
    node = village[2]
    fill(node)
    node.start()
    try:
        node.wait_until_ready()
        yield node
    finally:
        node.stop()


def test_a_payment_that_should_be_refused_is_noticed(primary: DemoNode) -> None:
    with pytest.raises(DemoTrouble, match="should be refused as card_lost"):
        purse.refused(primary, "/spends", COFFEE, "not-lost", "card_lost")


def test_a_refusal_by_another_name_is_noticed(primary: DemoNode) -> None:
    lost = {**COFFEE, "payers": [{"tap": {"number": "VGVV769T"}}]}
    purse.refused(primary, "/spends", lost, "lost", "card_lost")
    with pytest.raises(DemoTrouble, match="should be refused as insufficient"):
        purse.refused(primary, "/spends", lost, "lost", "insufficient")


def test_a_form_that_is_gone_is_noticed(primary: DemoNode) -> None:
    office = Visit(primary, "admin_sign_in")
    office.open("/admin/money/currencies")
    with pytest.raises(DemoTrouble, match="no form to /admin/money/currencies/nowhere"):
        office.send("/admin/money/currencies/nowhere", {})


def test_a_member_cannot_play_the_treasurer(primary: DemoNode) -> None:
    with pytest.raises(DemoTrouble, match="/admin/money/currencies answered 403"):
        Visit(primary, "member_sign_in").open("/admin/money/currencies")


def test_the_cards_of_the_command_say_what_they_hold(primary: DemoNode) -> None:
    told = cards.cards_of(primary)
    assert {"uid", "number", "qr_url", "home", "balances"} <= set(told[0])
    assert {card["home"] for card in told} == {primary.url}
    held = {card["number"]: card["balances"] for card in told}
    assert held["8PQNV88Q"]["monnaie-globale"] > 0
    assert len(cards.in_words(primary)) == len(told)
    assert all(send("GET", card["qr_url"]).status_code == 200 for card in told)


def test_an_answer_that_changed_during_the_cut_is_noticed(
    primary: DemoNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(node: DemoNode, _number: str) -> tuple[set[str], dict[str, bytes]]:
        node.stop()
        return {"power-cut-0-0"}, {"power-cut-0-0": b"what was answered"}

    monkeypatch.setattr(power_cut, "_pay_until_the_cut", cut)
    asset = purse.currencies(primary)["monnaie-globale"]
    with pytest.raises(DemoTrouble, match="the answer to power-cut-0-0 after the cut"):
        power_cut.payments_survive(primary, "8PQNV88Q", asset)


def test_a_false_row_is_noticed(primary: DemoNode) -> None:
    primary.stop()
    with sqlite3.connect(primary.folder / "node.db") as forger:
        guarding = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_account'"
        triggers = [name for (name,) in forger.execute(guarding)]
        for name in triggers:
            forger.execute(f"DROP TRIGGER {name}")
        forger.execute("UPDATE ledger_account SET credits = credits + 100 WHERE kind = 'wallet'")
    with pytest.raises(DemoTrouble, match=r"hameau verify answered 1.*ledger_account"):
        money_steps.verify(Evening([primary]))
