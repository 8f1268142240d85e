"""Bringing a database to the present shape: the steps of `migrations/`, in one transaction.

Alembic is loaded only when there is a step to take: a node that is up to date starts without it.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from kit.db.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

STEPS = Path(__file__).resolve().parent.parent.parent / "migrations"
ONE_AT_A_TIME = 7_236_118_409  # PostgreSQL's advisory lock, so that several processes may start together
STEP_NAME = re.compile(r"(\d{4})_\w+\.py")


def upgrade(database: Database) -> None:
    """Apply the steps that are missing. All or nothing; several processes may call it at once."""
    if not is_current(database):
        database.define(_upgrade)


def is_current(database: Database) -> bool:
    """Whether the database has every step that this version of the software knows."""
    with database.read() as session:
        return current(session.connection()) == head()


def current(connection: Connection) -> str | None:
    """The last step that the database has taken."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if step is None else str(step)


@cache
def head() -> str | None:
    """The last step there is: they are numbered, one line, one head."""
    names = (STEP_NAME.fullmatch(path.name) for path in (STEPS / "versions").glob("*.py"))
    return max((name.group(1) for name in names if name), default=None)


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without a file; `connection` is the open transaction to work in."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    command.upgrade(configuration(connection), "head")
