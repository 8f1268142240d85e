"""Public pages made once for everybody: the same bytes while nothing changed, never a person's page."""

from starlette.responses import Response
from starlette.testclient import TestClient

from agenda.pages.shelf import Shelf
from kit.app import App
from tests.factories.events import published


def test_a_stranger_sees_a_new_event_at_once(app: App, client: TestClient) -> None:
    before = client.get("/agenda").text
    assert client.get("/agenda").text == before
    app.db.write(lambda session: published(session, "Bal de minuit").slug)
    assert "Bal de minuit" not in before
    assert client.get("/agenda?from=2026-11-21").status_code == 200
    assert "Bal de minuit" in client.get("/agenda?from=2026-11-21").text


def test_answers_keep_their_headers(app: App, client: TestClient) -> None:
    first, second = client.get("/agenda.ics"), client.get("/agenda.ics")
    assert second.content == first.content
    assert second.headers["content-disposition"] == first.headers["content-disposition"]
    assert second.headers["content-type"] == first.headers["content-type"]


def test_the_shelf_makes_room() -> None:
    shelf = Shelf(most_bytes=100)
    for number in range(10):
        shelf.keep(str(number), Response(b"x" * 20))
    assert shelf.find("0") is None
    assert [found.body for found in (shelf.find("8"), shelf.find("9")) if found] == [b"x" * 20] * 2


def test_only_whole_answers_are_kept() -> None:
    shelf = Shelf(most_bytes=100)
    shelf.keep("missing", Response(b"no", status_code=404))
    shelf.keep("huge", Response(b"x" * 50))
    assert shelf.find("missing") is None
    assert shelf.find("huge") is None
