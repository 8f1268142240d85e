"""Events of other nodes: kept from their owner alone, newest word wins, tombstones stay."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from agenda.facts import EventForgotten, EventReceived
from agenda.federated.handlers import (
    on_announce,
    on_blocked,
    on_delete,
    on_event,
    on_peering_closed,
    on_peering_opened,
)
from agenda.models.event import Event
from agenda.models.origin import Origin
from agenda.queries.finding import event_by_uri
from agenda.refusals import NotExpected, NotReadable
from agenda.schemas import ReceivedEvent
from agenda.service.received import forget_event, forget_tombstones, receive_event
from federation.facts import OriginBlocked, PeeringClosed, PeeringOpened
from federation.received import Received
from kit import clock
from kit.db import Database
from tests.factories.events import BARN, NOON, barn, mobilizon, told

pytestmark = pytest.mark.usefixtures("noon")
OURS = "https://cafe.example/actor"
GROUP = "https://mob.example/@groupe"
DAY = timedelta(days=1)


def message(
    kind: str, about: dict[str, Any], actor: str = GROUP, relation: str = "peer", at: datetime = NOON
) -> Received:
    activity = {"id": f"{actor}/1", "type": kind, "actor": actor, "object": about}
    return Received(actor=actor, activity=activity, object=about, relation=relation, at=at, own_actor=OURS)  # type: ignore[arg-type]


def hear(news: ReceivedEvent, session: Session) -> Event | None:
    return receive_event(session, barn(session), news)


def events(db: Database) -> list[Event]:
    with db.read() as session:
        return list(session.scalars(select(Event)))


def test_event_is_kept_under_its_owners_id(db: Database, told_facts: list[object]) -> None:
    news = told(tags=[], price="5 €")
    event = db.write(lambda session: receive_event(session, barn(session), news))
    assert event is not None
    assert (event.uri, event.id, event.listed, event.is_own) == (news.uri, news.uuid, True, False)
    assert told_facts == [EventReceived(event.id, news.uri)]


def test_older_and_equal_words_change_nothing(db: Database) -> None:
    news = told("Nouveau", updated=NOON)
    db.write(lambda session: receive_event(session, barn(session), news))
    for moment in (NOON, NOON - DAY):
        late = told("Ancien", uri=news.uri, updated=moment)
        assert db.write(partial(hear, late)) is None
    assert [event.name for event in events(db)] == ["Nouveau"]


def test_newer_word_wins_and_keeps_the_address(db: Database) -> None:
    news = told("Bal", updated=NOON - DAY)
    first = db.write(lambda session: receive_event(session, barn(session), news))
    later = told("Grand bal", uri=news.uri, updated=NOON, status="cancelled", status_note="La neige")
    second = db.write(lambda session: receive_event(session, barn(session), later))
    assert first is not None
    assert second is not None
    assert (second.name, second.status, second.slug) == ("Grand bal", "cancelled", first.slug)


def test_two_nodes_may_have_the_same_name_and_hour(db: Database) -> None:
    def both(session: Session) -> None:
        receive_event(session, barn(session), told("Bal"))
        other = barn(session, "https://autre.example/actor", name="Autre")
        receive_event(session, other, told("Bal", uri="https://autre.example/events/1"))

    db.write(both)
    assert sorted(event.slug for event in events(db)) == ["bal", "bal-2026-11-21"]


def test_uuid_of_an_own_event_cannot_be_taken(db: Database) -> None:
    first = db.write(lambda session: receive_event(session, barn(session), told("Un")))
    assert first is not None
    second = db.write(lambda session: receive_event(session, barn(session), told("Deux", uuid=first.id)))
    assert second is not None
    assert second.id != first.id


def test_tombstone_stays_ninety_days(db: Database, told_facts: list[object]) -> None:
    news = told("Bal", updated=NOON - DAY)
    db.write(lambda session: receive_event(session, barn(session), news))
    assert db.write(lambda session: forget_event(session, BARN, news.uri, NOON))
    assert isinstance(told_facts[-1], EventForgotten)
    again = told("Bal", uri=news.uri, updated=NOON - timedelta(hours=1))
    assert db.write(lambda session: receive_event(session, barn(session), again)) is None
    db.write(forget_tombstones)
    assert len(events(db)) == 1
    clock.use_clock(lambda: NOON + 91 * DAY)
    db.write(forget_tombstones)
    assert events(db) == []


def test_event_published_again_after_its_deletion_comes_back(db: Database) -> None:
    news = told("Bal", updated=NOON - DAY)
    db.write(lambda session: receive_event(session, barn(session), news))
    db.write(lambda session: forget_event(session, BARN, news.uri, NOON))
    again = told("Bal", uri=news.uri, updated=NOON + DAY)
    event = db.write(lambda session: receive_event(session, barn(session), again))
    assert event is not None
    assert event.listed


def test_only_the_owner_deletes(db: Database) -> None:
    news = told("Bal")
    db.write(lambda session: receive_event(session, barn(session), news))
    assert not db.write(lambda session: forget_event(session, GROUP, news.uri, NOON))
    assert [event.status for event in events(db)] == ["published"]


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_villager_tells_an_event(db: Database, kind: str) -> None:
    db.write(lambda session: on_event(session, message(kind, mobilizon())))
    (event,) = events(db)
    assert (event.name, event.timezone, event.listed) == ("Atelier", "Europe/Paris", True)
    with db.read() as session:
        assert [origin.uri for origin in session.scalars(select(Origin))] == [GROUP]


def test_stranger_is_not_listened_to(db: Database) -> None:
    with pytest.raises(NotExpected):
        db.write(lambda session: on_event(session, message("Create", mobilizon(), relation="stranger")))
    assert events(db) == []


def test_villager_cannot_speak_for_another(db: Database) -> None:
    with pytest.raises(NotReadable):
        db.write(
            lambda session: on_event(session, message("Update", mobilizon(), actor="https://x.example/a"))
        )


@pytest.mark.parametrize(
    "gone", [{"type": "Tombstone", "id": mobilizon()["id"]}, mobilizon(), {"id": mobilizon()["id"]}]
)
def test_delete_is_understood_in_every_form(db: Database, gone: dict[str, Any]) -> None:
    db.write(lambda session: on_event(session, message("Create", mobilizon())))
    db.write(lambda session: on_delete(session, message("Delete", gone)))
    assert [event.status for event in events(db)] == ["deleted"]


def test_delete_by_someone_else_changes_nothing(db: Database) -> None:
    db.write(lambda session: on_event(session, message("Create", mobilizon())))
    gone = {"type": "Tombstone", "id": mobilizon()["id"]}
    db.write(lambda session: on_delete(session, message("Delete", gone, actor="https://x.example/a")))
    assert [event.status for event in events(db)] == ["published"]


def test_announce_of_its_own_event_is_enough(db: Database) -> None:
    db.write(lambda session: on_announce(session, message("Announce", mobilizon())))
    db.write(
        lambda session: on_announce(session, message("Announce", {"id": "https://mob.example/events/2"}))
    )
    assert len(events(db)) == 1


def test_peering_closed_hides_and_opened_shows(db: Database) -> None:
    db.write(lambda session: on_event(session, message("Create", mobilizon())))
    db.write(lambda session: on_peering_closed(session, PeeringClosed(GROUP)))
    assert [event.listed for event in events(db)] == [False]
    db.write(lambda session: on_peering_opened(session, PeeringOpened(GROUP)))
    assert [event.listed for event in events(db)] == [True]
    db.write(lambda session: on_blocked(session, OriginBlocked("https://mob.example")))
    assert [event.listed for event in events(db)] == [False]


def test_unread_event_is_not_found(db: Database) -> None:
    with db.read() as session:
        assert event_by_uri(session, "https://mob.example/none") is None
