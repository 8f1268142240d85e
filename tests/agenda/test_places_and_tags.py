"""Places and tags: kept, merged, refused while they serve."""

from datetime import timedelta

import pytest

from agenda.facts import EventChanged
from agenda.pictograms import HINTS, PICTURES, guess
from agenda.queries.desk import places_with_use, tags_with_use
from agenda.queries.finding import whole_event
from agenda.refusals import NameTaken, PlaceInUse, TagInUse
from agenda.schemas import TagValues
from agenda.service.places import create_place, delete_place, edit_place, merge_place
from agenda.service.tags import create_tag, delete_tag, edit_tag, merge_tag
from kit.db import Database
from kit.errors import Invalid
from tests.factories.events import LOUISE, NOON, draft, place_values, published, received

pytestmark = pytest.mark.usefixtures("noon")


def test_guessed_pictures_are_those_of_the_house() -> None:
    assert set(HINTS) <= PICTURES
    assert (guess("musique-et-danse"), guess("quoi")) == ("music-notes", "star")


def test_same_place_twice_is_refused(db: Database) -> None:
    db.write(lambda session: create_place(session, LOUISE, place_values()))
    with pytest.raises(NameTaken):
        db.write(lambda session: create_place(session, LOUISE, place_values("la grange")))
    other = db.write(lambda session: create_place(session, LOUISE, place_values(city="Sault")))
    assert other.slug == "la-grange-sault"


def test_place_in_use_stays_until_merged(db: Database) -> None:
    event = db.write(lambda session: draft(session, place=place_values()))
    other = db.write(lambda session: create_place(session, LOUISE, place_values("Bar")))
    assert event.place_id is not None
    place_id = event.place_id
    with pytest.raises(PlaceInUse):
        db.write(lambda session: delete_place(session, LOUISE, place_id))
    db.write(lambda session: merge_place(session, LOUISE, place_id, other.id))
    with db.read() as session:
        assert whole_event(session, event.id).place_id == other.id
        assert [(used.row.name, used.events) for used in places_with_use(session)] == [("Bar", 1)]


def test_place_is_edited_in_place(db: Database) -> None:
    place = db.write(lambda session: create_place(session, LOUISE, place_values()))
    values = place_values(latitude=45.5, longitude=4.25)
    edited = db.write(lambda session: edit_place(session, LOUISE, place.id, values))
    assert "mlat=45.500000" in edited.map_url


def test_tag_is_chosen_worn_and_merged(db: Database) -> None:
    tag = db.write(lambda session: create_tag(session, LOUISE, TagValues(name="Danser", icon="music-notes")))
    with pytest.raises(NameTaken):
        db.write(lambda session: create_tag(session, LOUISE, TagValues(name="danser")))
    event = db.write(lambda session: draft(session, tags=["Danser", "Bal"]))
    with pytest.raises(TagInUse):
        db.write(lambda session: delete_tag(session, LOUISE, tag.id))
    ball = event.tags[1]
    db.write(lambda session: merge_tag(session, LOUISE, ball.id, tag.id))
    with db.read() as session:
        assert [tag.slug for tag in whole_event(session, event.id).tags] == ["danser"]
        assert [(used.row.name, used.events) for used in tags_with_use(session)] == [("Danser", 1)]


def test_tag_that_came_from_afar_may_be_taken_over(db: Database) -> None:
    from agenda.schemas import ReceivedTag

    event = db.write(lambda session: received(session, tags=[ReceivedTag("Vélo", "bicycle")]))
    with db.read() as session:
        tag = whole_event(session, event.id).tags[0]
    assert (tag.is_own, tag.icon) == (False, "bicycle")
    kept = db.write(lambda session: create_tag(session, LOUISE, TagValues(name="Vélo", icon="wrench")))
    assert (kept.id, kept.is_own, kept.icon) == (tag.id, True, "wrench")


def test_tag_needs_a_known_picture(db: Database) -> None:
    with pytest.raises(Invalid) as refusal:
        db.write(
            lambda session: create_tag(session, LOUISE, TagValues(name="!", icon="dragon", colour="pink"))
        )
    assert set(refusal.value.fields) == {"name", "icon", "colour"}


def test_tag_is_renamed(db: Database) -> None:
    tag = db.write(lambda session: create_tag(session, LOUISE, TagValues(name="Danser")))
    edited = db.write(lambda session: edit_tag(session, LOUISE, tag.id, TagValues(name="Écouter")))
    assert edited.slug == "ecouter"


def test_change_of_a_place_is_told_for_what_is_to_come(db: Database, told_facts: list[object]) -> None:
    coming = db.write(lambda session: published(session, "Bal", place=place_values()))
    db.write(lambda session: published(session, "Hier", NOON - timedelta(days=2), place=place_values()))
    hidden = db.write(lambda session: draft(session, "Soupe", place=place_values()))
    told_facts.clear()
    place_id = coming.place_id
    assert place_id is not None
    db.write(lambda session: edit_place(session, LOUISE, place_id, place_values("Le Grenier")))
    assert told_facts == [EventChanged(coming.id)]
    with db.read() as session:
        found = whole_event(session, coming.id)
        assert "le grenier" in found.search
        assert found.updated_at > coming.updated_at
        assert "le grenier" in whole_event(session, hidden.id).search


def test_change_of_a_tag_is_told_too(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session, "Bal", tags=["Danser"]))
    told_facts.clear()
    tag_id = event.tags[0].id
    db.write(lambda session: edit_tag(session, LOUISE, tag_id, TagValues(name="Valser")))
    assert told_facts == [EventChanged(event.id)]
