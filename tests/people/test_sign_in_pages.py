"""Signing in through the real doors: one mail, a code or a link, once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from kit import clock
from kit.app import App
from people.identity import cookie_name
from people.models.person import ADMINISTRATOR
from people.service.persons import archive
from tests.people.browsers import OFFICE, add_person, mails, open_session, person_of, sign_in

EMAIL = "camille@example.org"


def ask(client: TestClient, email: str = EMAIL, back: str = "") -> str:
    """The address of the page where the code is typed."""
    answer = client.post("/sign-in", data={"email": email, "back": back})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_code_signs_in_and_opens_my_space(app: App, client: TestClient) -> None:
    page = ask(client)
    assert "camille@example.org" in client.get(page).text
    answer = client.post(page, data={"code": mails(app)[0].code})
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    assert client.get("/my").status_code == 200
    assert person_of(app, EMAIL) is not None


def test_a_link_signs_in_by_post_only(app: App, client: TestClient) -> None:
    ask(client)
    link = mails(app)[0].link
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.get("/my").status_code == 303
    assert client.post(link).headers["location"] == "/my"
    assert client.get("/my").status_code == 200


@pytest.mark.parametrize("way", ["code", "link"])
def test_a_mail_works_once(app: App, new_client: Callable[[], TestClient], way: str) -> None:
    one, other = new_client(), new_client()
    page = ask(one)
    mail = mails(app)[0]
    used = one.post(page, data={"code": mail.code}) if way == "code" else one.post(mail.link)
    assert used.status_code == 303
    assert other.post(mail.link).status_code == 410
    assert other.get(mail.link).status_code == 410
    assert other.post(page, data={"code": mail.code}).status_code == 410
    assert other.get("/my").status_code == 303


def test_using_one_mail_closes_the_others(app: App, client: TestClient) -> None:
    ask(client)
    ask(client)
    first, second = mails(app)
    assert client.post(second.link).status_code == 303
    assert client.post(first.link).status_code == 410


def test_a_mail_is_over_after_fifteen_minutes(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ask(client)
    mail = mails(app)[0]
    later = clock.now() + timedelta(minutes=15)
    monkeypatch.setattr(clock, "_read", lambda: later)
    assert client.post(mail.link).status_code == 410
    assert client.post(page, data={"code": mail.code}).status_code == 410


def test_five_wrong_codes_close_the_mail(app: App, client: TestClient) -> None:
    page = ask(client)
    mail = mails(app)[0]
    wrong = f"{(int(mail.code) + 1) % 10**6:06d}"
    answers = [client.post(page, data={"code": wrong}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 410]
    assert "4 tries left" in answers[0].text
    assert client.post(page, data={"code": mail.code}).status_code == 410


def test_a_code_may_be_typed_with_spaces_and_belongs_to_its_own_attempt(app: App, client: TestClient) -> None:
    other = ask(client, "someone@example.org")
    page = ask(client)
    code = mails(app)[1].code
    assert client.post(other, data={"code": code}).status_code == 422
    assert client.post(page, data={"code": f" {code[:3]} {code[3:]}"}).status_code == 303


def test_known_unknown_and_archived_addresses_get_the_same_answer(app: App, client: TestClient) -> None:
    add_person(app, "known@example.org", ADMINISTRATOR)
    pages = []
    for email in ("known@example.org", "nobody@example.org"):
        answer = client.post("/sign-in", data={"email": email})
        page = client.get(answer.headers["location"]).text.replace(email, "…")
        pages.append(page.replace(answer.headers["location"], "…"))
        assert answer.status_code == 303
    assert pages[0] == pages[1]
    told = [mail.text.replace(mail.code[:3] + "\xa0" + mail.code[3:], "…") for mail in mails(app)]
    assert told[0].replace(mails(app)[0].link, "") == told[1].replace(mails(app)[1].link, "")
    assert person_of(app, "nobody@example.org") is None


def test_mails_are_limited_by_address_and_the_limit_outlives_the_process(
    app: App, client: TestClient
) -> None:
    for _ in range(5):
        ask(client)
    answer = client.post("/sign-in", data={"email": EMAIL.upper()})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert len(mails(app)) == 5


def test_mails_are_limited_by_machine(app: App, client: TestClient) -> None:
    answers = [client.post("/sign-in", data={"email": f"p{n}@example.org"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429]


def test_codes_are_limited_by_machine_over_many_attempts(app: App, client: TestClient) -> None:
    tried: list[int] = []
    for number in range(8):
        page = ask(client, f"p{number}@example.org")
        tried += [client.post(page, data={"code": "x"}).status_code for _ in range(4)]
    assert 429 in tried
    assert tried.count(422) == 30


@pytest.mark.parametrize(
    "wrong", ["", "camille", "a@b", "a b@example.org", "é@example.org", "a@-x.org", "\x00@x.org"]
)
def test_what_is_not_an_address_is_said_beside_the_field(client: TestClient, wrong: str) -> None:
    answer = client.post("/sign-in", data={"email": wrong})
    assert answer.status_code == 422
    assert 'id="f-email-error"' in answer.text


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/my/data?x=1", "/my/data?x=1"),
        ("//evil.example", "/my"),
        ("https://evil.example", "/my"),
        ("/\\evil", "/my"),
    ],
)
def test_afterwards_i_go_back_where_i_was_on_this_site_only(
    app: App, client: TestClient, back: str, where: str
) -> None:
    ask(client, back=back)
    assert client.post(mails(app)[0].link).headers["location"] == where


def test_a_door_that_needs_me_sends_me_to_sign_in_and_back(app: App, client: TestClient) -> None:
    answer = client.get("/my/sessions")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Fmy%2Fsessions")
    assert 'value="/my/sessions"' in client.get(answer.headers["location"]).text


def test_the_team_arrives_in_the_office(app: App, client: TestClient) -> None:
    add_person(app, EMAIL, "agenda_editor")
    ask(client)
    assert client.post(mails(app)[0].link).headers["location"] == "/admin"


def test_an_archived_person_is_told_so_only_after_proving_the_address(app: App, client: TestClient) -> None:
    person_id = add_person(app, EMAIL)
    add_person(app, "boss@example.org", ADMINISTRATOR)
    app.db.write(lambda session: archive(session, OFFICE, person_id).id)
    ask(client)
    answer = client.post(mails(app)[0].link)
    assert answer.status_code == 403
    assert cookie_name(app.settings) not in answer.cookies


def test_signing_in_makes_a_new_session_and_ends_the_one_before(app: App, client: TestClient) -> None:
    """Fixation: a cookie planted in the browser, even a live one of someone else, is never kept."""
    planted = open_session(app, add_person(app, "mallory@example.org"))
    client.cookies.set(cookie_name(app.settings), planted)
    page = client.post("/sign-in", data={"email": EMAIL}).headers["location"]
    answer = client.post(page, data={"code": mails(app)[0].code})
    fresh = answer.cookies[cookie_name(app.settings)]
    assert fresh != planted
    client.cookies.clear()
    client.cookies.set(cookie_name(app.settings), planted)
    assert client.get("/my").status_code == 303


def test_no_secret_of_a_mail_stands_in_a_table(app: App, client: TestClient) -> None:
    page = ask(client)
    mail = mails(app)[0]
    client.post(page, data={"code": mail.code})
    cookie = client.cookies[cookie_name(app.settings)]
    with app.db.read() as session:
        rows = [
            str(row)
            for table in ("sign_in_attempt", "person_session", "person", "audit_entry")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert not any(secret in row for row in rows for secret in (mail.code, mail.link[-43:], cookie))


def test_the_cookie_is_for_this_host_and_out_of_reach_of_scripts(app: App, client: TestClient) -> None:
    ask(client)
    header = client.post(mails(app)[0].link).headers["set-cookie"]
    assert "hameau-8199=" in header
    for trait in ("HttpOnly", "Path=/", "SameSite=lax", "Max-Age=7776000"):
        assert trait.lower() in header.lower()
    assert "domain" not in header.lower()


def test_signing_out_ends_the_session_on_the_node(app: App, client: TestClient) -> None:
    sign_in(app, client, EMAIL)
    cookie = client.cookies[cookie_name(app.settings)]
    assert client.get("/my").status_code == 200
    assert client.get("/sign-out").status_code == 405
    answer = client.post("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache"'
    client.cookies.set(cookie_name(app.settings), cookie)
    assert client.get("/my").status_code == 303
