"""The agenda's filters as addresses, chips, month and boxes to tick: plain links and one form."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from babel.dates import format_date, get_day_names

from agenda.models.tag import Tag
from agenda.queries.side import NodeCount
from agenda.schemas import AgendaFilter
from agenda.times import Month, weekend
from agenda.wanted import HERE, Wanted
from config.collective import Collective
from kit.i18n import _, language

MOST_CHIPS = 6


def address(asked: AgendaFilter, path: str = "/agenda", **changes: Any) -> str:
    """A page of the agenda with these filters; what is empty or usual is left out."""
    wanted, usual = msgspec.structs.replace(asked, **changes), type(asked)()
    pairs = [
        (field.encode_name, _written(value))
        for field in msgspec.structs.fields(wanted)
        if (value := getattr(wanted, field.name)) != getattr(usual, field.name)
    ]
    return path + (f"?{urlencode(pairs, doseq=True)}" if pairs else "")


def kept(asked: AgendaFilter, *without: str) -> list[tuple[str, str]]:
    """The filters as hidden fields of a form, except those that the form asks itself."""
    text = address(asked, "", page=1, cursor="").lstrip("?")
    return [(name, value) for name, value in parse_qsl(text) if name not in without]


def chips(asked: AgendaFilter, wanted: Wanted, tags: list[Tag]) -> list[tuple[str, str, bool, str]]:
    """All, today, this weekend, then the collective's tags: (label, address, current, icon)."""
    plain = msgspec.structs.replace(asked, since="", until="", month="", tag="", page=1, cursor="")
    today, days = wanted.today.isoformat(), [day.isoformat() for day in weekend(wanted.today)]
    dates = [("", "", _("All")), (today, today, _("Today")), (days[0], days[1], _("This weekend"))]
    here = (asked.since, asked.until)
    return [
        *(
            (
                label,
                address(plain, since=first, until=last),
                here == (first, last) and not asked.tag and not asked.month,
                "",
            )
            for first, last, label in dates
        ),
        *(
            (tag.name, address(plain, tag=tag.slug), asked.tag == tag.slug, tag.icon)
            for tag in tags[:MOST_CHIPS]
        ),
    ]


def month_form(asked: AgendaFilter, wanted: Wanted, busy: frozenset[str]) -> dict[str, Any]:
    """What `ui.month` reads: the month around the day shown, days with events as links."""
    month = shown_month(wanted)
    bare = msgspec.structs.replace(asked, since="", until="", month="", page=1, cursor="")
    pattern = "LLLL" if month.year == wanted.today.year else "LLLL y"
    title = format_date(month.first, pattern, locale=language())
    names = get_day_names("abbreviated", "stand-alone", locale=language())
    return {
        "title": title[:1].upper() + title[1:],
        "previous": address(bare, month=str(month.before)) if month.before.is_sane else "",
        "next": address(bare, month=str(month.after)) if month.after.is_sane else "",
        "weekdays": [names[day][:2] for day in range(7)],
        "weeks": [[_day(bare, wanted, busy, month, number) for number in week] for week in month.weeks()],
        "note": "",
    }


def shown_month(wanted: Wanted) -> Month:
    """The month of the calendar form."""
    return wanted.month or Month.of(wanted.start)


@dataclass(frozen=True)
class NodeBox:
    """A collective to tick, with its number of events to come."""

    value: str
    name: str
    shape: int
    accent: str
    events: int
    ticked: bool


def node_boxes(nodes: list[NodeCount], wanted: Wanted, house: Collective) -> list[NodeBox]:
    """Ours first; all are ticked when nobody chose."""
    return [_box(count, wanted, house) for count in nodes]


def _box(count: NodeCount, wanted: Wanted, house: Collective) -> NodeBox:
    origin = count.origin
    value = origin.host if origin else HERE
    look = (
        (origin.name, origin.pennant, origin.accent) if origin else (house.name, house.pennant, house.accent)
    )
    return NodeBox(value, *look, events=count.events, ticked=not wanted.nodes or value in wanted.nodes)


def _day(
    bare: AgendaFilter, wanted: Wanted, busy: frozenset[str], month: Month, number: int
) -> dict[str, Any]:
    if not number:
        return {"number": 0, "href": "", "label": "", "current": False, "today": False}
    day = date(month.year, month.month, number)
    text = day.isoformat()
    return {
        "number": number,
        "href": address(bare, since=text, until=text) if text in busy else "",
        "label": format_date(day, "EEEE d MMMM", locale=language()),
        "current": wanted.first == wanted.last == day or (wanted.first is None and day == wanted.today),
        "today": day == wanted.today,
    }


def _written(value: Any) -> Any:
    return "1" if value is True else value
