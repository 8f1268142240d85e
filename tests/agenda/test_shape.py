"""Events as nodes tell them: what we write, that we read it back, and what others write."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from agenda.federated.reading import read_event
from agenda.federated.shape import activity, event_document, event_object
from agenda.queries.finding import whole_event
from agenda.refusals import NotReadable
from agenda.schemas import TagValues
from agenda.service.states import cancel
from agenda.service.tags import create_tag
from config.collective import Collective
from kit.db import Database
from tests.factories.events import LOUISE, NOON, mobilizon, place_values, published

HOME, ACTOR = "https://cafe.example", "https://cafe.example/actor"
HOUSE = Collective(name="Le Café", language="fr")


@pytest.fixture
def document(db: Database, noon: None) -> dict[str, Any]:
    """A rich event as we tell it."""

    def write(session: Session) -> dict[str, Any]:
        create_tag(session, LOUISE, TagValues(name="Danser, écouter", icon="guitar"))
        event = published(
            session,
            "Bal folk",
            description="Venez **danser**",
            place=place_values(latitude=44.25, longitude=5.5, postal_code="99121", wheelchair=True),
            tags=["Danser, écouter"],
            price="5,00 à 8,00 €",
            capacity=120,
            places_left=14,
            audience="Dès 6 ans",
            travel="Un minibus rentre",
            hearing_loop=True,
        )
        cancel(session, LOUISE, event.id, "La neige.")
        return event_document(whole_event(session, event.id), HOUSE, HOME)

    return db.write(write)


def test_shape_is_what_mastodon_mobilizon_and_gancio_read(document: dict[str, Any]) -> None:
    assert document["type"] == "Event"
    assert document["id"] == f"{HOME}/events/{document['uuid']}"
    assert document["attributedTo"] == document["actor"] == ACTOR
    assert document["startTime"] == "2026-11-21T13:00:00+01:00"
    assert (document["status"], document["eventStatus"]) == ("CANCELLED", "EventCancelled")
    assert document["summary"].startswith("Annulé. La neige. Samedi 21 novembre 2026, ")
    assert document["location"]["address"]["addressLocality"] == "Les Hauts-Prés"
    assert isinstance(document["location"]["latitude"], float)
    assert document["attachment"] == []
    assert [tag["name"] for tag in document["tag"]] == ["#DanserÉcouter"]
    assert document["joinMode"] == "none"
    assert (document["maximumAttendeeCapacity"], document["participantCount"]) == (120, 106)
    contexts = [one for one in document["@context"] if isinstance(one, str)]
    assert all("hameau" not in address for address in contexts)


def test_what_we_write_we_read_back(document: dict[str, Any]) -> None:
    told = read_event(json.loads(json.dumps(document)), ACTOR, NOON + timedelta(days=1), "Europe/Rome")
    assert (told.name, told.status, told.status_note) == ("Bal folk", "cancelled", "La neige.")
    assert (told.start, told.timezone) == (NOON, "Europe/Paris")
    assert "<strong>danser</strong>" in told.description
    assert told.place is not None
    assert (told.place.name, told.place.latitude) == ("La Grange", 44.25)
    assert [(tag.name, tag.icon) for tag in told.tags] == [("Danser, écouter", "guitar")]
    assert (told.price, told.capacity, told.places_left) == ("5,00 à 8,00 €", 120, 14)
    assert (told.wheelchair, told.hearing_loop, told.quiet) == (True, True, False)
    assert str(told.uuid) == document["uuid"]


def test_activities_name_the_actor_and_everyone(db: Database, noon: None) -> None:
    event = db.write(lambda session: whole_event(session, published(session).id))
    told = activity("Create", event, event_object(event, HOUSE, HOME), HOME)
    assert (told["actor"], told["cc"]) == (ACTOR, [f"{HOME}/followers"])
    assert told["to"] == ["https://www.w3.org/ns/activitystreams#Public"]


def test_mobilizon_is_read_and_cleaned() -> None:
    told = read_event(mobilizon(), "https://mob.example/@groupe", NOON, "Europe/Paris")
    assert told.end is None
    assert "script" not in told.description
    assert "javascript" not in told.description
    assert "onclick" not in told.description
    assert told.place is not None
    assert (told.place.city, told.place.latitude) == ("Lyon", None)
    assert (told.picture_url, told.picture_alt) == ("https://mob.example/a.jpg", "Une table")
    assert [tag.name for tag in told.tags] == ["couture", "sans type"]
    assert (told.capacity, told.places_left, told.booking_url) == (10, None, "https://billets.example/1")


@pytest.mark.parametrize(
    "more",
    [
        {"id": "https://ailleurs.example/events/1"},
        {"id": None},
        {"attributedTo": "https://ailleurs.example/actor", "actor": "https://ailleurs.example/actor"},
        {"name": ""},
        {"name": None},
        {"startTime": None},
        {"startTime": "demain"},
        {"startTime": "0001-01-01T00:00:00Z"},
        {"startTime": "9999-12-31T23:59:59-23:59"},
    ],
)
def test_event_that_cannot_be_read_is_refused_by_name(more: dict[str, Any]) -> None:
    with pytest.raises(NotReadable):
        read_event(mobilizon(**more), "https://mob.example/@groupe", NOON, "Europe/Paris")


def test_a_change_from_the_future_counts_as_now() -> None:
    told = read_event(
        mobilizon(updated="2099-01-01T00:00:00Z"), "https://mob.example/@groupe", NOON, "Europe/Paris"
    )
    assert told.updated <= NOON + timedelta(minutes=5)


def test_hour_without_offset_is_read_in_the_named_zone() -> None:
    told = read_event(
        mobilizon(startTime="2026-12-01T18:00:00", endTime=None),
        "https://mob.example/@groupe",
        NOON,
        "Europe/Paris",
    )
    assert told.start == datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def test_a_tag_that_no_screen_can_show_is_dropped() -> None:
    names = ["#Danser", "#Dan\x00ser", "Jou\u0007er", "\x00", {"x": 1}]
    tags = [{"type": "Hashtag", "name": name, "vil:icon": "gui\x00tar"} for name in names]
    found = read_event(mobilizon(tag=tags), "https://mob.example/@groupe", NOON, "Europe/Paris")
    assert [(tag.name, tag.icon) for tag in found.tags] == [("Danser", "")]
