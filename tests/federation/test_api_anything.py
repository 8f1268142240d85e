"""Any input to the doors of peers and villages is answered by name, never by a breakdown."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from kit.app import App
from people.proofs import new_token
from people.service import persons
from people.service.tokens import make_token
from tests.people.browsers import OFFICE, add_person, sign_in

ODD: tuple[Any, ...] = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud7ff",
        "é" * 3000,
        "://",
        "http://",
        "http://[",
        "http://[::1",
        "@",
        "@@",
        "a@b",
    ),
    *(
        "https://user:pw@h.example",
        "http://127.0.0.1:8199",
        "http://127.0.0.1:1/",
        "acct:x@y",
        "h:99999",
        "ftp://x",
    ),
    *(
        "/etc/passwd",
        "http://169.254.169.254/",
        "http://\u2028.example",
        None,
        3,
        True,
        [],
        {},
        -1e300,
        ["x"] * 5,
    ),
)
PEERS, VILLAGES = "/api/v1/peers", "/api/v1/villages"


@pytest.fixture
def script(app: App, client: TestClient) -> Iterator[TestClient]:
    """A program that may do everything about other nodes."""
    person_id, secret = add_person(app, "script@example.org", "administrator"), new_token()
    scopes = ("peers:write", "villages:write")
    app.db.write(
        lambda session: make_token(
            session, OFFICE, persons.get(session, person_id), secret,
            name="script", scopes=scopes, known_scopes=scopes,
        )
    )  # fmt: skip
    client.headers["authorization"] = f"Bearer {secret}"
    with client:
        yield client


def test_odd_bodies(script: TestClient) -> None:
    made = script.post(VILLAGES, json={"name": "Val"}).json()["id"]
    one = str(uuid4())
    for odd in ODD:
        for method, path, body in (
            ("POST", PEERS, {"address": odd}),
            (
                "POST",
                PEERS,
                {"address": "http://127.0.0.1:1", "gives": {"agenda": {"mode": "tags", "tags": odd}}},
            ),
            ("POST", PEERS, {"address": "http://127.0.0.1:1", "gives": odd}),
            ("PATCH", f"{PEERS}/{one}", {"gives": {"agenda": odd}, "paused": odd}),
            ("POST", f"{PEERS}/{one}/acceptance", odd),
            ("POST", VILLAGES, {"name": odd}),
            ("POST", VILLAGES, {"name": "Val", "charter": odd}),
            ("POST", f"{VILLAGES}/requests", {"address": odd}),
            ("POST", f"{VILLAGES}/{made}/invitations", {"address": odd}),
            ("POST", f"{VILLAGES}/{one}/invitations", {"address": odd}),
        ):
            answer = script.request(method, path, json=body)
            assert answer.status_code < 500 or answer.status_code == 502, (method, path, odd, answer.text)
            if answer.status_code >= 400:
                assert answer.json()["type"], (method, path, odd)


def test_odd_queries_and_bytes(script: TestClient) -> None:
    for odd in ("", "x", "-1", "0", "201", "\x00", "🙂", "1" * 400):
        for path in (PEERS, VILLAGES):
            answer = script.get(path, params={"limit": odd, "after": odd})
            assert answer.status_code in (200, 422), (path, odd)
    for raw in (b"", b"{", b"\xff\xfe", b'{"address": "\\ud800"}', b"[1]", b"null", b'{"name": "\\u0000"}'):
        for path in (PEERS, VILLAGES, f"{VILLAGES}/requests"):
            answer = script.post(path, content=raw, headers={"content-type": "application/json"})
            assert 400 <= answer.status_code < 500, (path, raw, answer.text)


def test_odd_forms(app: App, script: TestClient) -> None:
    sign_in(app, script, "odile@example.org", "administrator")
    assert script.get("/admin/village").status_code == 200
    for odd in (text for text in ODD if isinstance(text, str)):
        for path, field in (
            ("/admin/village", "name"),
            ("/admin/village/join", "address"),
            ("/admin/peers", "address"),
            ("/admin/follows", "address"),
            ("/admin/follows/end", "address"),
            ("/admin/blocks", "address"),
            ("/admin/blocks/end", "address"),
        ):
            answer = script.post(path, data={field: odd, "mode_agenda": odd, "charter": odd, "reason": odd})
            assert answer.status_code < 500 or answer.status_code == 502, (path, odd, answer.status_code)
