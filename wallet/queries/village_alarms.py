"""Alarms: what a person must look at, those that nobody has seen first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wallet.models.village import VillageAlarm

PER_PAGE: Final = 30


@dataclass(frozen=True)
class AlarmPage:
    """Newest first; `next` is the `before` of the following page."""

    rows: Sequence[VillageAlarm]
    next: int | None


def unseen(session: Session, most: int = PER_PAGE) -> Sequence[VillageAlarm]:
    """Those that nobody looked at, newest first: read by a partial index."""
    wanted = select(VillageAlarm).where(VillageAlarm.seen_at.is_(None))
    return session.scalars(wanted.order_by(VillageAlarm.number.desc()).limit(most)).all()


def count_unseen(session: Session) -> dict[str, int]:
    """How many, by neighbour."""
    wanted = select(VillageAlarm.peer, func.count()).where(VillageAlarm.seen_at.is_(None))
    return {row[0]: row[1] for row in session.execute(wanted.group_by(VillageAlarm.peer))}


def alarms(session: Session, *, is_all: bool, before: int | None = None) -> AlarmPage:
    """A page of all, or of those that nobody has seen."""
    wanted = select(VillageAlarm).order_by(VillageAlarm.number.desc())
    if not is_all:
        wanted = wanted.where(VillageAlarm.seen_at.is_(None))
    if before is not None:
        wanted = wanted.where(VillageAlarm.number < before)
    found = session.scalars(wanted.limit(PER_PAGE + 1)).all()
    last = found[PER_PAGE - 1].number if len(found) > PER_PAGE else None
    return AlarmPage(found[:PER_PAGE], last)


def payment_named(alarm: VillageAlarm) -> UUID | None:
    """The payment that an alarm is about, when its place is one; the first of several."""
    return _id_in(alarm.place)


def last_payment_named(alarm: VillageAlarm) -> UUID | None:
    """The same of the last time that it happened."""
    return _id_in(alarm.last_place or "")


def _id_in(place: str) -> UUID | None:
    try:
        return UUID(place)
    except ValueError:
        return None
