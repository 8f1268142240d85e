"""Which till, and who holds it: two short reads at every request of a till."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kit.db import Question
from pos_api.models.device import TillDevice
from pos_api.models.operator import OperatorSession, TillOperator
from pos_api.principal import Device, Operator
from pos_api.proofs import hash_of

CLOCKS_DIFFER: Final = timedelta(minutes=5)
_DEVICE: Final = Question(select(
    TillDevice.id, TillDevice.name, TillDevice.series, TillDevice.points, TillDevice.public_key,
    TillDevice.is_training, TillDevice.last_seen_at, TillDevice.last_count,
).where(TillDevice.token_hash == bindparam("token"), TillDevice.revoked_at.is_(None)))  # fmt: skip
_OPERATOR: Final = Question(
    select(
        TillOperator.id, TillOperator.code, TillOperator.label, TillOperator.person_id, TillOperator.rights
    )
    .join(OperatorSession, OperatorSession.operator_id == TillOperator.id)
    .where(
        OperatorSession.token_hash == bindparam("token"),
        OperatorSession.device_id == bindparam("device"),
        OperatorSession.ended_at.is_(None),
        OperatorSession.expires_at > bindparam("now"),
        TillOperator.archived_at.is_(None),
    )
)
"""Both are asked at every request of a till."""


def device_of_token(session: Session, token: str) -> Device | None:
    """The working till of a token; None when it is unknown or revoked."""
    row = _DEVICE.row(session, token=hash_of(token))
    if row is None:
        return None
    till, name, series, points, *more = row
    return Device(till, name, series, frozenset(points), *more)


def operator_of_token(session: Session, token: str, by: Device, now: datetime) -> Operator | None:
    """Who opened `by` with this token, while it lasts; None when it opens nothing there."""
    row = _OPERATOR.row(session, token=hash_of(token), device=by.id, now=now)
    if row is None:
        return None
    person, code, label, person_id, rights = row
    return Operator(person, code, label, person_id, frozenset(rights))


def device(row: TillDevice) -> Device:
    """The row as doors know it."""
    shown = (row.public_key, row.is_training, row.last_seen_at, row.last_count)
    return Device(row.id, row.name, row.series, frozenset(row.points), *shown)


def operator(row: TillOperator) -> Operator:
    """The row as doors know it."""
    return Operator(row.id, row.code, row.label, row.person_id, frozenset(row.rights))


def operator_at(session: Session, token: str, by: Device, at: datetime) -> Operator | None:
    """Who held `by` with this token at that moment, though it may be over by now.

    A till whose clock is slow says a moment before they came: what it sold is theirs all the same.
    """
    held = session.get(OperatorSession, hash_of(token))
    if held is None or held.device_id != by.id:
        return None
    ended = min(held.expires_at, held.ended_at or held.expires_at)
    return operator(held.operator) if at <= ended + CLOCKS_DIFFER else None
