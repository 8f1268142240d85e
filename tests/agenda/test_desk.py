"""The office of the agenda, as an editor uses it in a browser without JavaScript."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from agenda.models.event import Event
from agenda.queries.finding import whole_event
from kit.app import App
from kit.db import Database
from people.models.audit import AuditEntry
from tests.agenda.test_listing import counted_statements
from tests.factories.events import NOON, draft, place_values, published, received
from tests.people.browsers import add_person, sign_in

pytestmark = pytest.mark.usefixtures("noon")
FORM = {
    "name": "Soupe et contes",
    "start_day": "2026-12-05",
    "start_time": "19:00",
    "end_time": "01:00",
    "timezone": "Europe/Paris",
    "description": "Une soupe **chaude**",
    "place_id": "new",
    "place_name": "Grande salle",
    "place_city": "Sault",
    "new_tags": "Manger, Écouter",
    "capacity": "40",
    "then": "publish",
}


@pytest.fixture
def louise(app: App, client: TestClient) -> TestClient:
    """The browser of an agenda editor."""
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "louise@example.org", "agenda_editor", name="Louise")
    return client


def picture(width: int = 900, height: int = 600, kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (width, height), "red").save(held, kind, exif=exif)
    return held.getvalue()


def only_event(db: Database) -> Event:
    with db.read() as session:
        return whole_event(session, session.scalars(select(Event.id)).one())


def test_event_is_written_and_published(louise: TestClient, db: Database) -> None:
    answer = louise.post("/admin/events/new", data=FORM)
    assert answer.status_code == 303
    event = only_event(db)
    assert (event.status, event.place and event.place.name, event.capacity) == (
        "published",
        "Grande salle",
        40,
    )
    assert event.end == event.start + timedelta(hours=6)
    assert [tag.name for tag in event.tags] == ["Manger", "Écouter"]
    assert "It is published" in louise.get(answer.headers["location"]).text
    assert louise.get(f"/agenda/{event.slug}").status_code == 200


def test_nothing_typed_is_lost_after_a_refusal(louise: TestClient, db: Database) -> None:
    answer = louise.post("/admin/events/new", data=FORM | {"start_day": "", "capacity": "0", "end_time": ""})
    assert answer.status_code == 422
    for words in (
        "I choose the day.",
        "Soupe et contes",
        "Une soupe **chaude**",
        "Grande salle",
        "Manger, Écouter",
    ):
        assert words in answer.text
    assert (
        "The capacity is 1 place or more."
        in louise.post("/admin/events/new", data=FORM | {"capacity": "0"}).text
    )
    with db.read() as session:
        assert session.scalars(select(Event)).all() == []


def test_twin_is_named_in_the_form(louise: TestClient, db: Database) -> None:
    louise.post("/admin/events/new", data=FORM)
    answer = louise.post("/admin/events/new", data=FORM)
    assert answer.status_code == 409
    assert "“Soupe et contes” is already in the agenda" in answer.text


def test_description_is_previewed_without_writing(louise: TestClient, db: Database) -> None:
    answer = louise.post("/admin/events/new", data=FORM | {"then": "preview"})
    assert "<strong>chaude</strong>" in answer.text
    with db.read() as session:
        assert session.scalars(select(Event)).all() == []


def test_picture_is_made_small_upright_and_anonymous(louise: TestClient, app: App, db: Database) -> None:
    louise.post(
        "/admin/events/new",
        data=FORM | {"picture_alt": "Une marmite"},
        files={"picture_file": ("a.png", picture(), "image/png")},
    )
    event = only_event(db)
    stored = louise.get(f"/files/agenda/{event.picture}-360.webp")
    assert stored.headers["content-type"] == "image/webp"
    assert stored.headers["x-content-type-options"] == "nosniff"
    small = Image.open(io.BytesIO(stored.content))
    assert small.size == (360, 540)
    assert not small.getexif()
    louise.post(
        f"/admin/events/{event.id}/edit", data=FORM | {"picture": event.picture, "remove_picture": "on"}
    )
    assert only_event(db).picture == ""


@pytest.mark.parametrize("data", [b"GIF89a", b"<svg onload=alert(1)>", b"\x89PNG"])
def test_what_is_not_a_picture_is_refused(louise: TestClient, db: Database, data: bytes) -> None:
    files = {"picture_file": ("a.png", data, "image/png")}
    answer = louise.post("/admin/events/new", data=FORM | {"picture_alt": "x"}, files=files)
    assert answer.status_code == 415
    assert "I cannot read this picture" in answer.text


def test_picture_needs_its_words_and_is_kept_meanwhile(louise: TestClient, db: Database) -> None:
    answer = louise.post(
        "/admin/events/new", data=FORM, files={"picture_file": ("a.png", picture(), "image/png")}
    )
    assert answer.status_code == 422
    assert "I say in one sentence what the picture shows" in answer.text
    name = answer.text.split('name="picture" value="')[1].split('"')[0]
    louise.post("/admin/events/new", data=FORM | {"picture": name, "picture_alt": "Une marmite"})
    assert only_event(db).picture == name


def test_bomb_of_pixels_is_refused(louise: TestClient) -> None:
    held = io.BytesIO()
    Image.new("1", (19_000, 19_000)).save(held, "PNG")
    files = {"picture_file": ("a.png", held.getvalue(), "image/png")}
    assert louise.post("/admin/events/new", data=FORM | {"picture_alt": "x"}, files=files).status_code == 413


def test_tabs_and_search(louise: TestClient, db: Database) -> None:
    def fill(session: Session) -> None:
        draft(session, "Brouillon")
        published(session, "Bal", place=place_values())
        published(session, "Hier", NOON - timedelta(days=1))
        received(session, "Ailleurs")

    db.write(fill)
    for tab, name in (("coming", "Bal"), ("drafts", "Brouillon"), ("past", "Hier"), ("received", "Ailleurs")):
        page = louise.get(f"/admin/events?tab={tab}").text
        assert f">{name}</a>" in page, tab
        assert page.count('class="title-cell"') == 1
    assert "I find no event like this" in louise.get("/admin/events?q=zzz").text
    assert ">Bal</a>" in louise.get("/admin/events?q=GRANGE").text
    with counted_statements() as seen:
        louise.get("/admin/events")
    assert len(seen) <= 12


def test_verbs_ask_first_when_they_cannot_be_undone(louise: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session))
    asked = louise.get(f"/admin/events/{event.id}/ask/cancel")
    assert "Cancel this event?" in asked.text
    louise.post(f"/admin/events/{event.id}/ask/cancel", data={"note": "La neige."})
    assert (only_event(db).status, only_event(db).status_note) == ("cancelled", "La neige.")
    louise.post(f"/admin/events/{event.id}/resume")
    refused = louise.post(f"/admin/events/{event.id}/ask/online", data={"online_url": "ici"})
    assert refused.status_code == 422
    assert "I write a whole web address" in refused.text
    louise.post(f"/admin/events/{event.id}/ask/online", data={"online_url": "https://visio.example/1"})
    assert only_event(db).online_url == "https://visio.example/1"
    assert louise.get(f"/admin/events/{event.id}/ask/explode").status_code == 404


def test_archive_can_be_undone_from_the_toast(louise: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session))
    answer = louise.post(f"/admin/events/{event.id}/archive")
    page = louise.get(answer.headers["location"]).text
    assert f'action="/admin/events/{event.id}/restore"' in page
    assert louise.get(f"/agenda/{event.slug}").status_code == 404
    louise.post(f"/admin/events/{event.id}/restore")
    assert louise.get(f"/agenda/{event.slug}").status_code == 200


def test_copy_opens_its_form(louise: TestClient, db: Database) -> None:
    event = db.write(lambda session: published(session))
    answer = louise.post(f"/admin/events/{event.id}/duplicate")
    assert "2026-11-28" in louise.get(answer.headers["location"]).text


def test_places_and_tags_are_kept(louise: TestClient, db: Database) -> None:
    louise.post("/admin/places/new", data={"name": "Bar", "city": "Sault"})
    assert ">Bar</a>" in louise.get("/admin/places").text
    assert louise.post("/admin/places/new", data={"name": "Bar", "city": "Sault"}).status_code == 409
    assert louise.post("/admin/places/new", data={"name": "Bar", "latitude": "x"}).status_code == 422
    louise.post("/admin/tags/new", data={"name": "Danser", "icon": "music-notes"})
    assert "Danser" in louise.get("/admin/tags").text
    assert louise.get("/admin/tags/new").status_code == 200
    assert louise.post("/admin/tags/new", data={"name": "", "icon": "x"}).status_code == 422


def test_events_come_from_a_file_once_looked_at(louise: TestClient, db: Database) -> None:
    table = "name;start;place;tags\nBal;2026-12-05 20:30;Salle;Danser\nSans date;;;\n"
    looked = louise.post("/admin/events/import", files={"file": ("a.csv", table.encode(), "text/csv")})
    assert "1 event will be added as a draft." in looked.text
    assert "1 line cannot be read." in looked.text
    louise.post("/admin/events/bring", data={"text": table})
    assert (only_event(db).name, only_event(db).status) == ("Bal", "draft")
    given = louise.get("/admin/events.csv")
    assert "Bal,2026-12-05 20:30" in given.text
    assert (
        louise.post("/admin/events/import", files={"file": ("a.csv", b"\xff\xfe", "text/csv")}).status_code
        == 400
    )


def test_what_is_done_is_noted(louise: TestClient, db: Database) -> None:
    louise.post("/admin/events/new", data=FORM)
    with db.read() as session:
        verbs = [entry.verb for entry in session.scalars(select(AuditEntry)) if entry.who_name == "Louise"]
    assert {"Event created", "Event published"} <= set(verbs)


def test_office_is_for_editors(client: TestClient, app: App) -> None:
    assert client.get("/admin/events").status_code == 303
    add_person(app, "odile@example.org", "administrator")
    sign_in(app, client, "paul@example.org", "cashier")
    assert client.get("/admin/events").status_code == 403
    assert client.post("/admin/events/new", data=FORM).status_code == 403
