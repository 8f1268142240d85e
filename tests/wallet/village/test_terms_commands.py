"""`hameau terms …`: agreements with neighbours on the command line, carried out on the node's database."""

import json
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from config.settings import Settings
from kit.app import App
from kit.cli import Desk
from kit.errors import Invalid
from tests.factories.money import open_till
from tests.wallet.village.test_agreement_pages import HOST, accept, befriend, heard
from wallet.cli_terms import cli
from wallet.service.village_rules import NoSuchAgreement, NotInVillage


class Hameau:
    """The command on a node that runs."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._desk = Desk(
            settings=lambda: settings,
            open_app=lambda _settings: app,
            ask=lambda _folder, command, args: app.house.commands[command](app, args),
        )

    def __call__(self, *words: str) -> Any:
        result = CliRunner().invoke(cli, [*words, "--json"], obj=self._desk, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.strip().splitlines()[-1])


@pytest.fixture
def local(app: App, client: TestClient) -> UUID:
    till = open_till(app)
    befriend(app)
    return till.local


@pytest.fixture
def hameau(app: App, settings: Settings, local: UUID) -> Hameau:
    return Hameau(app, settings)


def state_of(rows: list[dict[str, Any]], code: str) -> str:
    return str(next(row["state"] for row in rows if row["code"].endswith(code)))


def test_ours_is_offered_changed_paused_and_taken_back(app: App, hameau: Hameau) -> None:
    assert state_of(hameau("list"), "/local") == "could be offered"
    made = hameau("offer", HOST, "local", "--per-tap", "12,50", "--node-max", "300")
    assert (made["per_tap"], made["node_max"], made["state"]) == (1_250, 30_000, "offered")
    again = hameau("offer", f"https://{HOST}", made["code"], "--node-max", "400")
    assert (again["per_tap"], again["node_max"]) == (1_250, 40_000)
    accept(app)
    assert state_of(hameau("list"), "/local") == "accepted"
    assert hameau("pause", HOST, "local")["state"] == "paused here"
    assert hameau("resume", HOST, "local")["state"] == "accepted"
    assert hameau("stop", HOST, "local")["state"] == "over"


def test_theirs_is_accepted_and_accepted_no_more(app: App, hameau: Hameau) -> None:
    heard(app)
    assert state_of(hameau("list"), "/epis") == "waits for us"
    assert hameau("accept", HOST, "epis")["state"] == "accepted"
    assert hameau("stop", HOST, "epis")["state"] == "waits for us"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("accept", "nobody.example", "epis"), NotInVillage),
        (("accept", HOST, "epis"), NoSuchAgreement),
        (("offer", HOST, "beans"), NoSuchAgreement),
        (("offer", HOST, "local", "--node-max", "much"), Invalid),
        (("offer", HOST, "local", "--per-tap", "100", "--node-max", "1"), Invalid),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    hameau: Hameau, words: tuple[str, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        hameau(*words)
