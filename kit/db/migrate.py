"""Bringing a database to the present shape: the steps of `migrations/`, in one transaction."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from kit.db.database import Database

STEPS = Path(__file__).resolve().parent.parent.parent / "migrations"
ONE_AT_A_TIME = 7_236_118_409  # PostgreSQL's advisory lock, so that several processes may start together


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
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The last step there is."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file; `connection` is the open transaction to work in."""
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    command.upgrade(configuration(connection), "head")
