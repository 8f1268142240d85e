"""Writes how attempts went, many in one unit: what was sent, what waits until when, which origins fail."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from federation.delivery.due import villagers_among
from federation.delivery.posting import Attempt
from federation.delivery.rules import (
    PROBE_AFTER,
    PROBE_VILLAGER_AFTER,
    Circuit,
    blames_origin,
    verdict,
    wait_before,
)
from federation.models.origins import OriginState
from federation.models.outbox import DROPPED, SENT, WAITING, Delivery, OutboxActivity
from kit import clock

_SETTLE: Final = (
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(Delivery.seq == bindparam("at_seq"))
    .values(
        state=bindparam("to_state"),
        last_error=bindparam("error"),
        settled_at=bindparam("at"),
        attempts=Delivery.attempts + 1,
    )
)
_SEALED: Final = (
    update(OutboxActivity.__table__)  # type: ignore[arg-type]
    .where(OutboxActivity.id == bindparam("at_id"))
    .values(sealed=bindparam("bytes"))
)


@dataclass(frozen=True)
class Batch:
    """Attempts to write, bodies that were sealed for them, and origins whose row is due anyway."""

    attempts: Sequence[Attempt]
    sealed: Mapping[uuid.UUID, bytes]
    to_note: frozenset[str]


def write_batch(session: Session, batch: Batch) -> None:
    """Everything in one unit; written again after a crash, it would say the same."""
    now = clock.now()
    if batch.sealed:
        rows = [{"at_id": one, "bytes": body} for one, body in batch.sealed.items()]
        session.connection().execute(_SEALED, rows)
    settled = [row for attempt in batch.attempts if (row := _settled(attempt, now))]
    if settled:
        session.connection().execute(_SETTLE, settled)
    for attempt in batch.attempts:
        if verdict(attempt.status) == "later":
            _put_off(session, attempt, now)
    _note_origins(session, [one for one in batch.attempts if not _is_news_of_nothing(one, batch)], now)


def heard_from(session: Session, origin: str) -> None:
    """A message came from there: it lives, and knows us. Its circuit closes, what waits for it is due now."""
    state = session.get(OriginState, origin)
    if state is not None:
        state.failures, state.failing_since, state.open_until = 0, None, None
    _due_now(session, origin, clock.now())


def failing_origins(session: Session) -> Sequence[str]:
    """Origins whose last attempts failed."""
    return session.scalars(select(OriginState.origin).where(OriginState.failures > 0)).all()


def forget_settled(session: Session, older_than: timedelta) -> None:
    """Remove deliveries settled long ago, and origins that nothing was sent to for as long."""
    before = clock.now() - older_than
    session.execute(delete(Delivery).where(Delivery.state != WAITING, Delivery.settled_at < before))
    session.execute(delete(OriginState).where(OriginState.touched_at < before))


def _settled(attempt: Attempt, now: datetime) -> dict[str, Any] | None:
    said = verdict(attempt.status)
    if said == "later" and now < attempt.owed.give_up_at:
        return None
    state = SENT if said == "sent" else DROPPED
    error = attempt.error if said != "later" else f"gave up after {attempt.error}"
    return {"at_seq": attempt.owed.seq, "to_state": state, "error": error, "at": now}


def _put_off(session: Session, attempt: Attempt, now: datetime) -> None:
    """This one later, and nothing of the same order key before it."""
    owed = attempt.owed
    until = now + wait_before(owed.attempts + 1, attempt.retry_after)
    session.execute(
        update(Delivery)
        .where(Delivery.seq == owed.seq, Delivery.state == WAITING)
        .values(attempts=Delivery.attempts + 1, last_error=attempt.error, next_at=until)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.inbox == owed.inbox, Delivery.order_key == owed.order_key)
        .where(Delivery.state == WAITING, Delivery.next_at < until)
        .values(next_at=until)
    )


def _is_news_of_nothing(attempt: Attempt, batch: Batch) -> bool:
    """Sent, as before, to an origin that was well."""
    owed = attempt.owed
    is_well = verdict(attempt.status) == "sent" and owed.failures == 0 and owed.style == attempt.style
    return is_well and owed.origin not in batch.to_note


def _note_origins(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Once per origin; a success among failures says that it lives."""
    by_origin: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_origin.setdefault(attempt.owed.origin, []).append(attempt)
    for name, its in by_origin.items():
        _note_origin(session, name, its, now)


def _note_origin(session: Session, name: str, attempts: Sequence[Attempt], now: datetime) -> None:
    style = next((attempt.style for attempt in reversed(attempts) if attempt.style), None)
    failures = sum(1 for attempt in attempts if blames_origin(attempt.status))
    state = session.get(OriginState, name) or _new_state(name, now)
    if style is not None:
        state.style, state.last_sent_at = style, now
    state.touched_at = now
    session.add(state)
    if len(attempts) > failures:
        _close(session, state, now)
    else:
        _count(session, state, failures, now)


def _count(session: Session, state: OriginState, failures: int, now: datetime) -> None:
    circuit = Circuit(state.failures, state.failing_since, state.open_until)
    probe_after = PROBE_VILLAGER_AFTER if villagers_among(session, [state.origin]) else PROBE_AFTER
    for _ in range(failures):
        circuit = circuit.failed(now, probe_after)
    state.failures, state.failing_since = circuit.failures, circuit.failing_since
    state.open_until = circuit.open_until
    if circuit.open_until is not None:
        session.execute(
            update(Delivery)
            .where(Delivery.origin == state.origin, Delivery.state == WAITING)
            .where(Delivery.next_at < circuit.open_until)
            .values(next_at=circuit.open_until)
        )


def _close(session: Session, state: OriginState, now: datetime) -> None:
    if not state.failures:
        return
    state.failures, state.failing_since, state.open_until = 0, None, None
    _due_now(session, state.origin, now)


def _due_now(session: Session, origin: str, now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.origin == origin, Delivery.state == WAITING, Delivery.next_at > now)
        .values(next_at=now)
    )


def _new_state(name: str, now: datetime) -> OriginState:
    return OriginState(
        origin=name,
        style="",
        failures=0,
        failing_since=None,
        open_until=None,
        last_sent_at=None,
        touched_at=now,
    )
