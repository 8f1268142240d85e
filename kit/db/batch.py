"""One batch inside one transaction: every unit under its own savepoint, every hot kind in one pass.

Nobody in a batch has been answered yet, so any order would be right; this one is kept: functions in their
order of arrival, requests of a kind in theirs, and each kind decided where its first request stands.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, StatementError

from kit import clock
from kit.db.kinds import Decider, Deciders
from kit.db.troubles import named, unit_cannot_be_blamed
from kit.db.units import EFFECTS, Listeners, Settled, Unit, UnitSession
from kit.errors import Refusal
from kit.facts import emit


class BatchBroken(Exception):
    """The whole transaction is lost; the units must be run again, one by one."""


@dataclass(frozen=True, slots=True)
class Room:
    """What units find around them: the database they run in, who listens to facts, who decides hot kinds."""

    database: Any
    listeners: Listeners
    deciders: Deciders


def settle(connection: Connection, units: Sequence[Unit], room: Room) -> Settled:
    """Run `units` in the open transaction. Raises when the transaction as a whole cannot be saved."""
    settled = Settled()
    for step in in_steps(units):
        if step[0].kind:
            _decide(connection, step, room, settled)
        else:
            _run_function(connection, step[0], room, settled)
    return settled


def in_steps(units: Sequence[Unit]) -> list[list[Unit]]:
    """Group requests of one kind at the place of the first; each function unit alone."""
    steps: list[list[Unit]] = []
    kinds: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.kind in kinds:
            kinds[unit.kind].append(unit)
            continue
        steps.append([unit])
        if unit.kind:
            kinds[unit.kind] = steps[-1]
    return steps


def _run_function(connection: Connection, unit: Unit, room: Room, settled: Settled) -> None:
    session = _open_session(connection, room)
    try:
        answer = unit.context.run(_run_and_keep, session, unit)
    except BaseException as error:
        settled.answers.append((unit, _drop(connection, session, error)))
    else:
        settled.answers.append((unit, answer))
        settled.effects.extend(session.info[EFFECTS])
    finally:
        with suppress(Exception):  # what broke has been said already
            session.close()


def _open_session(connection: Connection, room: Room) -> UnitSession:
    info = {"database": room.database, "listeners": room.listeners, EFFECTS: []}
    return UnitSession(
        bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False, info=info
    )


def _run_and_keep(session: UnitSession, unit: Unit) -> Any:
    if unit.run is None:
        raise TypeError("a unit without a kind needs a function")
    answer = unit.run(session)
    session.keep()
    return answer


def _drop(connection: Connection, session: UnitSession, error: BaseException) -> BaseException:
    """Undo one unit. Raises when the error is the transaction's rather than the unit's."""
    if isinstance(error, DBAPIError) and unit_cannot_be_blamed(error):
        raise error
    try:
        session.drop()
    except Exception as trouble:
        raise BatchBroken("a savepoint is lost") from trouble
    if not is_open(connection):
        raise BatchBroken("the database ended the transaction") from error
    return _plain(error)


def is_open(connection: Connection) -> bool:
    """Whether SQLite still has the transaction open; it ends one by itself on a full disk, for instance."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", True))


def _plain(error: BaseException) -> BaseException:
    """The refusal that a column type raised, taken out of SQLAlchemy's wrapping."""
    if isinstance(error, StatementError) and isinstance(error.orig, Refusal):
        return error.orig
    return named(error)


def _decide(connection: Connection, units: list[Unit], room: Room, settled: Settled) -> None:
    decider: Decider[Any, Any, Any] = room.deciders[units[0].kind]
    requests = [unit.request for unit in units]
    decision = decider.decide(decider.load(connection, requests), requests, clock.now())
    if len(decision.outcomes) != len(units):
        raise BatchBroken(f"kind {units[0].kind} gave {len(decision.outcomes)} outcomes for {len(units)}")
    for rows in decision.rows:
        rows.statement.write(connection, rows.values)
    _tell(connection, [fact for fact in decision.facts if type(fact) in room.listeners], room, settled)
    settled.answers.extend(zip(units, decision.outcomes, strict=True))
    settled.effects.extend(decision.effects)


def _tell(connection: Connection, facts: Sequence[object], room: Room, settled: Settled) -> None:
    """Let listeners hear; one that fails takes the whole batch with it, and is found when it is run alone."""
    if not facts:
        return
    with _open_session(connection, room) as session:
        for fact in facts:
            emit(session, fact)
        session.keep()
        settled.effects.extend(session.info[EFFECTS])
