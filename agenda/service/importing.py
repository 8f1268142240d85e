"""Events brought from a file, as drafts; those that are already there are left alone."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from agenda.feeds.ical import calendar
from agenda.feeds.table import read_file
from agenda.queries.listing import all_own
from agenda.refusals import SameEventTwice
from agenda.schemas import EventValues
from agenda.service.audit import note
from agenda.service.events import create_event
from config.collective import Collective
from kit.auth import Principal
from kit.choices import read_choice
from kit.i18n import _, ngettext

COMMAND = Principal(name="hameau")


def add_drafts(session: Session, by: Principal, found: Sequence[EventValues]) -> int:
    """Write those that have no twin; says how many that was."""
    added = 0
    for values in found:
        try:
            create_event(session, by, values)
            added += 1
        except SameEventTwice:
            continue
    note(session, by, "event.imported", "event:", str(added))
    return added


def export_events(session: Session) -> Iterator[bytes]:
    """All own events, past ones and drafts too, as iCalendar."""
    yield calendar(all_own(session), read_choice(session, Collective).name, "")


def import_events(session: Session, data: bytes) -> str:
    """A CSV or iCalendar file, as drafts; what cannot be read is counted. Raises FileNotReadable."""
    lines = read_file(data, read_choice(session, Collective).timezone)
    good = [line.values for line in lines if line.values is not None]
    added = add_drafts(session, COMMAND, good)
    text = ngettext("{count} event was added as a draft.", "{count} events were added as drafts.", added)
    left = len(lines) - added
    more = _("{count} lines were left out.").format(count=left) if left else ""
    return f"{text.format(count=added)} {more}".strip()
