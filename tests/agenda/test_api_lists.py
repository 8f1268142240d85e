"""Lists of the API that go on, and answers that a program may keep."""

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.db import Database
from tests.agenda.test_api import token
from tests.factories.events import published
from tests.people.browsers import add_person

pytestmark = pytest.mark.usefixtures("noon")
NAMES = ["Bar", "bar du haut", "École", "Église", "Zinc"]
PLACES, TAGS = "/api/v1/places", "/api/v1/tags"
BOTH = pytest.mark.parametrize("path", [PLACES, TAGS])


@pytest.fixture
def editor(app: App) -> dict[str, str]:
    add_person(app, "odile@example.org", "administrator")
    return token(app, "events:write")


def filled(client: TestClient, editor: dict[str, str], path: str) -> None:
    for name in reversed(NAMES):
        assert client.post(path, json={"name": name}, headers=editor).status_code == 201


def walked(client: TestClient, address: str) -> list[list[str]]:
    """Every page from an address on, by its `Link` header."""
    found, address = [], address
    while address:
        answer = client.get(address)
        found.append([one["name"] for one in answer.json()["items"]])
        assert answer.json()["next"] == answer.links.get("next", {}).get("url", "")
        address = answer.json()["next"]
    return found


def joined(client: TestClient, address: str) -> list[str]:
    return [name for names in walked(client, address) for name in names]


@BOTH
def test_pages_follow_each_other(client: TestClient, editor: dict[str, str], path: str) -> None:
    filled(client, editor, path)
    assert walked(client, path) == [sorted(NAMES, key=str.casefold)]
    assert [len(page) for page in walked(client, f"{path}?limit=2")] == [2, 2, 1]
    assert joined(client, f"{path}?limit=2") == sorted(NAMES, key=str.casefold)


@BOTH
def test_what_goes_away_between_two_pages(client: TestClient, editor: dict[str, str], path: str) -> None:
    filled(client, editor, path)
    first = client.get(f"{path}?limit=2").json()
    for one in first["items"]:
        assert client.delete(f"{path}/{one['id']}", headers=editor).status_code == 204
    assert joined(client, first["next"]) == sorted(NAMES, key=str.casefold)[2:]


@BOTH
@pytest.mark.parametrize(
    ("asked", "name", "field"),
    [
        ("limit=0", "invalid", "limit"),
        ("limit=201", "invalid", "limit"),
        ("limit=x", "invalid", "limit"),
        (f"cursor={'x' * 4001}", "invalid", "cursor"),
        ("cursor=x", "bad cursor", ""),
        ("cursor=%C3%A9", "bad cursor", ""),
        ("cursor=e30", "bad cursor", ""),
        ("cursor=WyJhIl0", "bad cursor", ""),
        ("cursor=WyJhXHUwMDAwIiwgIngiXQ", "bad cursor", ""),
    ],
)
def test_garbage_is_refused_by_name(client: TestClient, path: str, asked: str, name: str, field: str) -> None:
    answer = client.get(f"{path}?{asked}")
    assert (answer.status_code, answer.json()["title"]) == (422, name)
    assert set(answer.json().get("errors", {})) == ({field} if field else set())


@pytest.mark.parametrize("path", ["/api/v1/agenda", "/api/v1/events", TAGS])
def test_an_answer_that_is_held_already(client: TestClient, db: Database, path: str) -> None:
    db.write(lambda session: published(session, tags=["Jouer"]) and None)
    answer = client.get(path)
    tag = answer.headers["etag"]
    assert answer.headers["vary"] == "Accept-Language, Authorization"
    for held in (tag, f'"x", W/{tag}', "*"):
        same = client.get(path, headers={"if-none-match": held})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"x"'}).content == answer.content
    db.write(lambda session: published(session, name="Bal", tags=["Danser"]) and None)
    changed = client.get(path, headers={"if-none-match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


def test_the_tag_varies_by_language_and_by_who_asks(
    client: TestClient, app: App, editor: dict[str, str]
) -> None:
    other = token(app, "events:read")
    french = {"accept-language": "fr"}
    asked: list[dict[str, str]] = [{}, french, editor, other, editor | french]
    tags = {client.get(TAGS, headers=headers).headers["etag"] for headers in asked}
    assert len(tags) == len(asked)
    mine = client.get(TAGS, headers=editor)
    assert mine.headers["cache-control"] == "private, no-cache"
    kept = {"if-none-match": mine.headers["etag"]}
    assert client.get(TAGS, headers=kept).status_code == 200
    assert client.get(TAGS, headers=editor | kept).status_code == 304


def test_a_refusal_and_a_write_have_no_tag(client: TestClient, editor: dict[str, str]) -> None:
    assert "etag" not in client.get(f"{TAGS}?limit=x").headers
    assert "etag" not in client.post(TAGS, json={"name": "Jouer"}, headers=editor).headers
