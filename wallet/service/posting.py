"""The way to the ledger: inside a unit with other rows, or by itself through the hot kind.

By itself, a decline is written down and stays the answer for ever. Inside a unit it undoes the whole unit.
"""

from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from kit import clock
from kit.auth import Principal
from kit.db import Database
from kit.facts import emit
from kit.ids import new_id
from wallet.ledger.requests import AnyRequest
from wallet.ledger.shapes import Receipt, Transaction
from wallet.refusals import refusal_of
from wallet.store.decider import KIND

_REPEATED: Final = UUID("5d7f6b0e-3f0c-5b0a-9d55-0f6a3c1e9a03")


def post(session: Session, request: AnyRequest) -> Receipt:
    """Post within this unit. Raises the refusal when declined, IdConflict when the id said something else."""
    session.flush()
    decider: Any = session.info["database"].deciders[KIND]
    connection = session.connection()
    decision = decider.decide(decider.load(connection, [request]), [request], clock.now())
    for rows in decision.rows:
        rows.statement.write(connection, rows.values)
    receipt = _told(decision.outcomes[0])
    for fact in decision.facts:
        emit(session, fact)
    return receipt


def submit(database: Database, request: AnyRequest) -> Receipt:
    """Post by itself, together with whatever waits; return once it is on disk. Raises as `post`, and Busy."""
    return _told(database.submit(KIND, request))


async def asubmit(database: Database, request: AnyRequest) -> Receipt:
    """`submit` from the event loop."""
    return _told(await database.asubmit(KIND, request))


def request_id(by: Principal, key: str | None) -> UUID:
    """The same caller and key always give the same id; without a key each request is new."""
    if not key:
        return new_id()
    who = by.person_id or by.session_id or by.name
    return uuid5(_REPEATED, f"{who}\n{key}")


def _told(outcome: Transaction | Exception) -> Receipt:
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.receipt.verdict == "declined":
        raise refusal_of(outcome.receipt)
    return outcome.receipt
