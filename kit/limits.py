"""Rate limits kept in rows, so that a restart forgets none of them.

The generic cell rate algorithm: one instant per key, when everything taken so far is given back.
Keys are stored as hashes: an address or a mail never stands in the table in clear.
"""

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kit import clock
from kit.db import Base, insert
from kit.db.types import Blob
from kit.errors import TooManyRequests


class RateMark(Base):
    """What one key has taken: all of it is given back at `free_at`."""

    __tablename__ = "rate_mark"

    key: Mapped[bytes] = mapped_column(Blob, primary_key=True)
    free_at: Mapped[datetime] = mapped_column(index=True)


def take(session: Session, key: str, limit: int, per: timedelta) -> None:
    """Take one of the `limit` that `key` may have in `per`; what is taken comes back evenly with time.

    Raises TooManyRequests with `retry_after` in seconds, and then takes nothing. Give it a unit of its own
    where the rest of the unit may fail: what is undone is not counted.
    """
    now = clock.now()
    mark = _mark(session, hashlib.sha256(key.encode()).digest(), now)
    taken_until = max(mark.free_at, now) + per / limit
    if taken_until - now > per:
        seconds = max(1, math.ceil((taken_until - now - per).total_seconds()))
        raise TooManyRequests(cause=f"limit of {limit} in {per}", retry_after=seconds)
    mark.free_at = taken_until


def give_back(session: Session, key: str, limit: int, per: timedelta) -> None:
    """Give back one of what was taken: it was no misuse after all. The key's row stays locked."""
    now = clock.now()
    mark = _mark(session, hashlib.sha256(key.encode()).digest(), now)
    mark.free_at = max(now, mark.free_at - per / limit)


def forget_free(session: Session) -> None:
    """Remove the keys that have everything back."""
    session.execute(delete(RateMark).where(RateMark.free_at <= clock.now()))


def _mark(session: Session, key: bytes, now: datetime) -> RateMark:
    """The key's row, made if need be and locked: several processes may take at once."""
    session.execute(insert(session, RateMark).values(key=key, free_at=now).on_conflict_do_nothing())
    return session.scalars(select(RateMark).where(RateMark.key == key).with_for_update()).one()
