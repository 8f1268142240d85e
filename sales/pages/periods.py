"""Some business days, as pages ask for them: the last seven when nothing is said."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from kit import clock
from kit.errors import Invalid
from kit.i18n import _
from kit.web import Call
from sales.service.noting import calendar_of

WEEK = 7
FIRST_YEAR, LAST_YEAR = 2000, 9000
LONGEST = timedelta(days=3700)
ONE_DAY = timedelta(days=1)


class Days(Struct, frozen=True):
    """Business days of the collective, both included."""

    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""


@dataclass(frozen=True)
class Period:
    """Days, and when they begin and end by the clock; `wrong` says why others were asked for."""

    since: date
    until: date
    today: date
    moments: tuple[datetime, datetime]
    wrong: Invalid | None = None


def period_of(call: Call, session: Session) -> Period:
    """What the address asks for; the last seven days when it cannot be read."""
    calendar = calendar_of(session)
    today, wrong = calendar.day(clock.now()), None
    since, until = today - timedelta(days=WEEK - 1), today
    try:
        asked = call.query(Days)
        until = read_day("until", asked.until) or until
        since = read_day("since", asked.since) or until - timedelta(days=WEEK - 1)
        _refuse_backwards(since, until)
    except Invalid as refusal:
        wrong, since, until = refusal, today - timedelta(days=WEEK - 1), today
    dawn, zone = time(calendar.pivot), ZoneInfo(calendar.zone)
    moments = _at(since, dawn, zone), _at(until + ONE_DAY, dawn, zone)
    return Period(since, until, today, moments, wrong)


def read_day(name: str, text: str) -> date | None:
    """A day that was written; None when none was. Raises Invalid on the field `name`."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields={name: _("I write a day.")}) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(fields={name: _("I write a day.")})
    return day


def _refuse_backwards(since: date, until: date) -> None:
    if until < since:
        raise Invalid(fields={"until": _("The last day comes after the first one.")})
    if until - since > LONGEST:
        raise Invalid(fields={"since": _("Ten years at most.")})


def _at(day: date, dawn: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, dawn, zone).astimezone(UTC)
