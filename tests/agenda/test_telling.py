"""Facts of own events become rows of the outbox, in the same transaction."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from agenda.federated.telling import LISTENERS, Home
from agenda.schemas import EventPatch
from agenda.service import states
from agenda.service.events import delete_event, patch_event
from federation.models.outbox import OutboxActivity
from kit import clock
from kit.choices import save_choice
from kit.db import Database
from tests.factories.events import LOUISE, NOON, published

HOME = "https://cafe.example"


@pytest.fixture
def talking(db: Database) -> Iterator[Database]:
    """A node that knows its address and tells what happens; a second passes with each look at the clock."""
    ticks = count()
    clock.use_clock(lambda: NOON + timedelta(seconds=next(ticks)))
    db.listeners = LISTENERS
    db.write(lambda session: save_choice(session, Home(HOME)))
    yield db
    clock.use_clock(None)


def sent(db: Database) -> list[dict[str, Any]]:
    with db.read() as session:
        rows = session.scalars(select(OutboxActivity).order_by(OutboxActivity.created_at, OutboxActivity.id))
        return [row.body for row in rows]


def test_new_event_is_created_then_announced(talking: Database) -> None:
    event = talking.write(lambda session: published(session, tags=["Danser"]))
    create, announce = sent(talking)
    assert (create["type"], announce["type"]) == ("Create", "Announce")
    assert create["actor"] == f"{HOME}/actor"
    assert create["object"]["id"] == announce["object"] == f"{HOME}/events/{event.id}"
    assert create["object"]["tag"][0]["name"] == "#Danser"


def test_change_and_cancellation_are_updates(talking: Database) -> None:
    event = talking.write(lambda session: published(session))
    talking.write(lambda session: patch_event(session, LOUISE, event.id, EventPatch(price="5 €")))
    talking.write(lambda session: states.cancel(session, LOUISE, event.id, "La neige."))
    *_, change, cancellation = sent(talking)
    assert (change["type"], change["object"]["vil:price"]) == ("Update", "5 €")
    assert (cancellation["object"]["status"], cancellation["object"]["vil:statusNote"]) == (
        "CANCELLED",
        "La neige.",
    )
    assert change["object"]["updated"] < cancellation["object"]["updated"]


@pytest.mark.parametrize("verb", [states.unpublish, states.archive, delete_event])
def test_withdrawn_event_is_deleted_with_a_tombstone(talking: Database, verb: Any) -> None:
    event = talking.write(lambda session: published(session))
    talking.write(lambda session: verb(session, LOUISE, event.id))
    last = sent(talking)[-1]
    assert (last["type"], last["object"]["type"], last["object"]["formerType"]) == (
        "Delete",
        "Tombstone",
        "Event",
    )
    assert last["object"]["id"] == f"{HOME}/events/{event.id}"


def test_event_that_is_not_shared_is_told_to_nobody(talking: Database) -> None:
    event = talking.write(lambda session: published(session, do_not_share=True))
    talking.write(lambda session: delete_event(session, LOUISE, event.id))
    assert sent(talking) == []


def test_event_shared_no_more_is_deleted_elsewhere(talking: Database) -> None:
    event = talking.write(lambda session: published(session))
    talking.write(lambda session: patch_event(session, LOUISE, event.id, EventPatch(do_not_share=True)))
    assert sent(talking)[-1]["type"] == "Delete"


def test_what_is_undone_is_not_told(talking: Database) -> None:
    def broken(session: Session) -> None:
        published(session)
        raise LookupError("the unit fails")

    with pytest.raises(LookupError):
        talking.write(broken)
    assert sent(talking) == []
