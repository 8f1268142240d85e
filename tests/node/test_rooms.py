"""A closed room: no menu, no page, no address; its rows stay, and it opens again as it was."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from agenda.models.event import Event
from agenda.service.states import cancel, postpone
from kit import clock
from kit.app import App
from tests.factories.events import LOUISE, published
from tests.people.browsers import sign_in


@pytest.fixture
def office(app: App, client: TestClient) -> TestClient:
    """The administrator's browser."""
    sign_in(app, client, "odile@example.org", "administrator")
    return client


def doors_of(app: App, room: str) -> list[tuple[str, str]]:
    """Method and address of the doors of a room that have no variable part."""
    names = [name for name, feature in app.house.feature_of_door.items() if feature == room]
    doors = [app.house.doors[name] for name in names]
    return [(door.method, door.path) for door in doors if "{" not in door.path]


def test_a_closed_room_has_no_address(app: App, office: TestClient) -> None:
    assert office.get("/agenda").status_code == 200
    assert office.post("/admin/rooms/agenda/off").status_code == 303
    for method, path in doors_of(app, "agenda"):
        assert office.request(method, path).status_code == 404, f"{method} {path}"


def test_a_closed_room_is_in_no_menu(office: TestClient) -> None:
    assert 'href="/agenda"' in office.get("/help").text
    assert 'href="/admin/events"' in office.get("/admin").text
    office.post("/admin/rooms/agenda/off")
    assert 'href="/agenda"' not in office.get("/help").text
    assert 'href="/admin/events"' not in office.get("/admin").text


def test_the_house_still_stands_without_its_rooms(app: App, office: TestClient) -> None:
    for feature in app.house.features:
        if feature.can_turn_off:
            office.post(f"/admin/rooms/{feature.name}/off")
    for path in ("/", "/help", "/admin", "/admin/rooms", "/admin/settings", "/source", "/sign-in", "/my"):
        assert office.get(path).status_code in {200, 303}, path


def test_what_a_closed_room_holds_stays(app: App, office: TestClient) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    app.db.write(lambda session: published(session, "Soupe et contes", tomorrow))
    office.post("/admin/rooms/agenda/off")
    closed = office.get("/admin/rooms").text
    assert "/admin/rooms/agenda/on" in closed
    assert office.post("/admin/rooms/agenda/on").status_code == 303
    assert "Soupe et contes" in office.get("/agenda").text


def test_closing_can_be_undone_from_the_message(office: TestClient) -> None:
    office.post("/admin/rooms/agenda/off")
    page = office.get("/admin/rooms").text
    assert '<form method="post" action="/admin/rooms/agenda/on"><button class="toast-verb">' in page


def test_the_foundations_cannot_be_closed(app: App, office: TestClient) -> None:
    for feature in app.house.features:
        if not feature.can_turn_off:
            assert office.post(f"/admin/rooms/{feature.name}/off").status_code in {403, 404, 409, 422}, (
                feature.name
            )
    assert office.post("/admin/rooms/nowhere/off").status_code == 404
    assert office.get("/admin/rooms").status_code == 200


def test_only_those_who_manage_may_close(app: App, new_client: Callable[[], TestClient]) -> None:
    editor, stranger = new_client(), new_client()
    sign_in(app, editor, "bastien@example.org", "agenda_editor")
    assert editor.post("/admin/rooms/agenda/off").status_code == 403
    assert stranger.post("/admin/rooms/agenda/off").status_code == 303
    assert stranger.get("/agenda").status_code == 200


def test_the_office_says_which_events_will_not_be(office: TestClient, app: App) -> None:
    def write(session: Session) -> None:
        soon = clock.now() + timedelta(hours=2)
        for name in ("Bal", "Jeux", "Soupe"):
            published(session, name, start=soon)
        for verb, name in ((cancel, "Bal"), (postpone, "Jeux")):
            event = session.scalars(select(Event).where(Event.name == name)).one()
            verb(session, LOUISE, event.id, "La neige.")

    app.db.write(write)
    page = office.get("/admin").text
    ball, games, soup = re.findall(r"row-task.*?</div></div>", page, re.DOTALL)
    assert "Cancelled" in ball
    assert "Postponed" in games
    assert "Cancelled" not in soup
