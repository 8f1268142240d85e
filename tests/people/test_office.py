"""The office's people: found, added, given roles, archived and back; every act in the log."""

from collections.abc import Callable
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit.app import App
from people.models.person import ADMINISTRATOR, ROLES, Person
from people.queries.journal import Wanted, read_journal
from people.service import persons
from tests.people.browsers import add_person, mails, person_of, sign_in

BOSS = "odile@example.org"


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    """The browser of the only administrator."""
    sign_in(app, client, BOSS, ADMINISTRATOR, name="Odile Marchand")
    return client


def verbs(app: App) -> list[str]:
    with app.db.read() as session:
        return [entry.verb for entry in read_journal(session, Wanted()).entries]


def get(app: App, person_id: UUID) -> Person:
    with app.db.read() as session:
        return persons.get(session, person_id)


def test_people_are_found_by_words_without_accents_and_by_role(app: App, office: TestClient) -> None:
    add_person(app, "elodie@example.org", "cashier", name="Élodie Çelik")
    add_person(app, "bruno@example.net", name="Bruno 100%")
    for query, seen, unseen in (
        ("q=elodie+celik", "Élodie", "Bruno"),
        ("q=EXAMPLE.NET", "Bruno", "Élodie"),
        ("q=100%25", "Bruno", "Élodie"),
        ("role=cashier", "Élodie", "Bruno"),
        ("role=any", "Élodie", "Bruno"),
    ):
        page = office.get(f"/admin/people?{query}").text
        assert seen in page
        assert unseen not in page
    assert "Nobody matches" in office.get("/admin/people?q=zzz").text
    assert "Nobody is archived" in office.get("/admin/people?archived=true").text


def test_the_list_comes_in_pages_and_a_page_too_far_is_the_last(app: App, office: TestClient) -> None:
    for number in range(60):
        add_person(app, f"p{number:02}@example.org", name=f"Person {number:02}")
    first, last = office.get("/admin/people").text, office.get("/admin/people?page=99").text
    assert "Person 00" in first
    assert "Page 1 of 3" in first
    assert "Person 59" in last
    assert "Page 3 of 3" in last
    assert office.get("/admin/people?page=0").status_code == 422
    assert office.get("/admin/people?page=99999999999999999999").status_code == 422


def test_a_person_is_added_invited_and_comes_in_by_their_link(
    app: App, office: TestClient, new_client: Callable[[], TestClient]
) -> None:
    answer = office.post(
        "/admin/people",
        data={
            "email": "New@Example.org",
            "name": "New",
            "roles": ["agenda_editor", "cashier"],
            "invite": "on",
        },
    )
    assert answer.status_code == 303
    (mail,) = mails(app)
    assert mail.to == "new@example.org"
    assert "Odile Marchand" in mail.text
    browser = new_client()
    assert browser.post(mail.link).headers["location"] == "/admin"
    assert browser.get("/admin").status_code == 200
    assert verbs(app)[:2] == ["Role given", "Person added"]


def test_a_person_may_be_added_without_a_mail_and_only_once(app: App, office: TestClient) -> None:
    assert office.post("/admin/people", data={"email": "new@example.org"}).status_code == 303
    assert not mails(app)
    answer = office.post(
        "/admin/people", data={"email": "NEW@example.org", "name": "Twice", "roles": "kitchen"}
    )
    assert answer.status_code == 409
    assert "already uses this mail address" in answer.text
    assert 'value="Twice"' in answer.text
    assert office.post("/admin/people", data={"email": "x", "roles": "king"}).status_code == 422
    assert office.post("/admin/people", data={"email": "x@example.org", "roles": "king"}).status_code == 422
    assert person_of(app, "x@example.org") is None


def test_roles_are_exactly_those_ticked_and_count_at_once(
    app: App, office: TestClient, new_client: Callable[[], TestClient]
) -> None:
    browser = new_client()
    person_id = sign_in(app, browser, "lou@example.org")
    assert browser.get("/admin/people").status_code == 403
    office.post(f"/admin/people/{person_id}/roles", data={"roles": [ADMINISTRATOR, "treasurer"]})
    assert browser.get("/admin/people").status_code == 200
    office.post(f"/admin/people/{person_id}/roles", data={"roles": "treasurer"})
    assert browser.get("/admin/people").status_code == 403
    assert get(app, person_id).roles == {"treasurer"}
    office.post(f"/admin/people/{person_id}/roles", data={})
    assert get(app, person_id).roles == frozenset()
    assert verbs(app) == ["Role taken back", "Role taken back", "Role given"]


@pytest.mark.parametrize("act", ["roles", "archive"])
def test_the_last_administrator_stays(app: App, office: TestClient, act: str) -> None:
    boss = person_of(app, BOSS)
    assert boss is not None
    answer = office.post(f"/admin/people/{boss.id}/{act}", data={"roles": "cashier"})
    assert answer.status_code == 409
    assert "last administrator" in answer.text
    assert office.post("/my/data/erase").status_code == 409
    second = add_person(app, "second@example.org", ADMINISTRATOR)
    office.post(f"/admin/people/{second}/archive")
    assert office.post(f"/admin/people/{boss.id}/{act}", data={"roles": "cashier"}).status_code == 409
    office.post(f"/admin/people/{second}/restore")
    assert office.post(f"/admin/people/{boss.id}/{act}", data={"roles": "cashier"}).status_code == 303


def test_archiving_closes_every_door_at_once_and_can_be_undone(
    app: App, office: TestClient, new_client: Callable[[], TestClient]
) -> None:
    browser = new_client()
    person_id = sign_in(app, browser, "lou@example.org", "cashier", name="Lou")
    answer = office.post(f"/admin/people/{person_id}/archive")
    assert browser.get("/my").status_code == 303
    toast = office.get(answer.headers["location"]).text
    assert "Lou is archived." in toast
    assert f'action="/admin/people/{person_id}/restore"' in toast
    assert "Lou" in office.get("/admin/people?archived=true").text
    office.post(f"/admin/people/{person_id}/restore")
    assert not get(app, person_id).is_archived
    assert get(app, person_id).roles == {"cashier"}
    assert verbs(app) == ["Person restored", "Person archived"]


def test_an_archived_person_gets_no_invitation(app: App, office: TestClient) -> None:
    person_id = add_person(app, "lou@example.org")
    office.post(f"/admin/people/{person_id}/archive")
    assert office.post(f"/admin/people/{person_id}/invitation").status_code == 403
    assert not mails(app)


def test_a_name_changes_and_all_devices_sign_out(
    app: App, office: TestClient, new_client: Callable[[], TestClient]
) -> None:
    browser = new_client()
    person_id = sign_in(app, browser, "lou@example.org")
    office.post(f"/admin/people/{person_id}", data={"name": "  Lou \t Martin ", "language": "fr"})
    assert (get(app, person_id).name, get(app, person_id).language) == ("Lou Martin", "fr")
    assert office.post(f"/admin/people/{person_id}", data={"name": "x" * 121}).status_code == 422
    office.post(f"/admin/people/{person_id}/sign-out")
    assert browser.get("/my").status_code == 303
    assert verbs(app) == ["Devices signed out", "Person changed"]


@pytest.mark.parametrize("act", ["", "/roles", "/archive", "/restore", "/invitation", "/sign-out"])
def test_nobody_is_a_clear_page(office: TestClient, act: str) -> None:
    nobody = UUID(int=7)
    assert office.post(f"/admin/people/{nobody}{act}", data={"name": "x"}).status_code == 404


def test_words_of_people_are_shown_as_text(app: App, office: TestClient) -> None:
    person_id = add_person(app, "x@example.org", name="<script>alert(1)</script>")
    for page in ("/admin/people", f"/admin/people/{person_id}", "/admin/audit"):
        assert "<script>alert" not in office.get(page).text


def test_every_role_has_its_words(office: TestClient) -> None:
    page = office.get("/admin/people/new").text
    assert all(f'value="{role}"' in page for role in ROLES)
