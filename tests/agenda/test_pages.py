"""The public agenda as browsers and machines meet it: pages, filters, feeds, pictures, ETags."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from agenda.feeds.ical import calendar
from agenda.models.event import Event
from agenda.queries.finding import whole_event
from agenda.schemas import ReceivedTag
from agenda.service import states
from kit.db import Database
from tests.agenda.test_listing import counted_statements
from tests.factories.events import LOUISE, NOON, draft, place_values, published, received

pytestmark = pytest.mark.usefixtures("noon")
DAY = timedelta(days=1)


@pytest.fixture
def full(db: Database) -> Event:
    """A few events; gives one of ours that says everything."""

    def fill(session: Session) -> Event:
        draft(session, "Brouillon secret")
        received(
            session,
            "Bal d’été",
            NOON + DAY,
            tags=[ReceivedTag("Danser")],
            url="https://grange.example/agenda/bal",
        )
        published(session, "Hier", NOON - DAY)
        return published(
            session,
            "Soupe & contes",
            NOON + timedelta(hours=6),
            description="Une soupe **chaude**. <b>non</b>",
            place=place_values("Le Café", latitude=44.3, longitude=5.1),
            tags=["Manger"],
            price="Prix libre",
            wheelchair=True,
            travel="Un minibus rentre\nÀ 23 h.",
        )

    return db.write(fill)


def test_agenda_shows_what_comes_by_day(client: TestClient, full: Event) -> None:
    page = client.get("/agenda").text
    assert page.index("Soupe &amp; contes") < page.index("Bal d’été")
    assert "Saturday 21 November" in page
    assert "Today · 1 event" in page
    assert "La Grange aux Loriots" in page
    assert "Brouillon secret" not in page
    assert ">Hier<" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=ETE", "Bal"), ("tag=manger", "Soupe"), ("place=le-cafe", "Soupe"), ("node=grange.example", "Bal"),
     ("accessible=1", "Soupe"), ("from=2026-11-22&to=2026-11-22", "Bal")],
)  # fmt: skip
def test_filters_of_the_page(client: TestClient, full: Event, query: str, found: str) -> None:
    titles = {
        title
        for title in ("Soupe &amp; contes</a>", "Bal d’été</a>")
        if title in client.get(f"/agenda?{query}").text
    }
    assert [title.startswith(found) for title in titles] == [True]


def test_strange_filters_are_named(client: TestClient, full: Event) -> None:
    for query in ("from=hier", "page=0", "month=2026-99", "page=x", "free=perhaps"):
        assert client.get(f"/agenda?{query}").status_code == 422
    assert client.get("/agenda?q=%00").status_code == 422
    assert client.get("/agenda?tag=%27&place=%22&node=%5C&q=%25_").status_code == 200


def test_nothing_found_says_what_to_do(client: TestClient, full: Event) -> None:
    assert "See the whole agenda" in client.get("/agenda?q=zzz").text


def test_event_page_says_everything(client: TestClient, full: Event) -> None:
    page = client.get(f"/agenda/{full.slug}").text
    said = ("Soupe &amp; contes", "Saturday 21 November 2026", "from 7:00 pm to 9:00 pm", "Paris time")
    where = ("Le Café", "3, chemin du Fournil", "Les Hauts-Prés", "openstreetmap.org", "Un minibus rentre")
    more = ("Prix libre", "Wheelchair access", "<strong>chaude</strong>", "&lt;b&gt;non&lt;/b&gt;")
    for words in (*said, *where, *more, f"/agenda/{full.slug}.ics"):
        assert words in page, words
    start = page.index('<script type="application/ld+json">')
    told = json.loads(page[start:].split(">", 1)[1].split("</script>")[0])
    assert (told["@type"], told["name"]) == ("Event", "Soupe & contes")
    assert told["startDate"] == "2026-11-21T19:00:00+01:00"


def test_received_event_leads_to_its_own_page(client: TestClient, full: Event) -> None:
    page = client.get("/agenda/bal-d-ete").text
    assert '<link rel="canonical" href="https://grange.example/agenda/bal">' in page
    assert "Read it at La Grange aux Loriots" in page


def test_draft_and_unknown_pages_do_not_exist(client: TestClient, full: Event) -> None:
    assert client.get("/agenda/brouillon-secret").status_code == 404
    assert client.get("/agenda/rien").status_code == 404
    assert client.get("/agenda/brouillon-secret.ics").status_code == 404


def test_cancelled_event_says_so(client: TestClient, db: Database, full: Event) -> None:
    db.write(lambda session: states.cancel(session, LOUISE, full.id, "La neige."))
    assert "This event is cancelled." in client.get(f"/agenda/{full.slug}").text
    assert "La neige." in client.get(f"/agenda/{full.slug}").text
    assert "Cancelled" in client.get("/agenda").text


def test_past_events_have_their_page(client: TestClient, full: Event) -> None:
    page = client.get("/agenda/past").text
    assert "Hier</a>" in page
    assert "Soupe" not in page


def test_page_is_answered_304_until_something_changes(client: TestClient, db: Database, full: Event) -> None:
    for address in ("/agenda", f"/agenda/{full.slug}", "/agenda.json", "/agenda.ics", "/agenda.rss"):
        tag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304, address
    tag = client.get("/agenda").headers["etag"]
    assert client.get("/agenda", headers={"if-none-match": tag, "accept-language": "fr"}).status_code == 200
    db.write(lambda session: states.cancel(session, LOUISE, full.id))
    assert client.get("/agenda", headers={"if-none-match": tag}).status_code == 200


def test_calendar_is_read_by_others(client: TestClient, full: Event) -> None:
    answer = client.get("/agenda.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events: list[Any] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Soupe & contes", "Bal d’été"]
    assert events[0]["dtstart"].dt == NOON + timedelta(hours=6)
    assert "Le Café" in str(events[0]["location"])
    one = icalendar.Calendar.from_ical(client.get(f"/agenda/{full.slug}.ics").content).walk("VEVENT")
    assert str(one[0]["uid"]) == str(events[0]["uid"])
    filtered = icalendar.Calendar.from_ical(client.get("/agenda.ics?tag=manger").content).walk("VEVENT")
    assert len(filtered) == 1


def test_rss_is_well_formed(client: TestClient, full: Event) -> None:
    root = ElementTree.fromstring(client.get("/agenda.rss").content)  # noqa: S314 - our own output
    assert {item.findtext("title") for item in root.iter("item")} == {"Soupe & contes", "Bal d’été"}


def test_json_is_for_machines_of_any_site(client: TestClient, full: Event) -> None:
    answer = client.get("/agenda.json?limit=1")
    assert answer.headers["access-control-allow-origin"] == "*"
    told: dict[str, Any] = answer.json()
    (item,) = told["items"]
    assert item["start"] == "2026-11-21T18:00:00Z"
    assert item["node"] == {"name": "Le Café d’essai", "url": "http://127.0.0.1:8199", "is_here": True}
    second = client.get(told["next"].removeprefix("http://127.0.0.1:8199")).json()
    assert [one["name"] for one in second["items"]] == ["Bal d’été"]


def test_only_the_frame_may_be_framed(client: TestClient, full: Event) -> None:
    assert "frame-ancestors *" in client.get("/agenda/embed").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in client.get("/agenda").headers["content-security-policy"]
    assert "Soupe" in client.get("/agenda/embed").text


def test_poster_is_drawn_and_kept(client: TestClient, full: Event) -> None:
    answer = client.get(f"/agenda/posters/{full.id}.svg?icon=bowl-steam&accent=D0122D")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("<svg")
    assert client.get(f"/agenda/posters/{full.id}.svg?accent=%22%3E").status_code == 422


def test_pictures_folder_gives_nothing_else(client: TestClient) -> None:
    for name in ("..%2F..%2Fnode.db", "x.webp", "0" * 32 + "-361.webp"):
        assert client.get(f"/files/agenda/{name}").status_code == 404


def test_pages_take_few_statements(client: TestClient, db: Database, full: Event) -> None:
    def more(session: Session) -> None:
        for number in range(20):
            published(
                session,
                f"Jeux {number}",
                NOON + number * DAY,
                tags=["Jouer", f"T{number}"],
                place=place_values(),
            )

    client.get("/agenda")
    for address, most in (("/agenda", 14), (f"/agenda/{full.slug}", 10), ("/agenda.json", 7)):
        with counted_statements() as few:
            client.get(address)
        assert len(few) <= most, (address, few)
    db.write(more)
    with counted_statements() as many:
        client.get("/agenda")
    assert len(many) <= 14


def test_calendar_keeps_long_and_strange_texts(db: Database) -> None:
    name = "Fête; à l’été, \\ jusqu’au bout " + "é" * 120
    event = db.write(lambda session: published(session, name, description="Ligne\n\nAutre; ligne, fin\\"))
    with db.read() as session:
        data = calendar([whole_event(session, event.id)], "Été; chez, nous", "https://cafe.example")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    read: Any = icalendar.Calendar.from_ical(data)
    (part,) = read.walk("VEVENT")
    assert str(part["summary"]) == name
    assert str(part["description"]) == "Ligne Autre; ligne, fin\\"
