"""Which process wrote something, and whether it still runs: what a dead one began is anybody's to begin anew.

On SQLite one process owns the node. On PostgreSQL each holds an advisory lock under its number for as long as
its writer is connected, and the server lets go of it when the process ends, however it ends.
"""

import secrets
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session


def new_number() -> int:
    """Of a process that starts: nobody had it before."""
    return secrets.randbits(62) + 1


def hold_number(engine: Engine, number: int) -> None:
    """Let each connection of a process's writer to PostgreSQL say that it lives."""

    @event.listens_for(engine, "connect")
    def hold(connection: Any, _record: Any) -> None:
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (number,))
        connection.commit()


def runs(session: Session, number: int) -> bool:
    """Whether that process runs. The session is the writer's; the answer holds until its commit."""
    database = session.info["database"]
    if number == database.process or database.is_sqlite:
        return bool(number == database.process)
    return not session.scalar(select(func.pg_try_advisory_xact_lock(number)))
