"""My space: my name, my address, my data, and leaving."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from kit.app import App
from kit.auth import Principal
from people import audit
from people.identity import cookie_name
from people.models.person import ADMINISTRATOR
from tests.people.browsers import add_person, mails, person_of, sign_in

EMAIL = "camille@example.org"


def test_my_space_says_who_i_am_and_asks_my_name_once(app: App, client: TestClient) -> None:
    client.post("/sign-in", data={"email": EMAIL})
    client.post(mails(app)[0].link)
    assert "How shall we call me?" in client.get("/my").text
    client.post("/my/profile", data={"name": "Camille", "language": "en"})
    page = client.get("/my").text
    assert "Hello Camille." in page
    assert "How shall we call me?" not in page


def test_choosing_a_language_changes_the_screens(app: App, client: TestClient) -> None:
    sign_in(app, client, EMAIL)
    answer = client.post("/my/profile", data={"name": "Camille", "language": "fr"})
    assert answer.cookies["language"] == "fr"
    assert "Mon espace" in client.get("/my").text
    assert client.post("/my/profile", data={"name": "x" * 200}).status_code == 422


@pytest.mark.parametrize("way", ["code", "link"])
def test_a_new_address_counts_once_proved_and_the_old_one_is_told(
    app: App, client: TestClient, way: str
) -> None:
    person_id = sign_in(app, client, EMAIL)
    page = client.post("/my/email", data={"email": "New@example.org"}).headers["location"]
    mail = mails(app)[0]
    assert mail.to == "new@example.org"
    found = person_of(app, EMAIL)
    assert found is not None
    cookie = client.cookies[cookie_name(app.settings)]
    answer = client.post(page, data={"code": mail.code}) if way == "code" else client.post(mail.link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    moved = person_of(app, "new@example.org")
    assert moved is not None
    assert moved.id == person_id
    assert person_of(app, EMAIL) is None
    assert client.cookies[cookie_name(app.settings)] == cookie
    assert [mail.to for mail in mails(app)] == ["new@example.org", EMAIL]
    assert client.post(mail.link).status_code == 410


def test_the_link_of_a_new_address_opens_no_session(
    app: App, client: TestClient, new_client: Callable[[], TestClient]
) -> None:
    sign_in(app, client, EMAIL)
    client.post("/my/email", data={"email": "new@example.org"})
    stranger = new_client()
    assert stranger.post(mails(app)[0].link).headers["location"] == "/sign-in"
    assert stranger.get("/my").status_code == 303
    assert person_of(app, "new@example.org") is not None


def test_the_address_of_someone_else_cannot_be_taken(app: App, client: TestClient) -> None:
    add_person(app, "taken@example.org")
    sign_in(app, client, EMAIL)
    answer = client.post("/my/email", data={"email": "taken@example.org"})
    assert answer.status_code == 303  # the page does not say who is known here
    assert client.post(mails(app)[0].link).status_code == 409
    assert person_of(app, EMAIL) is not None


def test_i_take_a_copy_of_my_data(app: App, client: TestClient) -> None:
    sign_in(app, client, EMAIL, "cashier", name="Camille")
    answer = client.get("/my/data/export")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    mine = answer.json()["rooms"]["people"]
    assert (mine["name"], mine["email"], mine["roles"][0]["role"]) == ("Camille", EMAIL, "cashier")
    assert "secret" not in answer.text


def test_erasing_me_leaves_no_trace_of_me(app: App, client: TestClient) -> None:
    add_person(app, "boss@example.org", ADMINISTRATOR)
    person_id = sign_in(app, client, EMAIL, "cashier", name="Camille Zanzibar")
    client.post("/sign-in", data={"email": EMAIL})
    by = Principal(person_id, "Camille Zanzibar", EMAIL)
    app.db.write(lambda session: audit.record(session, by, "Event published", "Ball").seq)
    assert client.get("/my/data/erase").status_code == 200
    assert person_of(app, EMAIL) is not None
    answer = client.post("/my/data/erase")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/my").status_code == 303
    with app.db.read() as session:
        rows = [
            str(row)
            for table in ("person", "person_role", "person_session", "sign_in_attempt", "audit_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert any("Ball" in row for row in rows)
    assert not any("Zanzibar" in row or EMAIL in row for row in rows)


def test_erasing_waits_for_what_a_room_must_keep(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person(app, "boss@example.org", ADMINISTRATOR)
    sign_in(app, client, EMAIL)
    monkeypatch.setattr(
        "people.service.erasure.reasons_to_wait", lambda *_: ["My wallet still holds 5 euros."]
    )
    answer = client.post("/my/data/erase")
    assert answer.status_code == 409
    assert "My wallet still holds 5 euros." in answer.text
    assert "My wallet still holds 5 euros." in client.get("/my/data").text
    assert person_of(app, EMAIL) is not None
