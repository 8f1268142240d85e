"""Sessions: how long they last, who sees them, how they end; cookies and tokens at their own doors only."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from config.settings import NodeSettings, Settings
from kit import clock
from kit.app import App
from kit.db import Database
from node.app import build, create_app
from node.features import FEATURES
from people import jobs
from people.identity import client_of, cookie_name
from people.models.person import ADMINISTRATOR
from people.models.sign_in import PersonSession
from people.queries.listing import sessions_of
from people.seen import Seen
from tests.people.browsers import add_person, mails, open_session, sign_in

EMAIL = "camille@example.org"


@pytest.mark.parametrize(
    ("days_away", "visits", "is_open"),
    [([29], False, True), ([31], False, False), ([25, 25, 25], True, True), ([25, 25, 25, 16], True, False)],
)
def test_a_session_ends_after_thirty_days_alone_or_ninety_in_all(
    app: App,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    days_away: list[int],
    visits: bool,
    is_open: bool,
) -> None:
    sign_in(app, client, EMAIL)
    moment = clock.now()
    answer = client.get("/my")
    for days in days_away:
        moment += timedelta(days=days)
        monkeypatch.setattr(clock, "_read", lambda at=moment: at)
        answer = client.get("/my")
        if visits:
            asyncio.run(jobs.write_seen(app))
    assert (answer.status_code == 200) is is_open


def test_a_visit_is_written_at_most_every_ten_minutes_and_reading_writes_nothing(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = sign_in(app, client, EMAIL)
    client.get("/my")
    assert app.ports.take(Seen).drain() == {}
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "_read", lambda: later)
    client.get("/my")
    asyncio.run(jobs.write_seen(app))
    with app.db.read() as session:
        (row,) = sessions_of(session, person_id)
        assert row.seen_at == later


def test_old_sessions_are_forgotten(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = add_person(app, EMAIL)
    open_session(app, person_id)
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "_read", lambda: later)
    open_session(app, person_id)
    jobs.forget(app)
    with app.db.read() as session:
        assert len(sessions_of(session, person_id)) == 1


def test_i_see_my_devices_and_sign_out_one_or_all_others(
    app: App, new_client: Callable[[], TestClient]
) -> None:
    here, phone, tablet = new_client(), new_client(), new_client()
    person_id = sign_in(app, here, EMAIL)
    for browser, device in ((phone, "Safari, iPhone"), (tablet, "Chrome, Android")):
        browser.cookies.set(cookie_name(app.settings), open_session(app, person_id, device))
    page = here.get("/my/sessions").text
    assert page.count("This device") == 1
    with app.db.read() as session:
        row = next(one for one in sessions_of(session, person_id) if "iPhone" in one.device)
    assert here.post(f"/my/sessions/{row.id}/end").status_code == 303
    assert [browser.get("/my").status_code for browser in (here, phone, tablet)] == [200, 303, 200]
    assert here.post("/my/sessions/end-others").status_code == 303
    assert [browser.get("/my").status_code for browser in (here, phone, tablet)] == [200, 303, 303]


def test_nobody_ends_the_session_of_someone_else(app: App, new_client: Callable[[], TestClient]) -> None:
    mine, theirs = new_client(), new_client()
    sign_in(app, mine, EMAIL, ADMINISTRATOR)
    other = sign_in(app, theirs, "other@example.org")
    with app.db.read() as session:
        (row,) = sessions_of(session, other)
    assert mine.post(f"/my/sessions/{row.id}/end").status_code == 404
    assert theirs.get("/my").status_code == 200


def test_a_cookie_opens_no_api_and_a_session_secret_is_no_token(app: App, client: TestClient) -> None:
    sign_in(app, client, EMAIL, ADMINISTRATOR)
    assert client.get("/api/v1/me").status_code == 401
    secret = client.cookies[cookie_name(app.settings)]
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "é" * 10, "a" * 5000, "%00", '"'])
def test_any_cookie_is_read_without_harm(app: App, client: TestClient, cookie: str) -> None:
    header = f"{cookie_name(app.settings)}={cookie}".encode()
    assert client.get("/my", headers={b"cookie": header}).status_code == 303


def test_over_https_the_cookie_is_bound_to_the_host(db: Database, tmp_path: Path) -> None:
    place = NodeSettings(url="https://cafe.example", data=str(tmp_path))
    app = build(Settings(node=place, secret_key="s" * 40), FEATURES, db)
    headers = {"sec-fetch-site": "same-origin"}
    browser = TestClient(
        create_app(app.settings, FEATURES, app=app),
        base_url="https://cafe.example",
        headers=headers,
        follow_redirects=False,
    )
    browser.post("/sign-in", data={"email": EMAIL})
    headers_set = browser.post(mails(app)[0].link).headers.get_list("set-cookie")
    header = next(one for one in headers_set if one.startswith("__Host-hameau="))
    assert "; secure" in header.lower()
    assert "domain" not in header.lower()
    assert browser.get("/my").status_code == 200
    gone = browser.post("/sign-out").headers.get_list("set-cookie")
    assert any(one.startswith('__Host-hameau=""') and "secure" in one.lower() for one in gone)


def test_the_cookie_is_named_after_the_port_on_loopback() -> None:
    names = {
        url: cookie_name(Settings(node=NodeSettings(url=url)))
        for url in ("http://127.0.0.1:8101", "http://localhost", "https://cafe.example")
    }
    assert list(names.values()) == ["hameau-8101", "hameau-80", "__Host-hameau"]


def test_ipv6_subscribers_are_counted_by_their_network(app: App, client: TestClient) -> None:
    class Fake:
        def __init__(self, host: str) -> None:
            self.client = host

    assert client_of(Fake("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64"  # type: ignore[arg-type]
    assert client_of(Fake("192.0.2.7")) == "192.0.2.7"  # type: ignore[arg-type]
    assert client_of(Fake("testclient")) == "testclient"  # type: ignore[arg-type]


def test_the_rows_of_sessions_hold_hashes_only(app: App) -> None:
    secret = open_session(app, add_person(app, EMAIL))
    with app.db.read() as session:
        row = session.query(PersonSession).one()
        assert len(row.secret_hash) == 32
        assert secret.encode() not in msgspec.json.encode(row.device)
