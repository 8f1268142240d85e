"""Keys for programs: shown once, limited to their scopes and to their person, taken back at will."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from people.commands import COMMANDS
from people.models.person import ADMINISTRATOR
from people.permissions import scopes_of
from tests.people.browsers import add_person, sign_in

BOSS = "odile@example.org"


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    sign_in(app, client, BOSS, ADMINISTRATOR, name="Odile")
    return client


def make(app: App, scopes: list[str], **more: object) -> str:
    return str(COMMANDS["person.token"](app, {"email": BOSS, "scopes": scopes, **more})["token"])


def me(client: TestClient, token: str) -> int:
    return client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code


def test_a_key_is_made_shown_once_and_kept_as_a_hash(app: App, office: TestClient) -> None:
    person_id = add_person(app, BOSS)
    scope = sorted(scopes_of(app.house))[0]
    answer = office.post(
        "/admin/tokens", data={"name": "Our site", "person": str(person_id), "scopes": scope, "expires": ""}
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found = re.search(r"hameau_[\w-]{43}", answer.text)
    assert found
    assert me(office, found.group()) == 200
    page = office.get("/admin/tokens").text
    assert "Our site" in page
    assert found.group() not in page
    with app.db.read() as session:
        rows = [
            str(row)
            for table in ("api_token", "audit_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert not any(found.group() in row for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"scopes": "moon:write"}, {"expires": "2001-01-01"}, {"person": "x"}],
)
def test_a_wrong_key_is_refused_beside_its_field(
    app: App, office: TestClient, wrong: dict[str, object]
) -> None:
    scope = sorted(scopes_of(app.house))[0]
    good = {"name": "Site", "person": str(add_person(app, BOSS)), "scopes": scope}
    answer = office.post("/admin/tokens", data=good | wrong)
    assert answer.status_code == 422
    assert "hameau_" not in answer.text


def test_the_api_says_whom_a_key_speaks_for(app: App, office: TestClient) -> None:
    token = make(app, ["*"])
    told = office.get("/api/v1/me", headers={"authorization": f"bearer {token}"}).json()
    assert (told["email"], told["roles"]) == (BOSS, [ADMINISTRATOR])
    assert told["scopes"] == sorted(scopes_of(app.house))


def test_a_key_stops_when_taken_back_over_or_its_person_archived(
    app: App, office: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = make(app, ["*"]), make(app, ["*"], days=1), make(app, ["*"])
    assert [me(office, token) for token in (first, second, third)] == [200, 200, 200]
    revoke = re.findall(r"/admin/tokens/[\w-]+/revoke", office.get("/admin/tokens").text)
    office.post(revoke[0])
    assert [me(office, token) for token in (first, second, third)].count(401) == 1
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "_read", lambda: later)
    assert me(office, second) == 401
    other = add_person(app, "second@example.org", ADMINISTRATOR)
    assert other
    boss = add_person(app, BOSS)
    office.post(f"/admin/people/{boss}/archive")
    assert [me(office, token) for token in (first, second, third)] == [401, 401, 401]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer x y", "Bearer hameau_é"])
def test_any_authorization_header_is_read_without_harm(client: TestClient, header: str) -> None:
    answer = client.get("/api/v1/me", headers={b"authorization": header.encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_opens_no_page(app: App, office: TestClient, new_client: Callable[[], TestClient]) -> None:
    headers = {"authorization": f"Bearer {make(app, ['*'])}"}
    for page in ("/my", "/admin/people"):
        assert new_client().get(page, headers=headers).status_code == 303


def test_the_scope_that_shows_drafts_can_be_given(app: App, client: TestClient) -> None:
    add_person(app, BOSS, ADMINISTRATOR)
    made = COMMANDS["person.token"](app, {"email": BOSS, "scopes": ["events:read"]})
    headers = {"authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/events?status=draft").status_code == 401
    assert client.get("/api/v1/events?status=draft", headers=headers).status_code == 200
    assert client.post("/api/v1/tags", json={"name": "Jouer"}, headers=headers).status_code == 403
