"""`hameau peer …` and `hameau village …`: typed on the command line, carried out on the node's database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from config.settings import Settings
from federation.cli import peer, village
from federation.commands import COMMANDS, NodeNotRunning
from federation.peering.service import NotAPeer
from federation.villages.service import FounderStays
from kit.app import App
from kit.cli import Desk
from kit.errors import Invalid
from tests.federation.running import Running, Stranger

Command = Callable[..., Result]


def commands(app: App, settings: Settings) -> Command:
    def run(group: Typer, *words: str) -> Result:
        desk = Desk(
            settings=lambda: settings,
            open_app=lambda _settings: app,
            ask=lambda _folder, command, args: app.house.commands[command](app, args),
        )
        return CliRunner().invoke(group, list(words), obj=desk)

    return run


def said(result: Result) -> Any:
    """The JSON value printed last; a node that runs in this process may log before it."""
    return json.loads(result.stdout.strip().splitlines()[-1])


@pytest.fixture
def hameau(app: App, settings: Settings) -> Command:
    """The command on a node that does not run."""
    return commands(app, settings)


@pytest.fixture
def running_hameau(here: Running) -> Command:
    """The command on a node that runs."""
    return commands(here.app, here.app.settings)


def test_a_village_is_founded_listed_and_kept(hameau: Command) -> None:
    assert said(hameau(village, "list", "--json")) == []
    made = said(hameau(village, "found", "Val d’Ouvette", "--charter", "Soup.", "--json"))
    assert (made["state"], made["address"].rpartition("/")[2]) == ("member", "val-d-ouvette")
    assert "Val d’Ouvette" in hameau(village, "list").stdout
    assert isinstance(hameau(village, "leave", "val-d-ouvette").exception, FounderStays)
    assert isinstance(hameau(village, "found", "…").exception, Invalid)


def test_what_needs_the_network_needs_a_running_node(hameau: Command) -> None:
    assert isinstance(hameau(peer, "invite", "https://grange.example").exception, NodeNotRunning)
    joining = hameau(village, "join", "https://grange.example/villages/val")
    assert isinstance(joining.exception, NodeNotRunning)
    assert hameau(peer, "list").stdout.strip() == "Nothing yet."


def test_a_peer_is_shown_shared_with_paused_and_stopped(running_hameau: Command, villager: Stranger) -> None:
    hameau = running_hameau
    (row,) = said(hameau(peer, "list", "--json"))
    assert (row["state"], row["gives"]) == ("active", {"agenda": {"mode": "all"}})
    shared = said(hameau(peer, "share", villager.url, "--tag", "music", "--tag", "soup", "--json"))
    assert shared["gives"] == {"agenda": {"mode": "tags", "tags": ["music", "soup"]}}
    assert said(hameau(peer, "pause", row["id"], "--json"))["state"] == "paused"
    assert said(hameau(peer, "resume", villager.actor, "--json"))["state"] == "active"
    assert "music, soup" in hameau(peer, "list").stdout
    assert said(hameau(peer, "stop", villager.url, "--json"))["state"] == "stopped"
    assert isinstance(hameau(peer, "pause", "nowhere").exception, NotAPeer)


def test_a_peer_is_invited_once_it_is_found(running_hameau: Command, someone: Stranger) -> None:
    hameau = running_hameau
    refused = hameau(peer, "invite", someone.actor)
    assert getattr(refused.exception, "name", "") == "not_a_node"
    village_scope = "https://hameau.example/ns/village/1#agenda"
    someone.documents["/actor"] = someone.document(generator={"implements": [village_scope]})
    someone.documents["/other"] = someone.document(
        id=f"{someone.url}/other", generator={"implements": [village_scope]}
    )
    told = said(hameau(peer, "invite", f"{someone.url}/other", "--json"))
    assert told["state"] == "offered"


def test_every_command_has_an_act() -> None:
    words = {f"peer.{name}" for name in ("list", "invite", "accept", "refuse", "share", "pause", "stop")}
    words |= {f"village.{name}" for name in ("list", "found", "invite", "join", "leave")}
    assert words == set(COMMANDS)
