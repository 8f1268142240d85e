"""`hameau person …`: typed on the command line, carried out on the node's database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from config.settings import Settings
from kit import clock
from kit.app import App
from kit.cli import Desk
from kit.errors import Invalid, NotFound
from people.cli import cli
from people.commands import COMMANDS
from people.models.person import ADMINISTRATOR, ROLES
from people.permissions import scopes_of
from people.refusals import AddressTaken, LastAdministrator, UnknownScope
from people.service import persons
from tests.people.browsers import person_of

EMAIL = "odile@example.org"


@pytest.fixture
def hameau(app: App, settings: Settings) -> Callable[..., Result]:
    """The command, reaching this node as it reaches one that runs."""

    def run(*words: str) -> Result:
        desk = Desk(
            settings=lambda: settings,
            open_app=lambda _settings: app,
            ask=lambda _folder, command, args: app.house.commands[command](app, args),
        )
        return CliRunner().invoke(cli, list(words), obj=desk)

    return run


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_person_is_added_and_listed(hameau: Callable[..., Result]) -> None:
    row = told(hameau("add", "Odile@Example.org", "--name", "Odile", "--role", ADMINISTRATOR, "--json"))
    assert (row["email"], row["roles"]) == (EMAIL, [ADMINISTRATOR])
    assert told(hameau("list", "odile", "--role", ADMINISTRATOR, "--json")) == [row]
    assert told(hameau("list", "--archived", "--json")) == []
    assert EMAIL in hameau("list").stdout


def test_roles_are_given_and_taken(hameau: Callable[..., Result]) -> None:
    hameau("add", EMAIL)
    row = told(hameau("role", EMAIL, "--give", "treasurer", "--give", "cashier", "--json"))
    assert row["roles"] == [role for role in ROLES if role in {"treasurer", "cashier"}]
    assert told(hameau("role", EMAIL, "--take", "cashier", "--json"))["roles"] == ["treasurer"]


def test_a_link_signs_in_once_without_any_mail(
    app: App, hameau: Callable[..., Result], client: TestClient
) -> None:
    hameau("add", EMAIL, "--role", ADMINISTRATOR)
    url = hameau("link", EMAIL).stdout.strip()
    path = url.removeprefix(app.settings.node.url)
    assert client.get(path).status_code == 200
    assert client.post(path).headers["location"] == "/admin"
    assert client.post(path).status_code == 410


def test_the_first_administrator_comes_in_by_one_command(
    app: App, hameau: Callable[..., Result], client: TestClient
) -> None:
    url = hameau("administrator", EMAIL, "--name", "Odile").stdout.strip()
    assert client.post(url.removeprefix(app.settings.node.url)).headers["location"] == "/admin"
    assert told(hameau("administrator", EMAIL, "--json"))["role"] == ADMINISTRATOR


def test_a_token_opens_the_api(app: App, hameau: Callable[..., Result], client: TestClient) -> None:
    hameau("add", EMAIL, "--role", ADMINISTRATOR)
    scope = sorted(scopes_of(app.house))[0]
    made = told(hameau("token", EMAIL, "--scope", scope, "--days", "3", "--json"))
    assert made["scopes"] == [scope]
    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {made['token']}"})
    assert answer.json()["scopes"] == [scope]
    assert hameau("token", EMAIL, "--scope", "*").stdout.startswith("hameau_")


@pytest.mark.parametrize(
    ("command", "args", "refusal"),
    [
        ("person.add", {"email": "x"}, Invalid),
        ("person.add", {"email": "new@example.org", "roles": ["king"]}, Invalid),
        ("person.add", {"email": EMAIL}, AddressTaken),
        ("person.role", {"email": EMAIL, "take": [ADMINISTRATOR]}, LastAdministrator),
        ("person.role", {"email": "nobody@example.org"}, NotFound),
        ("person.link", {"email": "nobody@example.org"}, NotFound),
        ("person.token", {"email": EMAIL, "scopes": ["moon:write"]}, UnknownScope),
        ("person.token", {"email": EMAIL, "scopes": []}, UnknownScope),
    ],
)
def test_refusals_are_named_and_say_what_is_wrong(
    app: App, command: str, args: dict[str, Any], refusal: type[Exception]
) -> None:
    COMMANDS["person.administrator"](app, {"email": EMAIL, "name": "Odile"})
    with pytest.raises(refusal) as caught:
        COMMANDS[command](app, args)
    assert "I correct it below" not in caught.value.sentence  # type: ignore[attr-defined]


def test_the_first_administrator_gets_a_link_and_asking_again_changes_nothing(
    app: App, client: TestClient
) -> None:
    args = {"email": EMAIL, "name": "Odile"}
    first, second = (COMMANDS["person.administrator"](app, args) for _ in range(2))
    assert first["url"] != second["url"]
    found = person_of(app, EMAIL)
    assert found is not None
    assert (found.name, set(found.roles)) == ("Odile", {ADMINISTRATOR})
    assert client.post(first["url"].removeprefix(app.settings.node.url)).status_code == 303


def test_an_archived_administrator_can_be_made_again(app: App) -> None:
    app.db.write(lambda session: persons.make_administrator(session, "Odile", EMAIL).id)
    app.db.write(lambda session: setattr(persons.find(session, EMAIL), "archived_at", clock.now()))
    app.db.write(lambda session: persons.make_administrator(session, "Other name", EMAIL).id)
    found = person_of(app, EMAIL)
    assert found is not None
    assert (found.is_archived, found.name) == (False, "Odile")
