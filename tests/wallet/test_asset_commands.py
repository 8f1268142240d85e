"""`hameau asset …`: typed on the command line, carried out on the node's database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.settings import Settings
from kit.app import App
from kit.cli import Desk
from kit.errors import Invalid
from tests.factories.money import an_evening, open_till
from wallet.cli import cli
from wallet.service.currency_rules import CurrencyNameTaken, NoSuchCurrency, NotPrimary

Hameau = Callable[..., Result]
WHERE = "Je paie au café."


@pytest.fixture
def hameau(app: App, settings: Settings) -> Hameau:
    """The command on a node that runs."""

    def run(*words: str) -> Result:
        desk = Desk(
            settings=lambda: settings,
            open_app=lambda _settings: app,
            ask=lambda _folder, command, args: app.house.commands[command](app, args),
        )
        return CliRunner().invoke(cli, list(words), obj=desk)

    return run


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_currency_is_created_listed_archived_and_brought_back(hameau: Hameau) -> None:
    made = said(hameau("create", "Coquille", "--where", WHERE, "--symbol", "c", "--json"))
    assert (made["code"], made["nature"], made["scale"], made["archived"]) == ("coquille", "money", 2, False)
    points = hameau("create", "Bravos", "--where", WHERE, "--nature", "loyalty", "--reach", "issuer_only")
    assert "scale: 0" in points.stdout
    assert [one["code"] for one in said(hameau("list", "--json"))] == ["bravos", "coquille"]
    assert said(hameau("archive", "coquille", "--json"))["archived"] is True
    assert [one["code"] for one in said(hameau("list", "--json"))] == ["bravos"]
    assert "coquille" in hameau("list", "--archived").stdout
    assert said(hameau("archive", "coquille", "--restore", "--json"))["archived"] is False


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("create", "Or", "--where", WHERE, "--nature", "gold"), Invalid),
        (("create", "Or", "--where", WHERE, "--icon", "nothing"), Invalid),
        (("create", "Or", "--where", WHERE, "--gift-days", "3"), Invalid),
        (("create", "COQUILLE", "--where", WHERE), CurrencyNameTaken),
        (("create", "Réseau", "--where", WHERE, "--reach", "network"), NotPrimary),
        (("archive", "nothing"), NoSuchCurrency),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    hameau: Hameau, words: tuple[str, ...], refusal: type[Exception]
) -> None:
    said(hameau("create", "Coquille", "--where", WHERE, "--json"))
    answer = hameau(*words)
    assert isinstance(answer.exception, refusal)
    assert len(str(answer.exception)) > 10
    assert [one["code"] for one in said(hameau("list", "--json"))] == ["coquille"]


def test_circulation_adds_up(app: App, hameau: Hameau) -> None:
    an_evening(app, open_till(app))
    rows = {row["code"]: row for row in said(hameau("circulation", "--json"))}
    assert set(rows) == {"local", "gift", "time", "points"}
    for row in rows.values():
        assert row["issued"] + row["opening"] == row["in_wallets"] + row["taken"] + row["expired"]
    assert (rows["local"]["opening"], rows["gift"]["expired"] > 0, rows["points"]["in_wallets"]) == (
        1_999,
        True,
        12,
    )
