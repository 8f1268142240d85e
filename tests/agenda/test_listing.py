"""The merged agenda: what is shown, in which order, with how many statements, at what cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from agenda.queries.listing import coming, cursor_of, going_on, gone_by
from agenda.queries.side import busy_days, nodes_with_counts
from agenda.schemas import AgendaFilter, ReceivedTag
from agenda.service.origins import show_origin
from agenda.times import Month
from agenda.wanted import Wanted, read_wanted
from kit.db import Database
from kit.errors import BadCursor, Invalid
from tests.factories.events import BARN, NOON, draft, place_values, published, received

pytestmark = pytest.mark.usefixtures("noon")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wanted(**asked: Any) -> Wanted:
    return read_wanted(AgendaFilter(**asked), NOON, "Europe/Paris", "cafe.example")


def names(db: Database, **asked: Any) -> list[str]:
    with db.read() as session:
        return [event.name for event in coming(session, wanted(**asked), most=50)]


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def _full(db: Database) -> None:
    """A few events of every kind around noon."""

    def fill(session: Session) -> None:
        published(session, "Hier", NOON - DAY)
        published(session, "Finie ce matin", NOON - 5 * HOUR)
        published(session, "En cours", NOON - HOUR, tags=["Danser"], is_free=True)
        published(
            session, "Soupe du soir", NOON + 6 * HOUR, place=place_values("Café", city="Sault-l’Ouvette")
        )
        published(session, "Exposition", NOON - 3 * DAY, end=NOON + 3 * DAY)
        draft(session, "Brouillon", NOON + HOUR)
        received(session, "Bal d’été", NOON + DAY, tags=[ReceivedTag("danser")], wheelchair=True)

    db.write(fill)


@pytest.mark.usefixtures("_full")
def test_agenda_shows_what_is_to_come_in_order(db: Database) -> None:
    assert names(db) == ["En cours", "Soupe du soir", "Bal d’été"]


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ete"}, ["Bal d’été"]),
        ({"q": "BAL loriots"}, ["Bal d’été"]),
        ({"q": "100%_"}, []),
        ({"tag": "danser"}, ["En cours", "Bal d’été"]),
        ({"place": "cafe"}, ["Soupe du soir"]),
        ({"node": ["here"]}, ["En cours", "Soupe du soir"]),
        ({"node": ["https://cafe.example"]}, ["En cours", "Soupe du soir"]),
        ({"node": ["grange.example"]}, ["Bal d’été"]),
        ({"node": ["here", "grange.example"]}, ["En cours", "Soupe du soir", "Bal d’été"]),
        ({"node": ["%"]}, []),
        ({"free": True}, ["En cours"]),
        ({"accessible": True}, ["Bal d’été"]),
        ({"since": "2026-11-21", "until": "2026-11-21"}, ["Finie ce matin", "En cours", "Soupe du soir"]),
        ({"since": "2026-11-20", "until": "2026-11-20"}, ["Hier"]),
        ({"month": "2026-12"}, []),
        ({"tag": "x' OR 1=1 --"}, []),
    ],
)
def test_filters(db: Database, asked: dict[str, Any], found: list[str]) -> None:
    assert names(db, **asked) == found


@pytest.mark.usefixtures("_full")
def test_what_lasts_and_what_is_past(db: Database) -> None:
    with db.read() as session:
        assert [event.name for event in going_on(session, wanted(), most=9)] == ["Exposition"]
        assert [event.name for event in gone_by(session, wanted(), most=9)] == ["Finie ce matin", "Hier"]


@pytest.mark.usefixtures("_full")
def test_cursor_goes_on_where_the_list_stopped(db: Database) -> None:
    with db.read() as session:
        first = coming(session, wanted(), most=2)
        rest = coming(session, wanted(), most=2, after=cursor_of(first[-1]))
        assert [event.name for event in rest] == ["Bal d’été"]
        for broken in ("%%%", "YQ", "MjAyNi0xMS0yMXwyMDI2fHg", "é"):
            with pytest.raises(BadCursor):
                coming(session, wanted(), most=2, after=broken)


@pytest.mark.parametrize("asked", [{"since": "demain"}, {"until": "0001-01-01"}, {"month": "2026-13"}])
def test_strange_days_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        wanted(**asked)


def test_days_backwards_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        wanted(since="2026-11-22", until="2026-11-21")
    assert "to" in refusal.value.fields


@pytest.mark.usefixtures("_full")
def test_beside_the_agenda(db: Database) -> None:
    with db.read() as session:
        assert {"2026-11-20", "2026-11-21", "2026-11-22"} <= busy_days(
            session, Month(2026, 11), wanted().today
        )
        counts = nodes_with_counts(session, wanted().today)
        assert [(count.origin.name if count.origin else "", count.events) for count in counts] == [
            ("", 3),
            ("La Grange aux Loriots", 1),
        ]


@pytest.mark.usefixtures("_full")
def test_closed_exchange_hides_and_shows_again(db: Database) -> None:
    db.write(lambda session: show_origin(session, BARN, shown=False))
    assert names(db) == ["En cours", "Soupe du soir"]
    db.write(lambda session: show_origin(session, BARN, shown=True))
    assert names(db) == ["En cours", "Soupe du soir", "Bal d’été"]


def test_list_takes_two_statements_however_long(db: Database) -> None:
    start = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)

    def fill(session: Session) -> None:
        for number in range(30):
            published(session, f"Jeux {number}", start + number * DAY, tags=["Jouer"], place=place_values())

    db.write(fill)
    with counted_statements() as seen, db.read() as session:
        events = coming(session, wanted(), most=24)
        assert {event.tags[0].name for event in events} == {"Jouer"}
        assert {event.place.name for event in events if event.place} == {"La Grange"}
    assert len(events) == 24
    assert len(seen) == 2
