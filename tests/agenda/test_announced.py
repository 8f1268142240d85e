"""Events announced by address alone are fetched at their owner's, once."""

from typing import Any

import anyio
import pytest
from sqlalchemy import select

from agenda.federated import fetching
from agenda.federated.fetching import fetch_announced
from agenda.federated.handlers import on_announce
from agenda.models.announced import AnnouncedEvent
from agenda.models.event import Event
from agenda.refusals import NotExpected
from kit.app import App
from kit.db import Database
from kit.http.errors import Unreachable
from tests.agenda.test_received import GROUP, message
from tests.factories.events import mobilizon

pytestmark = pytest.mark.usefixtures("noon")
URI = str(mobilizon()["id"])
OF_A_MEMBER = mobilizon(attributedTo="https://mob.example/@marie")


class Exchange:
    """A far site: its fetcher answers one document, or nothing."""

    def __init__(self, document: dict[str, Any] | None) -> None:
        self._document, self.fetcher, self.asked = document, self, 0

    async def document(self, _uri: str) -> dict[str, Any]:
        self.asked += 1
        if self._document is None:
            raise Unreachable
        return self._document


def fetch(app: App, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any] | None) -> int:
    """Run the job twice; how often the site was asked."""
    far = Exchange(document)
    monkeypatch.setattr(fetching, "exchange_of", lambda _app: far)
    monkeypatch.setattr(fetching, "relation_of", lambda _session, _actor: "followed")
    anyio.run(fetch_announced, app)
    anyio.run(fetch_announced, app)
    return far.asked


def events(db: Database) -> list[Event]:
    with db.read() as session:
        return list(session.scalars(select(Event)))


def test_announced_event_is_fetched_once(app: App, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.write(lambda session: on_announce(session, message("Announce", {"id": URI}, relation="followed")))
    assert fetch(app, monkeypatch, OF_A_MEMBER) == 1
    assert [event.uri for event in events(db)] == [URI]
    db.write(lambda session: on_announce(session, message("Announce", {"id": URI}, relation="followed")))
    assert fetch(app, monkeypatch, OF_A_MEMBER) == 0


def test_site_that_does_not_answer_is_left_alone(
    app: App, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write(lambda session: on_announce(session, message("Announce", {"id": URI})))
    assert fetch(app, monkeypatch, None) == 1
    assert events(db) == []


def test_only_what_is_at_the_tellers_site_is_fetched(db: Database) -> None:
    db.write(lambda session: on_announce(session, message("Announce", {"id": "https://x.example/e/1"})))
    with pytest.raises(NotExpected):
        db.write(lambda session: on_announce(session, message("Announce", {"id": URI}, relation="stranger")))
    with db.read() as session:
        assert session.scalars(select(AnnouncedEvent)).all() == []


def test_note_names_its_teller(db: Database) -> None:
    db.write(lambda session: on_announce(session, message("Announce", {"id": URI})))
    with db.read() as session:
        assert [row.teller for row in session.scalars(select(AnnouncedEvent))] == [GROUP]
