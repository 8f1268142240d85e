"""Which till, and who holds it: two short reads at every request of a till."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from pos_api.models.device import TillDevice
from pos_api.models.operator import OperatorSession, TillOperator
from pos_api.principal import Device, Operator
from pos_api.proofs import hash_of

CLOCKS_DIFFER: Final = timedelta(minutes=5)
_DEVICE: Final = select(
    TillDevice.id, TillDevice.name, TillDevice.series, TillDevice.points, TillDevice.public_key,
    TillDevice.is_training, TillDevice.last_seen_at, TillDevice.last_count,
).where(TillDevice.token_hash == bindparam("token"), TillDevice.revoked_at.is_(None))  # fmt: skip
_OPERATOR: Final = (
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
"""Put together once, and read past the toolkit's objects: they are asked at every request of a till."""


def device_of_token(session: Session, token: str) -> Device | None:
    """The working till of a token; None when it is unknown or revoked."""
    row = session.connection().execute(_DEVICE, {"token": hash_of(token)}).one_or_none()
    return device(row) if row else None


def operator_of_token(session: Session, token: str, by: Device, now: datetime) -> Operator | None:
    """Who opened `by` with this token, while it lasts; None when it opens nothing there."""
    asked = {"token": hash_of(token), "device": by.id, "now": now}
    row = session.connection().execute(_OPERATOR, asked).one_or_none()
    return operator(row) if row else None


def device(row: TillDevice | Row[*tuple[Any, ...]]) -> Device:
    """The row as doors know it."""
    return Device(
        id=row.id,
        name=row.name,
        series=row.series,
        points=frozenset(row.points),
        public_key=row.public_key,
        is_training=row.is_training,
        last_seen_at=row.last_seen_at,
        last_count=row.last_count,
    )


def operator(row: TillOperator | Row[*tuple[Any, ...]]) -> Operator:
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
