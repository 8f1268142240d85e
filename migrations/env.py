"""What Alembic runs: the open connection is given by kit.db.migrate or by migrations.steps."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from kit.db import Base, types
from migrations.operations import add_triggers


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as `types.Uuid()`; leave the rest to Alembic."""
    if kind == "type" and type(item).__module__ == types.__name__:
        return f"types.{type(item).__name__}()"
    return False


def is_wanted(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave out the tables that this step is not about."""
    tables = context.config.attributes.get("tables")
    return tables is None or kind != "table" or name in tables


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render,
        include_object=is_wanted,
        compare_type=True,
        process_revision_directives=add_triggers,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
