"""What someone wants to see of the agenda: an address's filters made plain and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from agenda.schemas import AgendaFilter
from agenda.times import Month, is_zone, local_day
from agenda.words import search_words
from kit.errors import Invalid
from kit.i18n import _

HERE = "here"


@dataclass(frozen=True)
class Wanted:
    """A selection of the agenda. Days are inclusive; `nodes` are hosts, HERE for our own; empty means all."""

    today: date
    now: datetime
    first: date | None = None
    last: date | None = None
    words: Sequence[str] = ()
    tag: str = ""
    place: str = ""
    nodes: frozenset[str] = frozenset()
    free: bool = False
    accessible: bool = False
    month: Month | None = field(default=None, compare=False)

    @property
    def start(self) -> date:
        """The first day shown: what was asked, else today."""
        return self.first or self.today

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the dates is asked for."""
        return bool(self.words or self.tag or self.place or self.nodes or self.free or self.accessible)

    @property
    def is_plain(self) -> bool:
        """Whether nothing at all is asked for: the agenda as it comes."""
        return not self.is_narrow and self.first is None and self.last is None


def read_wanted(asked: AgendaFilter, now: datetime, timezone: str, own_host: str) -> Wanted:
    """The selection that a query string asks for. Raises Invalid naming `from`, `to` or `month`."""
    first, last = _day("from", asked.since, timezone), _day("to", asked.until, timezone)
    month = Month.read(asked.month) if asked.month else None
    if asked.month and (month is None or not month.is_sane):
        raise Invalid(fields={"month": _("I write a month as 2026-11.")})
    if first and last and last < first:
        raise Invalid(fields={"to": _("The last day comes after the first day.")})
    if month and not first and not last:
        first, last = max(month.first, local_day(now, timezone)), month.last
    return Wanted(
        today=local_day(now, timezone if is_zone(timezone) else "UTC"),
        now=now,
        first=first,
        last=last,
        words=search_words(asked.q),
        tag=asked.tag,
        place=asked.place,
        nodes=frozenset(_host(node, own_host) for node in asked.node),
        free=asked.free,
        accessible=asked.accessible,
        month=month,
    )


def _day(field_name: str, text: str, timezone: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(fields={field_name: _("I write a day as 2026-11-21.")}) from None
    if not 2000 <= day.year < 2100:
        raise Invalid(fields={field_name: _("I check the year.")})
    return day


def _host(node: str, own_host: str) -> str:
    """A node may be named by its host or by its address."""
    host = node.strip().lower().split("://")[-1].split("/")[0]
    return HERE if host in {HERE, own_host} else host
