"""Movements as a person reads them: by day, one block for each visit, a row for each currency that moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from kit.i18n import Lazy
from wallet.pages.my_words import ASIDE, RECEIVED, SETTLED, VERBS
from wallet.pages.office_words import MOVE_ICONS
from wallet.queries.balances import HistoryLine

PAID = frozenset({"spend", "capture"})


@dataclass(frozen=True)
class Move:
    """One movement: a place or a verb as title, the hour and the rest below, a line for each currency."""

    at: datetime
    icon: str
    title: Lazy | str
    more: Sequence[Lazy | str]
    state: str
    lines: Sequence[HistoryLine] = field(default=())

    @property
    def first(self) -> HistoryLine:
        return self.lines[0]


@dataclass(frozen=True)
class Day:
    """A day of the collective, and what moved on it."""

    at: datetime
    moves: Sequence[Move]


@dataclass(frozen=True)
class Reader:
    """What one needs to know to tell lines: the house's name and zone, earned currencies, settled amounts."""

    house: str
    zone: str
    earned: Collection[UUID] = ()
    settled: Collection[UUID] = ()

    def days(self, lines: Sequence[HistoryLine]) -> list[Day]:
        """Newest first, as `lines` are."""
        moves = [self._move(list(group)) for _id, group in groupby(lines, key=lambda line: line.tx_id)]
        return [Day(found[0].at, found) for found in _by_day(moves, ZoneInfo(self.zone))]

    def _move(self, lines: list[HistoryLine]) -> Move:
        first = lines[0]
        where = " · ".join(dict.fromkeys(part for part in (first.point, first.place) if part))
        verb, state = self._verb(first), self._state(first)
        is_paid = first.kind in PAID
        title, said = (where or self.house, verb) if is_paid else (verb, where)
        more = [part for part in (said, ", ".join(first.labels), first.reason) if part]
        icon = "hourglass" if state else MOVE_ICONS.get(first.kind, "receipt")
        return Move(first.at, icon, title, more, state, lines)

    def _verb(self, line: HistoryLine) -> Lazy | str:
        if line.is_pending:
            return SETTLED if line.tx_id in self.settled else ASIDE
        if line.kind == "top_up" and line.currency_id in self.earned:
            return RECEIVED
        return VERBS.get(line.kind, line.kind)

    def _state(self, line: HistoryLine) -> str:
        if not line.is_pending:
            return ""
        return "settled" if line.tx_id in self.settled else "aside"


def _by_day(moves: Sequence[Move], zone: ZoneInfo) -> list[list[Move]]:
    def day(move: Move) -> date:
        return move.at.astimezone(zone).date()

    return [list(group) for _day, group in groupby(moves, key=day)]
