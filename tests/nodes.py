"""Nodes for tests: the whole house over one database, asked through its real doors, without a socket."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.testclient import TestClient

from config.collective import Collective
from config.settings import NodeSettings, Settings
from kit.app import App
from kit.choices import save_choice
from kit.db import Database
from node.app import build, create_app
from node.features import FEATURES

URL = "http://127.0.0.1:8199"
SECRET = "only-for-tests-" * 3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a node on this machine."""
    place = NodeSettings(url=URL, data=str(tmp_path), allow_loopback=True, demo=False)
    return Settings(node=place, secret_key=SECRET)


@pytest.fixture
def app(db: Database, settings: Settings) -> App:
    """A node of every room, set up as a café, without its web server."""
    built = build(settings, FEATURES, db)
    db.write(lambda session: save_choice(session, Collective(name="Le Café d’essai", set_up=True)))
    return built


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    """The event loop of this test's node: without it, every request would start one of its own."""
    with start_blocking_portal() as opened:
        yield opened


@pytest.fixture
def new_client(app: App, portal: BlockingPortal) -> Callable[[], TestClient]:
    """A function that opens one more browser on the same node; each has its own cookies."""
    asgi = create_app(app.settings, FEATURES, app=app)

    def open_browser() -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
        browser = TestClient(asgi, base_url=URL, headers=headers, follow_redirects=False)
        browser.portal = portal
        return browser

    return open_browser


@pytest.fixture
def client(new_client: Callable[[], TestClient]) -> TestClient:
    """A stranger's browser."""
    return new_client()
