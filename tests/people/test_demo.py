"""The demo: links that sign in again and again, mails on a page; none of it on a real node."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest
from starlette.testclient import TestClient

from config.settings import SettingsError
from kit.app import App
from kit.mail.delivery import deliver_due
from node.app import create_app
from node.features import FEATURES
from people.demo import TEAMS, make_team
from people.models.person import ADMINISTRATOR
from people.permissions import scopes_of
from tests.nodes import URL


@pytest.fixture
def demo(app: App) -> Callable[[], TestClient]:
    """A function that opens one more browser on a demo node."""
    app.settings = msgspec.structs.replace(
        app.settings, node=msgspec.structs.replace(app.settings.node, demo=True)
    )
    asgi = create_app(app.settings, FEATURES, app=app)

    def open_browser() -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
        return TestClient(asgi, base_url=URL, headers=headers, follow_redirects=False)

    return open_browser


@pytest.mark.parametrize("key", [*TEAMS, "nobody-knows"])
def test_a_team_has_its_links_and_a_key_with_every_scope(
    app: App, demo: Callable[[], TestClient], key: str
) -> None:
    told = app.db.write(lambda session: make_team(session, key))
    assert {"api_token", "admin_sign_in", "member_sign_in", "agenda_editor_sign_in"} <= set(told)
    mine = demo().get("/api/v1/me", headers={"authorization": f"Bearer {told['api_token']}"}).json()
    assert mine["roles"] == [ADMINISTRATOR]
    assert mine["scopes"] == sorted(scopes_of(app.house))


def test_a_link_signs_in_again_and_again(app: App, demo: Callable[[], TestClient]) -> None:
    told = app.db.write(lambda session: make_team(session, "escargotiere"))
    for _ in range(3):
        browser = demo()
        assert browser.get(told["admin_sign_in"]).status_code == 200
        assert browser.get("/admin").status_code == 200
        assert browser.post(told["member_sign_in"]).headers["location"] == "/my"
        assert browser.get("/admin").status_code == 403
        assert browser.post(told["admin_sign_in"]).headers["location"] == "/admin"


def test_a_real_node_has_no_such_door(app: App, client: TestClient) -> None:
    told = app.db.write(lambda session: make_team(session, "escargotiere"))
    for path in (told["admin_sign_in"], "/demo/mails"):
        assert client.get(path).status_code == 404
    assert client.post(told["admin_sign_in"]).status_code == 404


def test_mails_are_read_on_a_page_and_as_in_a_mailbox(app: App, demo: Callable[[], TestClient]) -> None:
    browser = demo()
    assert "No mail yet" in browser.get("/demo/mails").text
    browser.post("/sign-in", data={"email": "camille@example.org"})
    asyncio.run(deliver_due(app))
    page = browser.get("/demo/mails").text
    assert "camille@example.org" in page
    address = page.split('href="/demo/mails/')[1].split('"')[0]
    mail = browser.get(f"/demo/mails/{address}")
    assert "Sign in" in mail.text
    assert "style" not in mail.text
    assert "<script" not in mail.text
    assert browser.get("/demo/mails/00000000-0000-7000-8000-000000000000").status_code == 404


def test_a_node_refuses_to_start_with_a_mail_address_it_cannot_use(app: App) -> None:
    mail = msgspec.structs.replace(app.settings.mail, url="pigeon://mail.example")
    app.settings = msgspec.structs.replace(app.settings, mail=mail)
    with pytest.raises(SettingsError, match=r"mail\.url"):
        create_app(app.settings, FEATURES, app=app)
