"""Who holds a till: from the right PIN or staff card until the end of their sixteen hours."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kit import clock, limits
from kit.db import insert
from pos_api.models.device import PinPause
from pos_api.models.operator import SESSION_LASTS, OperatorSession, TillOperator
from pos_api.principal import Device
from pos_api.refusals import NotStaffCard, OperatorUnknown, TooManyPins

FREE_TRIES: Final = 3
FIRST_PAUSE: Final = timedelta(seconds=5)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(minutes=15)
OPENINGS: Final = (30, timedelta(minutes=15))
KEPT_FOR: Final = timedelta(days=30)


def begin_try(session: Session, device: Device, pin_mark: bytes) -> tuple[UUID, str | None] | None:
    """Count a try at this device before anyone knows whether it is right; whom the PIN may name.

    After three wrong ones each next one waits longer: 5 s, 10 s, 20 s, … 15 minutes at most. A wrong one is
    forgotten after an hour without another; a right one gives back its own try and no other, so that nobody
    guesses a colleague's PIN between two of their own. Raises TooManyPins with the seconds that are left.
    """
    now = clock.now()
    pause = _pause(session, device.id, now)
    if now - pause.free_at > FORGOTTEN_AFTER:
        pause.tries = 0
    if pause.free_at > now:
        left = int((pause.free_at - now).total_seconds()) + 1
        raise TooManyPins(retry_after=left)
    pause.tries += 1
    pause.free_at = now + _after(pause.tries)
    row = session.scalars(select(TillOperator).where(TillOperator.pin_mark == pin_mark)).one_or_none()
    return (row.id, row.pin_hash) if row and not row.is_archived else None


def give_back_try(session: Session, device: Device) -> None:
    """The PIN was right: its try counts no more, and nobody waits for it."""
    now = clock.now()
    pause = _pause(session, device.id, now)
    pause.tries, pause.free_at = max(0, pause.tries - 1), now


def open_session(session: Session, device: Device, operator_id: UUID, token_hash: bytes) -> OperatorSession:
    """The operator holds this till now; others who hold it too may go on in their turn.

    Raises OperatorUnknown, TooManyRequests (thirty openings of one operator in fifteen minutes).
    """
    operator = session.get(TillOperator, operator_id)
    if operator is None or operator.is_archived:
        raise OperatorUnknown
    limits.take(session, f"operator:{operator_id}", *OPENINGS)
    now = clock.now()
    opened = OperatorSession(
        token_hash=token_hash,
        operator_id=operator_id,
        device_id=device.id,
        begun_at=now,
        expires_at=now + SESSION_LASTS,
    )
    opened.operator = operator
    session.add(opened)
    return opened


def operator_of_card(session: Session, card_id: UUID) -> UUID:
    """Whom a staff card opens a till for. Raises NotStaffCard."""
    mine = select(TillOperator.id).where(TillOperator.card_id == card_id, TillOperator.archived_at.is_(None))
    found = session.scalar(mine)
    if found is None:
        raise NotStaffCard
    return found


def leave(session: Session, device: Device, token_hash: bytes) -> None:
    """The operator lets the till go; nothing happens when they held it no more."""
    held = session.get(OperatorSession, token_hash)
    if held is not None and held.device_id == device.id and held.ended_at is None:
        held.ended_at = clock.now()


def forget_old_sessions(session: Session) -> None:
    """Drop sessions that ended a month ago."""
    session.execute(delete(OperatorSession).where(OperatorSession.expires_at < clock.now() - KEPT_FOR))


def _pause(session: Session, device_id: UUID, now: datetime) -> PinPause:
    """The device's row, made if need be and locked: two tries at once are two tries."""
    empty = {"device_id": device_id, "tries": 0, "free_at": now}
    session.execute(insert(session, PinPause).values(**empty).on_conflict_do_nothing())
    return session.scalars(select(PinPause).where(PinPause.device_id == device_id).with_for_update()).one()


def _after(tries: int) -> timedelta:
    if tries < FREE_TRIES:
        return timedelta(0)
    doubled: int = 2 ** min(tries - FREE_TRIES, 12)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
