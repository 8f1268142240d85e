"""The JSON API of the agenda: what scripts rely on."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from kit.app import App
from kit.db import Database
from people.proofs import new_token
from people.service import persons
from people.service.tokens import make_token
from tests.factories.events import NOON, draft, published, received
from tests.people.browsers import OFFICE, add_person

pytestmark = pytest.mark.usefixtures("noon")
EVENTS = "/api/v1/events"
START = "2026-12-04T19:30:00+01:00"


def token(app: App, *scopes: str, role: str = "agenda_editor") -> dict[str, str]:
    """The header of someone's fresh token."""
    person_id, secret = add_person(app, f"{role}-{len(scopes)}@example.org", role), new_token()
    app.db.write(
        lambda session: make_token(
            session, OFFICE, persons.get(session, person_id), secret,
            name="script", scopes=scopes, known_scopes=scopes,
        )
    )  # fmt: skip
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def editor(app: App) -> dict[str, str]:
    """A token that writes events. The first person of a node is its administrator, so one comes before."""
    add_person(app, "odile@example.org", "administrator")
    return token(app, "events:write")


def write(client: TestClient, editor: dict[str, str], **fields: Any) -> dict[str, Any]:
    answer = client.post(EVENTS, json={"name": "Jeux", "start": START} | fields, headers=editor)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_event_from_draft_to_cancelled(client: TestClient, editor: dict[str, str]) -> None:
    event = write(
        client, editor, description="**Cent** jeux", tags=["Jouer"], place={"name": "Bar", "city": "Sault"}
    )
    assert (event["status"], UUID(event["id"]).version) == ("draft", 7)
    assert (event["start"], event["timezone"]) == ("2026-12-04T18:30:00Z", "Europe/Paris")
    assert (event["tags"], event["place"]["name"]) == (["Jouer"], "Bar")
    assert client.get(f"{EVENTS}/{event['id']}").status_code == 401
    assert client.get(f"{EVENTS}/{event['id']}", headers=editor).status_code == 200
    path = f"{EVENTS}/{event['id']}"
    assert client.post(f"{path}/publication", headers=editor).json()["status"] == "published"
    assert client.get(path).json()["description_html"] == "<p><strong>Cent</strong> jeux</p>\n"
    patched = client.patch(path, json={"price": "Prix libre", "capacity": 40}, headers=editor).json()
    assert (patched["price"], patched["capacity"], patched["tags"]) == ("Prix libre", 40, ["Jouer"])
    cancelled = client.post(f"{path}/cancellation", json={"reason": "Il pleut."}, headers=editor).json()
    assert (cancelled["status"], cancelled["status_note"]) == ("cancelled", "Il pleut.")
    assert client.post(f"{path}/publication", headers=editor).json()["status"] == "published"
    assert client.delete(path, headers=editor).status_code == 204
    assert client.get(path).status_code == 404


def test_lists_go_on_with_links(client: TestClient, db: Database) -> None:
    for number in range(5):
        db.write(partial(published, name="Jeux", start=NOON + timedelta(days=number + 1)))
    seen: list[str] = []
    address = f"{EVENTS}?limit=2"
    while address:
        answer = client.get(address)
        seen += [event["id"] for event in answer.json()["items"]]
        address = answer.json()["next"].removeprefix("http://127.0.0.1:8199")
        assert ('rel="next"' in answer.headers.get("link", "")) is bool(address)
    assert len(seen) == len(set(seen)) == 5


def test_merged_agenda_and_own_events(client: TestClient, db: Database) -> None:
    db.write(lambda session: published(session, "Chez nous"))
    other = db.write(lambda session: received(session, "Ailleurs"))
    merged = client.get("/api/v1/agenda").json()["items"]
    assert {event["name"] for event in merged} == {"Chez nous", "Ailleurs"}
    (elsewhere,) = [event for event in merged if not event["node"]["is_here"]]
    assert (elsewhere["uri"], elsewhere["node"]["url"]) == (other.uri, "https://grange.example")
    assert [event["name"] for event in client.get(EVENTS).json()["items"]] == ["Chez nous"]
    assert client.get(f"{EVENTS}?cursor=zz").status_code == 422


def test_same_key_gives_the_same_answer(client: TestClient, editor: dict[str, str]) -> None:
    headers = editor | {"idempotency-key": "une-fois"}
    first = client.post(EVENTS, json={"name": "Jeux", "start": START}, headers=headers)
    second = client.post(EVENTS, json={"name": "Jeux", "start": START}, headers=headers)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    other = client.post(EVENTS, json={"name": "Bal", "start": START}, headers=headers)
    assert other.status_code == 409
    assert other.json()["title"] == "idempotency conflict"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": START}, "name"),
        ({"name": "x", "start": START, "zork": 1}, "zork"),
        ({"name": "x", "start": START, "place": {"name": "y", "zork": 1}}, "place.zork"),
        ({"name": "x", "start": START, "price": "6\x00"}, "price"),
        ({"name": "x", "start": START, "tags": ["a", "b\x00"]}, "tags.1"),
        ({"name": "x", "start": "demain"}, "start"),
        ({"name": "x", "start": "2026-12-04T19:30:00"}, "start"),
        ({"name": "", "start": START}, "name"),
        ({"name": "x", "start": START, "end": START}, "end"),
        ({"name": "x", "start": START, "capacity": 0}, "capacity"),
        (
            {"name": "x", "start": START, "place": {"name": "y", "latitude": 120, "longitude": 1}},
            "place.latitude",
        ),
        ({"name": "x" * 161, "start": START}, "name"),
    ],
)
def test_wrong_bodies_are_problems(
    client: TestClient, editor: dict[str, str], body: dict[str, Any], field: str
) -> None:
    answer = client.post(EVENTS, json=body, headers=editor)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_name_with_a_nul_is_refused(client: TestClient, editor: dict[str, str]) -> None:
    answer = client.post(EVENTS, json={"name": "a\x00b", "start": START}, headers=editor)
    assert answer.status_code == 422


def test_twin_is_a_conflict(client: TestClient, editor: dict[str, str]) -> None:
    write(client, editor)
    answer = client.post(EVENTS, json={"name": "JEUX", "start": START}, headers=editor)
    assert (answer.status_code, answer.json()["title"]) == (409, "same event twice")


def test_who_may_write(client: TestClient, app: App, db: Database, editor: dict[str, str]) -> None:
    event = db.write(lambda session: draft(session))
    body = {"name": "Jeux", "start": START}
    assert client.post(EVENTS, json=body).status_code == 401
    reader = token(app, "events:read", "x", role="cashier")
    assert client.post(EVENTS, json=body, headers=reader).status_code == 403
    assert client.get(f"{EVENTS}?status=draft").status_code == 401
    listed = client.get(f"{EVENTS}?status=draft", headers=editor).json()["items"]
    assert [one["id"] for one in listed] == [str(event.id)]


def test_event_of_others_is_theirs(client: TestClient, db: Database, editor: dict[str, str]) -> None:
    event = db.write(lambda session: received(session))
    assert client.get(f"{EVENTS}/{event.id}").json()["node"]["is_here"] is False
    assert client.delete(f"{EVENTS}/{event.id}", headers=editor).status_code == 409


def test_places_and_tags(client: TestClient, editor: dict[str, str]) -> None:
    made = client.post("/api/v1/places", json={"name": "Bar", "city": "Sault"}, headers=editor).json()
    path = f"/api/v1/places/{made['id']}"
    assert client.patch(path, json={"street": "2, place du Lavoir"}, headers=editor).json()["city"] == "Sault"
    assert [place["street"] for place in client.get("/api/v1/places").json()["items"]] == [
        "2, place du Lavoir"
    ]
    write(client, editor, place_id=made["id"], tags=["Jouer"])
    assert client.delete(path, headers=editor).status_code == 409
    tag = client.get("/api/v1/tags").json()["items"][0]
    assert tag["name"] == "Jouer"
    path = f"/api/v1/tags/{tag['id']}"
    assert client.patch(path, json={"icon": "dice-five"}, headers=editor).json()["icon"] == "dice-five"
    assert client.delete(path, headers=editor).status_code == 409
    assert client.post("/api/v1/tags", json={"name": "Jouer"}, headers=editor).status_code == 409
