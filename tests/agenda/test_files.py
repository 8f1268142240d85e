"""Events taken out and brought in: iCalendar by command, CSV on screen."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from agenda.feeds.table import FileNotReadable, read_file, table
from agenda.models.event import Event
from agenda.queries.listing import all_own
from agenda.service.importing import export_events, import_events
from kit.db import Database
from tests.factories.events import NOON, draft, place_values, published, received

pytestmark = pytest.mark.usefixtures("noon")


def names(db: Database) -> list[str]:
    with db.read() as session:
        return sorted(session.scalars(select(Event.name).where(Event.origin_id.is_(None))))


def test_export_gives_all_own_events_and_import_takes_them_back(db: Database) -> None:
    db.write(lambda session: published(session, "Bal", NOON - timedelta(days=9), place=place_values()))
    db.write(lambda session: draft(session, "Soupe"))
    db.write(lambda session: received(session, "Ailleurs"))
    with db.read() as session:
        data = b"".join(export_events(session))
    parts = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert [str(part["summary"]) for part in parts] == ["Bal", "Soupe"]
    assert db.write(lambda session: import_events(session, data)).startswith("0 events were added")
    assert names(db) == ["Bal", "Soupe"]


def test_import_reads_what_other_programs_write(db: Database) -> None:
    data = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Bal\r\n"
        "DTSTART;TZID=Europe/Paris:20261205T203000\r\nLOCATION:Salle\r\nCATEGORIES:Danse\\, musique,Bal\r\n"
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Foire\r\nDTSTART;VALUE=DATE:20261206\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Sans date\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    said = db.write(lambda session: import_events(session, data.encode()))
    assert said == "2 events were added as drafts. 1 lines were left out."
    assert names(db) == ["Bal", "Foire"]


def test_table_is_safe_to_open_and_comes_back(db: Database) -> None:
    db.write(lambda session: draft(session, "=1+1", description='Une;"ligne"\nautre', price="-5 €"))
    with db.read() as session:
        data = b"".join(table(all_own(session)))
    assert b"'=1+1" in data
    (line,) = read_file(data, "Europe/Paris")
    assert line.values is not None
    assert (line.values.name, line.values.price) == ("=1+1", "-5 €")
    assert line.values.start == NOON


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"BEGIN:VCALENDAR\nBEGIN:VEVENT", b"\x00"])
def test_strange_files_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(FileNotReadable):
        read_file(data, "Europe/Paris")
