"""GET /federation/upcoming and /events/{id}: what other nodes and servers fetch."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from agenda.federated import doors
from agenda.service import states
from agenda.service.events import delete_event
from kit.db import Database
from tests.factories.events import LOUISE, NOON, draft, published, received

pytestmark = pytest.mark.usefixtures("noon")
ACTIVITY = {"accept": "application/activity+json"}


def test_event_by_content_negotiation(client: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session, tags=["Danser"]))
    told = client.get(f"/events/{event.id}", headers=ACTIVITY)
    assert told.headers["content-type"].startswith("application/activity+json")
    assert told.json()["id"] == f"http://127.0.0.1:8199/events/{event.id}"
    page = client.get(f"/events/{event.id}", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, f"/agenda/{event.slug}")


def test_withdrawn_event_is_gone_for_nodes(client: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session))
    db.write(lambda session: delete_event(session, LOUISE, event.id))
    answer = client.get(f"/events/{event.id}", headers=ACTIVITY)
    assert (answer.status_code, answer.json()["type"]) == (410, "Tombstone")


def test_drafts_unshared_and_received_events_are_not_given(client: TestClient, db: Database) -> None:
    hidden = db.write(lambda session: draft(session, "Brouillon"))
    unshared = db.write(lambda session: published(session, "Entre nous", do_not_share=True))
    other = db.write(lambda session: received(session, "Ailleurs"))
    for event in (hidden, unshared, other):
        assert client.get(f"/events/{event.id}", headers=ACTIVITY).status_code == 404
    assert client.get("/federation/upcoming", headers=ACTIVITY).json()["totalItems"] == 0


def test_upcoming_goes_page_by_page_in_order(
    client: TestClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "PER_PAGE", 2)

    def fill(session: Session) -> None:
        published(session, "Hier", NOON - timedelta(days=1))
        for number in (3, 1, 2):
            published(session, f"Jeux {number}", NOON + timedelta(days=number))

    db.write(fill)
    head = client.get("/federation/upcoming", headers=ACTIVITY).json()
    first = head["first"]
    assert (head["totalItems"], [item["name"] for item in first["orderedItems"]]) == (3, ["Jeux 1", "Jeux 2"])
    second = client.get(first["next"].removeprefix("http://127.0.0.1:8199"), headers=ACTIVITY).json()
    assert [item["name"] for item in second["orderedItems"]] == ["Jeux 3"]
    assert "next" not in second


def test_upcoming_is_unchanged_until_an_event_changes(client: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session))
    tag = client.get("/federation/upcoming", headers=ACTIVITY).headers["etag"]
    known = ACTIVITY | {"if-none-match": tag}
    assert client.get("/federation/upcoming", headers=known).status_code == 304
    db.write(lambda session: states.cancel(session, LOUISE, event.id))
    assert client.get("/federation/upcoming", headers=known).status_code == 200
