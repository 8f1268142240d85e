"""The log: who did what, when."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.web import Call, page, read
from people.pages.sign_in import private
from people.queries import journal
from people.schemas import JournalFilter
from people.words import KIND_WORDS

READ = "audit.read"


@read
def show(call: Call, session: Session) -> Response:
    """The newest acts first, fifty at a time."""
    asked = call.query(JournalFilter)
    found = journal.read_journal(session, _wanted(call, asked), asked.before)
    return call.page(
        "people/journal.html",
        found=found,
        asked=asked,
        kind_words=KIND_WORDS,
        kinds=journal.kinds(session),
        authors=journal.authors(session),
    )


@read
def export(call: Call, session: Session) -> Response:
    """The same acts as a table for a spreadsheet."""
    wanted = _wanted(call, call.query(JournalFilter))
    body = b"".join(journal.journal_csv(session, wanted))
    response = private(Response(body, media_type="text/csv; charset=utf-8"))
    response.headers["content-disposition"] = 'attachment; filename="journal.csv"'
    return response


def _wanted(call: Call, asked: JournalFilter) -> journal.Wanted:
    """Days as they are counted at the collective's place; the last day is included."""
    zone = ZoneInfo(call.collective.timezone)
    since = _midnight(asked.since, zone) if asked.since else None
    until = _midnight(asked.until, zone, days=1) if asked.until else None
    return journal.Wanted(asked.q, asked.who, asked.kind, since, until)


def _midnight(day: date, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The first instant of a day; None at the edges of the calendar."""
    try:
        return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)
    except OverflowError:
        return None


DOORS = (
    page("GET", "/admin/audit", "people.journal", show, needs=READ, summary="The log"),
    page("GET", "/admin/audit.csv", "people.journal_csv", export, needs=READ, summary="The log as a table"),
)
