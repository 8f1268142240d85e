"""Nodes that speak about money, for the tests of how they do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.db import Database
from tests.factories.money import Till, open_till
from tests.federation.running import Running, running
from tests.people.browsers import sign_in
from tests.wallet.village.scene import Scene, play
from tests.wallet.village.talking import Talk, Talker, befriend, talker


@pytest.fixture
def talk() -> Talk:
    """The room of the node `here` that hears and speaks."""
    return Talk()


@pytest.fixture
def here(db: Database, tmp_path: Path, talk: Talk) -> Iterator[Running]:
    """A node that runs."""
    with running(db, tmp_path, rooms=(talk.feature,)) as node:
        yield node


@pytest.fixture
def stranger() -> Iterator[Talker]:
    """A node that is no peer of `here`."""
    with talker("stranger") as found:
        yield found


@pytest.fixture
def peer(here: Running) -> Iterator[Talker]:
    """A peer of `here`, which accepts whatever it is told."""
    with talker("villager") as found:
        found.reply = lambda _body: (200, found.letter(here.url), {})
        befriend(here, found.document())
        yield found


@pytest.fixture
def till(app: App) -> Till:
    return open_till(app)


@pytest.fixture
def scene(app: App, till: Till) -> Scene:
    """An evening with three neighbours, for the pages that tell of it."""
    return play(app, till.local)


@pytest.fixture
def treasurer(app: App, client: TestClient) -> TestClient:
    """Odile, signed in."""
    sign_in(app, client, "odile@example.org", "treasurer", name="Odile Marchand")
    return client
