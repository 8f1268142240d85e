"""A list of events as days with their cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from babel.dates import format_date

from agenda.cards import Card, card_of
from agenda.models.event import Event
from config.collective import Collective
from kit.i18n import _, language, ngettext


@dataclass(frozen=True)
class Day:
    """One day of the agenda: its plate, its name, "Today · 3 events", its cards."""

    date: date
    title: str
    note: str
    cards: list[Card]


def by_day(events: Iterable[Event], house: Collective, today: date, now: datetime) -> list[Day]:
    """Events that are already in order, grouped by the day at their place."""
    grouped = groupby(events, key=lambda event: event.day)
    return [
        _one_day(date.fromisoformat(day), [card_of(event, house, now) for event in same], today)
        for day, same in grouped
    ]


def _one_day(day: date, cards: list[Card], today: date) -> Day:
    pattern = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
    title = format_date(day, pattern, locale=language())
    number = ngettext("{count} event", "{count} events", len(cards)).format(count=len(cards))
    return Day(
        day, title[:1].upper() + title[1:], " · ".join(filter(None, [_when(day, today), number])), cards
    )


def _when(day: date, today: date) -> str:
    far = (day - today).days
    if far in {-1, 0, 1}:
        return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}[far]
    if 1 < far < 15:
        return ngettext("In {days} day", "In {days} days", far).format(days=far)
    return ""
