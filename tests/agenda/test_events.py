"""Own events: created, edited, copied, deleted; what is refused, and how it is said."""

from datetime import UTC, datetime, timedelta

import pytest

from agenda.facts import EventChanged, EventWithdrawn
from agenda.models.event import DELETED, DRAFT, Event
from agenda.queries.finding import whole_event
from agenda.queries.marks import agenda_version
from agenda.refusals import NoSuchEvent, NoSuchPlace, NotOurs, SameEventTwice
from agenda.schemas import EventPatch
from agenda.service.events import create_event, delete_event, duplicate_event, edit_event, patch_event
from kit.db import Database
from kit.errors import Invalid
from kit.ids import new_id
from tests.factories.events import LOUISE, NOON, draft, event_values, place_values, published, received

pytestmark = pytest.mark.usefixtures("noon")


def test_event_keeps_what_was_said(db: Database) -> None:
    values = event_values(
        "Bal folk : Les Pieds dans l’Ouvette",
        description="Venez **danser** <script>x</script>",
        place=place_values(),
        tags=["Danser", "#danser", "Musique"],
        price="5 à 8 €",
        capacity=120,
        places_left=14,
        wheelchair=True,
    )
    event = db.write(lambda session: create_event(session, LOUISE, values))
    assert (event.status, event.slug) == (DRAFT, "bal-folk-les-pieds-dans-l-ouvette")
    assert [tag.name for tag in event.tags] == ["Danser", "Musique"]
    assert event.tags[0].icon == "music-notes"
    assert event.place is not None
    assert event.place.name == "La Grange"
    assert "<strong>danser</strong>" in event.description
    assert "<script>" not in event.description
    assert (event.day, event.until, event.places_taken) == ("2026-11-21", NOON + timedelta(hours=2), 106)
    assert "les hauts pres" in event.search


def test_day_is_the_one_of_the_place(db: Database) -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    event = db.write(lambda session: draft(session, start=late))
    assert event.day == "2026-11-22"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"end": NOON}, "end"),
        ({"end": NOON + timedelta(days=400)}, "end"),
        ({"start": datetime(1066, 10, 14, tzinfo=UTC), "end": None}, "start"),
        ({"start": datetime(2026, 1, 1), "end": None}, "start"),  # noqa: DTZ001 - the mistake under test
        ({"name": "   "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 5, "places_left": 6}, "places_left"),
        ({"places_left": -1}, "places_left"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"booking_url": "javascript:alert(1)"}, "booking_url"),
        ({"picture": "abc"}, "picture_alt"),
        ({"tags": ["…"]}, "tags"),
        ({"place": place_values(latitude=91.0, longitude=0.0)}, "place.latitude"),
        ({"place": place_values(latitude=45.0)}, "place.latitude"),
        ({"place": place_values(latitude=float("nan"), longitude=1.0)}, "place.latitude"),
        ({"place": place_values(country="France")}, "place.country"),
    ],
)
def test_wrong_field_is_named(db: Database, more: dict[str, object], field: str) -> None:
    values = event_values(**more)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        db.write(lambda session: create_event(session, LOUISE, values))
    assert field in refusal.value.fields


def test_same_name_and_start_twice_names_the_other(db: Database) -> None:
    db.write(lambda session: draft(session, "Bal d’été"))
    with pytest.raises(SameEventTwice) as refusal:
        db.write(lambda session: draft(session, "BAL D'ETE"))
    assert "Bal d’été" in refusal.value.sentence
    other_hour = db.write(lambda session: draft(session, "Bal d’été", NOON + timedelta(hours=1)))
    assert other_hour.slug == "bal-d-ete-2026-11-21"


def test_same_event_at_another_node_is_another_event(db: Database) -> None:
    db.write(lambda session: received(session))
    assert db.write(lambda session: draft(session)).slug == "bal-folk-2026-11-21"


def test_unknown_place_is_refused(db: Database) -> None:
    with pytest.raises(NoSuchPlace):
        db.write(lambda session: draft(session, place_id=new_id()))


def test_edit_moves_version_and_time(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    told_facts.clear()
    with db.read() as session:
        before = agenda_version(session)
    changed = db.write(
        lambda session: edit_event(session, LOUISE, event.id, event_values("Bal trad", tags=["Danser"]))
    )
    with db.read() as session:
        assert agenda_version(session) > before
    assert changed.updated_at > event.updated_at
    assert (changed.name, changed.slug, changed.folded_name) == ("Bal trad", "bal-folk", "bal trad")
    assert told_facts == [EventChanged(event.id)]


def test_editing_a_draft_tells_nobody(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: draft(session))
    changed = db.write(lambda session: edit_event(session, LOUISE, event.id, event_values("Soupe")))
    assert changed.slug == "soupe"
    assert told_facts == []


def test_patch_keeps_the_rest(db: Database) -> None:
    event = db.write(lambda session: draft(session, place=place_values(), tags=["Danser"], price="5 €"))
    patched = db.write(lambda session: patch_event(session, LOUISE, event.id, EventPatch(price="6 €")))
    assert (patched.price, patched.name) == ("6 €", "Bal folk")
    assert [tag.name for tag in patched.tags] == ["Danser"]
    assert patched.place is not None
    without = db.write(lambda session: patch_event(session, LOUISE, event.id, EventPatch(place_id=None)))
    assert without.place is None


def test_copy_goes_to_the_first_free_week(db: Database) -> None:
    event = db.write(lambda session: published(session, start=datetime(2026, 10, 20, 18, 0, tzinfo=UTC)))
    first = db.write(lambda session: duplicate_event(session, LOUISE, event.id))
    second = db.write(lambda session: duplicate_event(session, LOUISE, event.id))
    assert (first.status, first.start.day, first.start.hour) == (DRAFT, 27, 19)
    assert second.start.day == 3


def test_draft_is_deleted_without_a_trace(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: draft(session, tags=["Danser"]))
    db.write(lambda session: delete_event(session, LOUISE, event.id))
    with db.read() as session:
        assert session.get(Event, event.id) is None
    assert told_facts == []


def test_published_event_leaves_a_tombstone(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session, description="secret", place=place_values()))
    told_facts.clear()
    db.write(lambda session: delete_event(session, LOUISE, event.id))
    with db.read() as session:
        row = session.get(Event, event.id)
        assert row is not None
        assert (row.status, row.listed, row.description) == (DELETED, False, "")
        with pytest.raises(NoSuchEvent):
            whole_event(session, event.id)
    assert told_facts == [EventWithdrawn(event.id)]


def test_event_of_another_collective_is_theirs(db: Database) -> None:
    event = db.write(lambda session: received(session))
    with pytest.raises(NotOurs):
        db.write(lambda session: delete_event(session, LOUISE, event.id))
