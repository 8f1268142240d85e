"""From draft to archive, and back."""

from datetime import timedelta

import pytest

from agenda.facts import EventCancelled, EventChanged, EventPublished, EventWithdrawn
from agenda.refusals import WrongState
from agenda.service import states
from kit.db import Database
from kit.errors import Invalid
from tests.factories.events import LOUISE, NOON, draft, published

pytestmark = pytest.mark.usefixtures("noon")


def test_publishing_lists_and_tells(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    assert (event.status, event.listed, event.status_by) == ("published", True, LOUISE.person_id)
    assert told_facts == [EventPublished(event.id)]
    again = db.write(lambda session: states.publish(session, LOUISE, event.id))
    assert again.updated_at == event.updated_at
    assert len(told_facts) == 1


def test_unpublishing_withdraws(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    back = db.write(lambda session: states.unpublish(session, LOUISE, event.id))
    assert (back.status, back.listed) == ("draft", False)
    assert told_facts[-1] == EventWithdrawn(event.id)


def test_cancelling_keeps_the_event_and_its_reason(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    cancelled = db.write(lambda session: states.cancel(session, LOUISE, event.id, " La neige. "))
    assert (cancelled.status, cancelled.status_note, cancelled.listed) == ("cancelled", "La neige.", True)
    assert told_facts[-1] == EventCancelled(event.id, "La neige.")
    db.write(lambda session: states.cancel(session, LOUISE, event.id, "La neige."))
    assert len(told_facts) == 2


def test_cancelled_event_may_take_place_after_all(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    db.write(lambda session: states.cancel(session, LOUISE, event.id))
    resumed = db.write(lambda session: states.resume(session, LOUISE, event.id))
    assert (resumed.status, resumed.status_note) == ("published", "")
    assert told_facts[-1] == EventChanged(event.id)


def test_postponed_then_online(db: Database) -> None:
    event = db.write(lambda session: published(session))
    db.write(lambda session: states.postpone(session, LOUISE, event.id, "En mars."))
    moved = db.write(
        lambda session: states.move_online(session, LOUISE, event.id, "https://visio.example/bal")
    )
    assert (moved.status, moved.online_url) == ("moved_online", "https://visio.example/bal")
    with pytest.raises(Invalid):
        db.write(lambda session: states.move_online(session, LOUISE, event.id, "visio"))


def test_draft_cannot_be_cancelled(db: Database) -> None:
    event = db.write(lambda session: draft(session))
    with pytest.raises(WrongState) as refusal:
        db.write(lambda session: states.cancel(session, LOUISE, event.id))
    assert "Bal folk" in refusal.value.sentence


def test_archive_and_back(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session))
    db.write(lambda session: states.cancel(session, LOUISE, event.id, "La neige."))
    archived = db.write(lambda session: states.archive(session, LOUISE, event.id))
    assert (archived.status, archived.listed) == ("archived", False)
    assert told_facts[-1:] == [EventWithdrawn(event.id)]
    restored = db.write(lambda session: states.restore(session, LOUISE, event.id))
    assert (restored.status, restored.status_note, restored.listed) == ("cancelled", "La neige.", True)
    assert told_facts[-1:] == [EventPublished(event.id)]


def test_archiving_the_past_tells_nobody(db: Database, told_facts: list[object]) -> None:
    event = db.write(lambda session: published(session, start=NOON - timedelta(days=30)))
    told_facts.clear()
    db.write(lambda session: states.archive(session, LOUISE, event.id))
    assert told_facts == []
