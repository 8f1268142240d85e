"""The lines between us and one neighbour, newest first, and the points that both have signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from wallet.models.village import VillageCheckpoint, VillageLine, VillageMirror

PER_PAGE: Final = 30
AT_ONCE: Final = 500
Direction = tuple[str, str, str]
"""Issuer, holder, asset."""


@dataclass(frozen=True)
class LinePage:
    """Newest first. `next`: (epoch, number) that the following page begins below, None at the end."""

    rows: Sequence[VillageLine]
    next: tuple[int, int] | None


def lines(
    session: Session, side: Direction, below: tuple[int, int] | None = None, most: int = PER_PAGE
) -> LinePage:
    """A page of one direction's lines, read by their key."""
    wanted = select(VillageLine).where(_of(side)).order_by(VillageLine.epoch.desc(), VillageLine.seq.desc())
    if below is not None:
        epoch, seq = below
        wanted = wanted.where(
            or_(VillageLine.epoch < epoch, and_(VillageLine.epoch == epoch, VillageLine.seq < seq))
        )
    found = session.scalars(wanted.limit(most + 1)).all()
    last = found[most - 1] if len(found) > most else None
    return LinePage(found[:most], (last.epoch, last.seq) if last else None)


def lines_after(session: Session, side: Direction, after: tuple[int, int], most: int) -> list[VillageLine]:
    """The same upwards: those above (epoch, number), oldest first."""
    epoch, seq = after
    above = or_(VillageLine.epoch > epoch, and_(VillageLine.epoch == epoch, VillageLine.seq > seq))
    wanted = select(VillageLine).where(_of(side), above).order_by(VillageLine.epoch, VillageLine.seq)
    return list(session.scalars(wanted.limit(most)))


def all_lines(session: Session, side: Direction) -> Iterator[VillageLine]:
    """From the first to the last, a few hundred at a time."""
    after = (0, 0)
    while found := lines_after(session, side, after, AT_ONCE):
        yield from found
        after = (found[-1].epoch, found[-1].seq)


def lines_of_days(session: Session, side: Direction, since: int, until: int, most: int) -> list[VillageLine]:
    """Those of a period (milliseconds), oldest first, the last `most` of them; read from the newest back."""
    kept: list[VillageLine] = []
    below: tuple[int, int] | None = None
    while len(kept) < most:
        found = lines(session, side, below, AT_ONCE)
        kept += [line for line in found.rows if since <= line.at < until]
        if found.next is None or found.rows[-1].at < since:
            break
        below = found.next
    return kept[:most][::-1]


def checkpoints(session: Session, side: Direction, most: int) -> Sequence[VillageCheckpoint]:
    """The last points that both signed."""
    point = VillageCheckpoint
    wanted = select(point).where(point.issuer == side[0], point.holder == side[1], point.asset == side[2])
    return session.scalars(wanted.order_by(point.epoch.desc(), point.seq.desc()).limit(most)).all()


def checkpoint_at(session: Session, side: Direction, epoch: int, seq: int) -> VillageCheckpoint | None:
    """The point of that number."""
    return session.get(VillageCheckpoint, (*side, epoch, seq))


def mirror_of(session: Session, me: str, peer: str, currency: UUID) -> VillageMirror | None:
    """Ours of that currency with that neighbour, whoever issues it."""
    pair = or_(
        and_(VillageMirror.issuer == me, VillageMirror.holder == peer),
        and_(VillageMirror.issuer == peer, VillageMirror.holder == me),
    )
    return session.scalar(select(VillageMirror).where(pair, VillageMirror.currency_id == currency))


def _of(side: Direction) -> ColumnElement[bool]:
    issuer, holder, asset = side
    return and_(VillageLine.issuer == issuer, VillageLine.holder == holder, VillageLine.asset == asset)
