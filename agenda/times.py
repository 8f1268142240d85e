"""Dates and hours at an event's own place: days, weekends, months, from local fields to UTC and back."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
LONGEST = timedelta(days=366)
NIGHT_ENDS = time(6)


@lru_cache(maxsize=512)
def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone."""
    return name in available_timezones()


@lru_cache(maxsize=128)
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, UTC when there is none."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def local_day(moment: datetime, name: str) -> date:
    """The calendar day of `moment` in the zone `name`."""
    return moment.astimezone(zone(name)).date()


def to_utc(day: date, hour: time, name: str) -> datetime:
    """A local day and hour as an instant. An hour that a clock change skips moves forward by the change."""
    local = datetime.combine(day, hour, tzinfo=zone(name))
    return local.astimezone(UTC)


def days_later(moment: datetime, days: int, name: str) -> datetime:
    """The same hour on the clock some days later, even when clocks change in between."""
    local = moment.astimezone(zone(name))
    return to_utc(local.date() + timedelta(days), local.time(), name)


def is_lasting(start: datetime, until: datetime, name: str) -> bool:
    """Whether it is still going on some other day; a night that ends before six does not count."""
    if until - start >= timedelta(days=1):
        return True
    first, last = start.astimezone(zone(name)), until.astimezone(zone(name))
    return first.date() < last.date() and last.time() > NIGHT_ENDS


def is_sane(moment: datetime) -> bool:
    """Whether a date is one that people mean, between 2000 and 2100."""
    return is_sane_day(moment)


def is_sane_day(day: date) -> bool:
    """The same for a day; others overflow when zones are applied."""
    return EARLIEST.year <= day.year < LATEST.year


def weekend(today: date) -> tuple[date, date]:
    """The Friday evening people call "this weekend", as Saturday and Sunday; on Sunday, the same one."""
    saturday = today if today.weekday() == 5 else today + timedelta((5 - today.weekday()) % 7)
    if today.weekday() == 6:
        return today, today
    return saturday, saturday + timedelta(1)


@dataclass(frozen=True)
class Month:
    """One month of the calendar form."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """ "2026-11" as a month, None when it is not one."""
        try:
            return cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return None

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(1))

    @property
    def after(self) -> "Month":
        return Month.of(self.last + timedelta(1))

    @property
    def is_sane(self) -> bool:
        return EARLIEST <= self.first < LATEST

    def weeks(self) -> list[list[int]]:
        """Weeks from Monday; 0 where the month has no day."""
        return calendar.monthcalendar(self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
